package scenarios

import (
	"context"
	"crypto/ecdsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/sim/memnet"
)

// Identity is a thing's certificate and key, ready to dial with.
type Identity struct {
	Thing          string
	CertificateARN string
	pair           registry.Pair
}

// CertificateID is the id in the certificate's ARN.
func (id *Identity) CertificateID() string {
	_, name, _ := strings.Cut(id.CertificateARN, ":cert/")
	return name
}

// fromPEM is the identity of a certificate and a PKCS #8 or PKCS #1 key in PEM.
func fromPEM(thing, arn string, certPEM, keyPEM []byte) (*Identity, error) {
	certificate, _ := pem.Decode(certPEM)
	key, _ := pem.Decode(keyPEM)
	if certificate == nil || key == nil {
		return nil, fmt.Errorf("certificate of %s: it or its key is not PEM", thing)
	}
	secret := key.Bytes
	if key.Type == "RSA PRIVATE KEY" { // as CreateKeysAndCertificate makes them
		rsa, err := x509.ParsePKCS1PrivateKey(secret)
		if err != nil {
			return nil, fmt.Errorf("key of %s: %w", thing, err)
		}
		if secret, err = x509.MarshalPKCS8PrivateKey(rsa); err != nil {
			return nil, fmt.Errorf("key of %s: %w", thing, err)
		}
	}
	return &Identity{thing, arn, registry.Pair{Certificate: certificate.Bytes, Key: secret}}, nil
}

// certificate is what a handshake presents. It is made anew for each: kept, the
// parsed keys of a large fleet would take more room than its connections.
func (id *Identity) certificate() (*tls.Certificate, error) {
	key, err := x509.ParsePKCS8PrivateKey(id.pair.Key)
	if err != nil {
		return nil, fmt.Errorf("key of %s: %w", id.Thing, err)
	}
	c := &tls.Certificate{Certificate: [][]byte{id.pair.Certificate}, PrivateKey: key}
	if secret, ok := key.(*ecdsa.PrivateKey); ok {
		c.PrivateKey = registry.SameLength(secret)
	}
	return c, nil
}

// presented is the key of the identity in a handshake's context.
type presented struct{}

// clientTLS is the one TLS configuration of all devices, which trust an authority:
// each shows the certificate that its handshake's context has.
func (w *World) clientTLS(authority []byte) *tls.Config {
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority)
	return &tls.Config{
		RootCAs: roots, ServerName: hostOf(w.options.BrokerAddr), MinVersion: tls.VersionTLS12,
		CurvePreferences: []tls.CurveID{tls.X25519}, // see iotcore
		GetClientCertificate: func(info *tls.CertificateRequestInfo) (*tls.Certificate, error) {
			id, _ := info.Context().Value(presented{}).(*Identity)
			if id == nil {
				return &tls.Certificate{}, nil
			}
			return id.certificate()
		},
	}
}

// handshakeTimeout bounds a TLS handshake.
const handshakeTimeout = 10 * time.Second

// Secure does the mTLS handshake of an identity over a link; nil is a client
// without a certificate.
func (w *World) Secure(ctx context.Context, id *Identity, link Link) (net.Conn, error) {
	conn, err := link(ctx)
	if err != nil {
		return nil, err
	}
	secured := tls.Client(memnet.NewPatient(conn), w.clients)
	ctx, cancel := context.WithTimeout(context.WithValue(ctx, presented{}, id), handshakeTimeout)
	defer cancel()
	if err := secured.HandshakeContext(ctx); err != nil {
		conn.Close()
		return nil, fmt.Errorf("tls handshake: %w", err)
	}
	return secured, nil
}
