package iotcore

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/stretchr/testify/require"
)

// testCA is an authority that a customer brings.
type testCA struct {
	t    *testing.T
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	pem  *string
}

func newTestCA(t *testing.T, name string) *testCA {
	ca := &testCA{t: t}
	ca.key = ca.newKey()
	ca.issue(name)
	return ca
}

// issue makes the authority's own certificate.
func (ca *testCA) issue(name string) {
	template := ca.template(pkix.Name{CommonName: name})
	template.IsCA, template.BasicConstraintsValid, template.KeyUsage = true, true, x509.KeyUsageCertSign
	der, err := x509.CreateCertificate(rand.Reader, template, template, ca.key.Public(), ca.key)
	require.NoError(ca.t, err)
	ca.cert, err = x509.ParseCertificate(der)
	require.NoError(ca.t, err)
	ca.pem = pemOf(der)
}

func pemOf(der []byte) *string {
	return aws.String(string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})))
}

func (ca *testCA) newKey() *ecdsa.PrivateKey {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(ca.t, err)
	return key
}

func (ca *testCA) template(subject pkix.Name) *x509.Certificate {
	serial, err := rand.Int(rand.Reader, big.NewInt(1<<62))
	require.NoError(ca.t, err)
	return &x509.Certificate{SerialNumber: serial, Subject: subject, NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour)}
}

// sign makes a certificate with its key, and the certificate in PEM.
func (ca *testCA) sign(subject pkix.Name) (tls.Certificate, *string) {
	key := ca.newKey()
	der, err := x509.CreateCertificate(rand.Reader, ca.template(subject), ca.cert, key.Public(), ca.key)
	require.NoError(ca.t, err)
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, pemOf(der)
}

func named(name string) pkix.Name { return pkix.Name{CommonName: name} }

// register registers the authority with proof, ACTIVE unless change says otherwise.
func (ca *testCA) register(c *iot.Client, change func(*iot.RegisterCACertificateInput)) (id *string) {
	ctx := context.Background()
	code, err := c.GetRegistrationCode(ctx, &iot.GetRegistrationCodeInput{})
	require.NoError(ca.t, err)
	_, proof := ca.sign(named(*code.RegistrationCode))
	in := &iot.RegisterCACertificateInput{CaCertificate: ca.pem, VerificationCertificate: proof, SetAsActive: true, AllowAutoRegistration: true}
	if change != nil {
		change(in)
	}
	out, err := c.RegisterCACertificate(ctx, in)
	require.NoError(ca.t, err)
	return out.CertificateId
}
