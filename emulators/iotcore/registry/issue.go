package registry

import (
	"context"
	"crypto"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"fmt"
)

// CreateKeysInput is the request of CreateKeysAndCertificate.
type CreateKeysInput struct {
	SetAsActive bool `json:"-" query:"setAsActive"`
}

// KeyPair is a new pair of keys in PEM.
type KeyPair struct {
	PublicKey  string `json:"PublicKey"`
	PrivateKey string `json:"PrivateKey"`
}

// CreateKeysOutput is the answer of CreateKeysAndCertificate: the only time the
// private key is shown.
type CreateKeysOutput struct {
	CertificateArn string  `json:"certificateArn"`
	CertificateID  string  `json:"certificateId"`
	CertificatePem string  `json:"certificatePem"`
	KeyPair        KeyPair `json:"keyPair"`
}

// CreateKeysAndCertificate makes an RSA 2048 key pair and a certificate for it.
func (s *State) CreateKeysAndCertificate(_ context.Context, in *CreateKeysInput) (*CreateKeysOutput, error) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		return nil, fmt.Errorf("create keys and certificate: %w", err)
	}
	public, err := x509.MarshalPKIXPublicKey(key.Public())
	if err != nil {
		return nil, fmt.Errorf("create keys and certificate: %w", err)
	}
	c, err := s.issue(key.Public(), in.SetAsActive)
	if err != nil {
		return nil, err
	}
	return &CreateKeysOutput{
		CertificateArn: s.certificateARN(c.id), CertificateID: c.id, CertificatePem: c.pem(),
		KeyPair: KeyPair{
			PublicKey:  string(encodePEM("PUBLIC KEY", public)),
			PrivateKey: string(encodePEM("RSA PRIVATE KEY", x509.MarshalPKCS1PrivateKey(key))),
		},
	}, nil
}

// Issued is a certificate with its private key.
type Issued struct {
	CertificatePEM []byte
	KeyPEM         []byte
	ARN            string
	ID             string
}

// Issue makes a P-256 key and an ACTIVE certificate in one fast step and, when
// thing is not empty, creates that thing if it is missing and attaches the
// certificate to it. It attaches no policy.
func (s *State) Issue(thingName string) (Issued, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return Issued{}, fmt.Errorf("issue certificate for %s: %w", thingName, err)
	}
	der, err := s.config.Authority.device(key.Public())
	if err != nil {
		return Issued{}, fmt.Errorf("issue certificate for %s: %w", thingName, err)
	}
	keyDER, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return Issued{}, fmt.Errorf("issue certificate for %s: %w", thingName, err)
	}
	if thingName != "" {
		if err := validateThing(thingName, nil, maxAttributes); err != nil {
			return Issued{}, fmt.Errorf("issue certificate for %s: %w", thingName, err)
		}
	}
	defer s.change()()
	c, err := s.register(der, Active)
	if err != nil {
		return Issued{}, fmt.Errorf("issue certificate for %s: %w", thingName, err)
	}
	if thingName != "" {
		t, ok := s.things[thingName]
		if !ok {
			t = s.enterThing(thingName, "", nil)
		}
		t.principals[c.id] = true
		c.things[thingName] = true
	}
	return Issued{
		CertificatePEM: []byte(c.pem()), KeyPEM: encodePEM("PRIVATE KEY", keyDER),
		ARN: s.certificateARN(c.id), ID: c.id,
	}, nil
}

// issue signs a key and registers the certificate.
func (s *State) issue(public crypto.PublicKey, active bool) (*certificate, error) {
	status := Inactive
	if active {
		status = Active
	}
	defer s.change()()
	return s.sign(public, status)
}

// sign is issue for a caller that holds the lock.
func (s *State) sign(public crypto.PublicKey, status Status) (*certificate, error) {
	der, err := s.config.Authority.device(public)
	if err != nil {
		return nil, fmt.Errorf("sign a certificate: %w", err)
	}
	return s.register(der, status)
}
