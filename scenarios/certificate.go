package scenarios

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"math/big"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	iottypes "github.com/aws/aws-sdk-go-v2/service/iot/types"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// AddCertificate registers a certificate of the simulator's own making for a
// thing, valid until then, as one of a customer's device is
// (RegisterCertificateWithoutCA), attached to the thing and the fleet's policy.
func (w *World) AddCertificate(ctx context.Context, thing string, until time.Time) (*Identity, error) {
	certPEM, keyPEM, err := selfSigned(thing, until)
	if err != nil {
		return nil, fmt.Errorf("certificate of %s: %w", thing, err)
	}
	made, err := iot.NewFromConfig(w.AWS).RegisterCertificateWithoutCA(ctx, &iot.RegisterCertificateWithoutCAInput{
		CertificatePem: aws.String(string(certPEM)), Status: iottypes.CertificateStatusActive})
	if err != nil {
		return nil, fmt.Errorf("register a certificate of %s: %w", thing, err)
	}
	arn := aws.ToString(made.CertificateArn)
	if err := w.attach(ctx, thing, arn); err != nil {
		return nil, err
	}
	return fromPEM(thing, arn, certPEM, keyPEM)
}

// attach gives a certificate to a thing and the fleet's policy to the certificate.
func (w *World) attach(ctx context.Context, thing, arn string) error {
	control := iot.NewFromConfig(w.AWS)
	if _, err := control.AttachPolicy(ctx, &iot.AttachPolicyInput{PolicyName: aws.String(w.Pipeline.Policy), Target: &arn}); err != nil {
		return fmt.Errorf("attach the policy of %s: %w", thing, err)
	}
	if _, err := control.AttachThingPrincipal(ctx, &iot.AttachThingPrincipalInput{ThingName: &thing, Principal: &arn}); err != nil {
		return fmt.Errorf("attach the certificate of %s: %w", thing, err)
	}
	return nil
}

func selfSigned(name string, until time.Time) (certPEM, keyPEM []byte, err error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return nil, nil, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: until,
		KeyUsage: x509.KeyUsageDigitalSignature, ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, registry.SameLength(key))
	if err != nil {
		return nil, nil, err
	}
	secret, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return nil, nil, err
	}
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}),
		pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: secret}), nil
}
