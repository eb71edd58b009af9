package registry

import (
	"context"
	"crypto/rand"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// PendingActivation is the state of a certificate that a device asked for over MQTT,
// or that was registered when it connected, until it is activated.
const PendingActivation Status = "PENDING_ACTIVATION"

// claimLasts: https://docs.aws.amazon.com/iot/latest/developerguide/fleet-provision-api.html
const claimLasts = time.Hour

// maxClaims bounds the tokens that wait; it is Shakedown's own.
const maxClaims = 10000

type claim struct {
	certificate string
	expires     time.Time
}

// Claimed is a certificate that waits to be provisioned. PrivateKey is empty for
// one from a request.
type Claimed struct {
	CertificateID  string `json:"certificateId"`
	CertificatePem string `json:"certificatePem"`
	PrivateKey     string `json:"privateKey,omitempty"`
	Token          string `json:"certificateOwnershipToken"`
}

// ClaimKeys makes keys and a certificate that is PENDING_ACTIVATION.
func (s *State) ClaimKeys() (*Claimed, error) {
	made, err := s.CreateKeysAndCertificate(context.Background(), &CreateKeysInput{})
	if err != nil {
		return nil, err
	}
	return s.claim(&Claimed{CertificateID: made.CertificateID, CertificatePem: made.CertificatePem, PrivateKey: made.KeyPair.PrivateKey})
}

// ClaimCSR signs a certificate that is PENDING_ACTIVATION.
func (s *State) ClaimCSR(csr string) (*Claimed, error) {
	made, err := s.CreateCertificateFromCSR(context.Background(), &CreateFromCSRInput{CSR: csr})
	if err != nil {
		return nil, err
	}
	return s.claim(&Claimed{CertificateID: made.CertificateID, CertificatePem: made.CertificatePem})
}

func (s *State) claim(made *Claimed) (*Claimed, error) {
	defer s.change()()
	s.expireClaims()
	if len(s.claims) >= maxClaims {
		delete(s.certificates, made.CertificateID)
		return nil, wire.Errorf("ThrottlingException", 429, "%d certificates wait to be provisioned already", maxClaims)
	}
	if c := s.certificates[made.CertificateID]; c != nil {
		c.status = PendingActivation
	}
	made.Token = rand.Text()
	s.claims[made.Token] = claim{made.CertificateID, time.Now().Add(claimLasts)}
	return made, nil
}

// expireClaims forgets old tokens, and their certificates if nothing was done with
// them. It runs with the next request after the hour.
func (s *State) expireClaims() {
	now := time.Now()
	for token, waiting := range s.claims {
		if now.Before(waiting.expires) {
			continue
		}
		delete(s.claims, token)
		c := s.certificates[waiting.certificate]
		if c != nil && c.status == PendingActivation && len(c.things)+len(c.policies) == 0 {
			delete(s.certificates, c.id)
		}
	}
}
