package registry

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"net"
	"time"
)

// Authority is a certificate authority of one cloud: it signs the broker's own
// certificate and those of devices.
type Authority struct {
	certificate *x509.Certificate
	secret      *ecdsa.PrivateKey
	key         crypto.Signer // the same, of one length
	pem         []byte
}

func newAuthority(certificate *x509.Certificate, secret *ecdsa.PrivateKey) *Authority {
	return &Authority{
		certificate: certificate, secret: secret, key: SameLength(secret), pem: encodePEM("CERTIFICATE", certificate.Raw),
	}
}

// notAfter is the end of every certificate that AWS IoT issues.
// https://docs.aws.amazon.com/iot/latest/developerguide/device-certs-create.html
var notAfter = time.Date(2049, 12, 31, 23, 59, 59, 0, time.UTC)

// backdate lets clients with a slow clock accept a new certificate.
const backdate = time.Hour

// NewAuthority makes a self-signed P-256 authority, valid from an hour ago.
func NewAuthority() (*Authority, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, fmt.Errorf("authority key: %w", err)
	}
	template, err := newTemplate("Shakedown IoT Root CA")
	if err != nil {
		return nil, err
	}
	template.IsCA = true
	template.BasicConstraintsValid = true
	template.KeyUsage = x509.KeyUsageCertSign | x509.KeyUsageDigitalSignature
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), SameLength(key))
	if err != nil {
		return nil, fmt.Errorf("authority certificate: %w", err)
	}
	certificate, err := x509.ParseCertificate(der)
	if err != nil {
		return nil, fmt.Errorf("authority certificate: %w", err)
	}
	return newAuthority(certificate, key), nil
}

// PEM is the authority's certificate: what devices trust.
func (a *Authority) PEM() []byte { return append([]byte(nil), a.pem...) }

// Server makes a TLS certificate for a server of these host names and IP
// addresses.
func (a *Authority) Server(hosts ...string) (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("server key: %w", err)
	}
	template, err := newTemplate("Shakedown IoT endpoint")
	if err != nil {
		return tls.Certificate{}, err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
	for _, h := range hosts {
		if ip := net.ParseIP(h); ip != nil {
			template.IPAddresses = append(template.IPAddresses, ip)
		} else if h != "" {
			template.DNSNames = append(template.DNSNames, h)
		}
	}
	der, err := x509.CreateCertificate(rand.Reader, template, a.certificate, key.Public(), a.key)
	if err != nil {
		return tls.Certificate{}, fmt.Errorf("server certificate: %w", err)
	}
	// Without the authority's own, which clients have: it would be in the buffers of
	// every connection.
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: SameLength(key)}, nil
}

// device signs a client certificate for a public key.
func (a *Authority) device(public crypto.PublicKey) ([]byte, error) {
	// AWS IoT Certificate is the subject of every certificate AWS issues.
	template, err := newTemplate("AWS IoT Certificate")
	if err != nil {
		return nil, err
	}
	template.KeyUsage = x509.KeyUsageDigitalSignature
	template.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth}
	return x509.CreateCertificate(rand.Reader, template, a.certificate, public, a.key)
}

func newTemplate(name string) (*x509.Certificate, error) {
	serial, err := newSerial()
	if err != nil {
		return nil, err
	}
	return &x509.Certificate{
		SerialNumber: serial,
		Subject:      pkix.Name{CommonName: name},
		NotBefore:    time.Now().Add(-backdate).UTC(),
		NotAfter:     notAfter,
	}, nil
}

func encodePEM(kind string, der []byte) []byte {
	return pem.EncodeToMemory(&pem.Block{Type: kind, Bytes: der})
}
