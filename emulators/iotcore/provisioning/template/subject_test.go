package template

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestSubject: the eight parameters of
// https://docs.aws.amazon.com/iot/latest/developerguide/jit-provisioning.html
func TestSubject(t *testing.T) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	template := &x509.Certificate{SerialNumber: big.NewInt(99), Subject: pkix.Name{
		CommonName: "cn", Country: []string{"NO"}, Organization: []string{"o"}, OrganizationalUnit: []string{"ou", "second"}, Province: []string{"st"},
		SerialNumber: "sn", ExtraNames: []pkix.AttributeTypeAndValue{{Type: asn1.ObjectIdentifier{2, 5, 4, 46}, Value: "dnq"}},
	}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	require.NoError(t, err)
	cert, err := x509.ParseCertificate(der)
	require.NoError(t, err)
	require.Equal(t, map[string]string{
		"AWS::IoT::Certificate::Country": "NO", "AWS::IoT::Certificate::Organization": "o", "AWS::IoT::Certificate::OrganizationalUnit": "ou",
		"AWS::IoT::Certificate::DistinguishedNameQualifier": "dnq", "AWS::IoT::Certificate::StateName": "st", "AWS::IoT::Certificate::CommonName": "cn",
		"AWS::IoT::Certificate::SerialNumber": "sn", "AWS::IoT::Certificate::Id": "id",
	}, Subject(cert, "id"))
}
