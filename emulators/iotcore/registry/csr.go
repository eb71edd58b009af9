package registry

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
)

// CreateFromCSRInput is the request of CreateCertificateFromCsr.
type CreateFromCSRInput struct {
	CSR         string `json:"certificateSigningRequest"`
	SetAsActive bool   `json:"-" query:"setAsActive"`
}

// CreateFromCSROutput is its answer.
type CreateFromCSROutput struct {
	CertificateArn string `json:"certificateArn"`
	CertificateID  string `json:"certificateId"`
	CertificatePem string `json:"certificatePem"`
}

// minRSA: https://docs.aws.amazon.com/iot/latest/apireference/API_CreateCertificateFromCsr.html
const minRSA = 2048

// CreateCertificateFromCSR signs the key of a certificate signing request, whose
// own signature must be good. Its subject is not taken over.
func (s *State) CreateCertificateFromCSR(_ context.Context, in *CreateFromCSRInput) (*CreateFromCSROutput, error) {
	key, err := requestedKey(in.CSR)
	if err != nil {
		return nil, err
	}
	c, err := s.issue(key, in.SetAsActive)
	if err != nil {
		return nil, err
	}
	return &CreateFromCSROutput{s.certificateARN(c.id), c.id, c.pem()}, nil
}

// requestedKey is the key that a certificate signing request asks a certificate for.
func requestedKey(text string) (crypto.PublicKey, error) {
	block, _ := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE REQUEST" {
		return nil, invalid("certificateSigningRequest holds no PEM certificate request")
	}
	request, err := x509.ParseCertificateRequest(block.Bytes)
	if err == nil {
		err = request.CheckSignature()
	}
	if err != nil {
		return nil, invalid("the certificate signing request is not good: %s", err)
	}
	switch key := request.PublicKey.(type) {
	case *ecdsa.PublicKey:
	case *rsa.PublicKey:
		if key.N.BitLen() < minRSA {
			return nil, invalid("an RSA key has at least %d bits, not %d", minRSA, key.N.BitLen())
		}
	default:
		return nil, invalid("a key of %s is not supported", request.PublicKeyAlgorithm)
	}
	return request.PublicKey, nil
}
