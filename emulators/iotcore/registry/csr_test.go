package registry

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/pem"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestCreateCertificateFromCSR(t *testing.T) {
	s := newState(t)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	require.NoError(t, err)
	out, err := s.CreateCertificateFromCSR(ctx, &CreateFromCSRInput{CSR: string(encodePEM("CERTIFICATE REQUEST", der)), SetAsActive: true})
	require.NoError(t, err)
	block, _ := pem.Decode([]byte(out.CertificatePem))
	signed, err := x509.ParseCertificate(block.Bytes)
	require.NoError(t, err)
	require.True(t, key.PublicKey.Equal(signed.PublicKey))
	require.NoError(t, signed.CheckSignatureFrom(s.config.Authority.certificate))
	der[len(der)-1] ^= 1
	for _, csr := range []string{"", out.CertificatePem, string(encodePEM("CERTIFICATE REQUEST", der))} {
		_, err = s.CreateCertificateFromCSR(ctx, &CreateFromCSRInput{CSR: csr})
		requireCode(t, err, codeInvalid)
	}
}
