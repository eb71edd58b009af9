package registry

import (
	"bytes"
	"context"
	"crypto/rand"
	"crypto/x509"
	"encoding/hex"
	"encoding/pem"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// caCertificate is the certificate of an authority that signs devices of its own.
type caCertificate struct {
	id                string
	parsed            *x509.Certificate
	mode              string
	active, automatic bool // automatic registers certificates when they connect
	registration      *registration
	created, modified time.Time
	order             int
	generation        string
}

// Certificate modes: https://docs.aws.amazon.com/iot/latest/apireference/API_CertificateDescription.html
const (
	modeDefault = "DEFAULT"
	modeSNI     = "SNI_ONLY"
)

// maxSameSubject: https://docs.aws.amazon.com/iot/latest/apireference/API_RegisterCACertificate.html
const maxSameSubject = 10

// RegistrationCodeOutput is the answer of GetRegistrationCode.
type RegistrationCodeOutput struct {
	RegistrationCode string `json:"registrationCode"`
}

// GetRegistrationCode answers the account's code, the same until it is deleted.
func (s *State) GetRegistrationCode(_ context.Context, _ *Empty) (*RegistrationCodeOutput, error) {
	defer s.change()()
	if s.registrationCode == "" {
		code := make([]byte, 32)
		_, _ = rand.Read(code) // it cannot fail
		s.registrationCode = hex.EncodeToString(code)
	}
	return &RegistrationCodeOutput{s.registrationCode}, nil
}

// DeleteRegistrationCode forgets the code; the next one is another.
func (s *State) DeleteRegistrationCode(_ context.Context, _ *Empty) (*Empty, error) {
	defer s.change()()
	s.registrationCode = ""
	return &Empty{}, nil
}

// RegisterCAInput is the request of RegisterCACertificate.
type RegisterCAInput struct {
	CACertificate           string              `json:"caCertificate"`
	VerificationCertificate string              `json:"verificationCertificate"`
	CertificateMode         string              `json:"certificateMode"`
	SetAsActive             bool                `json:"-" query:"setAsActive"`
	AllowAutoRegistration   bool                `json:"-" query:"allowAutoRegistration"`
	RegistrationConfig      *RegistrationConfig `json:"registrationConfig"`
	Tags                    []Tag               `json:"tags"`
}

// RegisterCACertificate enters an authority's certificate: in DEFAULT mode with proof
// that the caller has its key, in SNI_ONLY mode without.
func (s *State) RegisterCACertificate(_ context.Context, in *RegisterCAInput) (*RegisterOutput, error) {
	parsed, err := parsePEM("caCertificate", in.CACertificate)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	switch {
	case !parsed.BasicConstraintsValid || !parsed.IsCA:
		return nil, badCertificate("caCertificate is not the certificate of an authority (CA:TRUE)")
	case now.Before(parsed.NotBefore) || now.After(parsed.NotAfter):
		return nil, badCertificate("caCertificate is valid from %s to %s", parsed.NotBefore.Format(time.RFC3339), parsed.NotAfter.Format(time.RFC3339))
	}
	ca := &caCertificate{
		id: Fingerprint(parsed.Raw), parsed: parsed, mode: in.CertificateMode, active: in.SetAsActive,
		automatic: in.AllowAutoRegistration, created: now, modified: now, generation: wire.NewRequestID(),
	}
	if ca.mode == "" {
		ca.mode = modeDefault
	}
	defer s.change()()
	if err := s.verifyCA(ca, in.VerificationCertificate); err != nil {
		return nil, err
	}
	if err := s.mayRegisterCA(ca); err != nil {
		return nil, err
	}
	if ca.registration, err = s.newRegistration(in.RegistrationConfig, ca.id); err != nil {
		return nil, err
	}
	if err := s.tag(s.caARN(ca.id), in.Tags); err != nil {
		return nil, err
	}
	ca.order = s.nextCreated()
	s.authorities[ca.id] = ca
	return &RegisterOutput{CertificateArn: s.caARN(ca.id), CertificateID: ca.id}, nil
}

func (s *State) caARN(id string) string { return s.arn("cacert/" + id) }

// verifyCA checks the proof: a certificate signed by the authority whose common name
// is the registration code.
// https://docs.aws.amazon.com/iot/latest/developerguide/manage-your-CA-certs.html
func (s *State) verifyCA(ca *caCertificate, proof string) error {
	switch {
	case ca.mode == modeSNI && proof != "":
		return invalid("RegisterCACertificate: in mode SNI_ONLY verificationCertificate must be empty")
	case ca.mode == modeSNI:
		return nil
	case ca.mode != modeDefault:
		return invalid("RegisterCACertificate: certificateMode is DEFAULT or SNI_ONLY, not %q", ca.mode)
	case proof == "":
		return invalid("RegisterCACertificate: in mode DEFAULT verificationCertificate is required")
	}
	parsed, err := parsePEM("verificationCertificate", proof)
	if err != nil {
		return err
	}
	if s.registrationCode == "" || parsed.Subject.CommonName != s.registrationCode {
		return wire.Errorf("RegistrationCodeValidationException", 400,
			"the common name of verificationCertificate is %q, not the code of GetRegistrationCode", parsed.Subject.CommonName)
	}
	if !ca.signed(parsed) {
		return badCertificate("verificationCertificate is not signed by caCertificate")
	}
	return nil
}

func (s *State) mayRegisterCA(ca *caCertificate) error {
	same := 0
	for _, other := range s.authorities {
		if other.id == ca.id {
			return wire.Errorf(codeExists, 409, "The CA certificate %s is already registered", ca.id)
		}
		if bytes.Equal(other.parsed.RawSubject, ca.parsed.RawSubject) {
			same++
		}
	}
	if same >= maxSameSubject {
		return wire.Errorf(codeLimit, 410, "%d CA certificates have the subject %s already", same, ca.parsed.Subject)
	}
	return nil
}

// signed tells whether the authority signed a certificate.
func (ca *caCertificate) signed(c *x509.Certificate) bool {
	return bytes.Equal(c.RawIssuer, ca.parsed.RawSubject) && c.CheckSignatureFrom(ca.parsed) == nil
}

// signers are the authorities that signed a certificate, the oldest first.
func (s *State) signers(c *x509.Certificate) []*caCertificate {
	var found []*caCertificate
	for _, ca := range s.authoritiesInOrder(true) {
		if ca.signed(c) {
			found = append(found, ca)
		}
	}
	return found
}

// parsePEM reads the one certificate of a member of a request.
func parsePEM(member, text string) (*x509.Certificate, error) {
	block, rest := pem.Decode([]byte(text))
	if block == nil || block.Type != "CERTIFICATE" {
		return nil, badCertificate("%s holds no PEM certificate", member)
	}
	if len(bytes.TrimSpace(rest)) > 0 {
		return nil, badCertificate("%s holds more than one PEM certificate", member)
	}
	parsed, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, badCertificate("%s cannot be read: %s", member, err)
	}
	return parsed, nil
}

func badCertificate(format string, args ...any) error {
	return wire.Errorf("CertificateValidationException", 400, format, args...)
}
