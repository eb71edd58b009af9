package registry

import (
	"context"
	"crypto/x509"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// RegisterWithCAInput is the request of RegisterCertificate.
type RegisterWithCAInput struct {
	CertificatePem   string `json:"certificatePem"`
	CACertificatePem string `json:"caCertificatePem"`
	SetAsActive      bool   `json:"-" query:"setAsActive"`
	Status           Status `json:"status"`
}

// RegisterCertificate enters a certificate that a registered authority signed, in the
// mode of that authority.
// https://docs.aws.amazon.com/iot/latest/apireference/API_RegisterCertificate.html
func (s *State) RegisterCertificate(_ context.Context, in *RegisterWithCAInput) (*RegisterOutput, error) {
	parsed, err := parsePEM("certificatePem", in.CertificatePem)
	if err != nil {
		return nil, err
	}
	status, err := initialStatus(in.Status, in.SetAsActive)
	if err != nil {
		return nil, err
	}
	defer s.change()()
	c, err := s.registerSigned(parsed, in.CACertificatePem, status)
	if err != nil {
		return nil, err
	}
	return &RegisterOutput{CertificateArn: s.certificateARN(c.id), CertificateID: c.id}, nil
}

// initialStatus is the status that a request registers a certificate with.
func initialStatus(status Status, setAsActive bool) (Status, error) {
	switch {
	case setAsActive && status != "" && status != Active:
		return "", invalid("setAsActive, which is deprecated, contradicts status %q", status)
	case setAsActive:
		return Active, nil
	case status == "":
		return Inactive, nil
	case status == Active || status == Inactive || status == Revoked:
		return status, nil
	}
	return "", invalid("a certificate is registered ACTIVE, INACTIVE or REVOKED, not %q", status)
}

// registerSigned enters a certificate with the authority that signed it; the caller
// holds the lock.
func (s *State) registerSigned(parsed *x509.Certificate, caPEM string, status Status) (*certificate, error) {
	ca, err := s.signer(parsed, caPEM)
	if err != nil {
		return nil, err
	}
	if !ca.active {
		return nil, wire.Errorf(codeState, 406, "The CA certificate %s is INACTIVE", ca.id)
	}
	c, err := s.register(parsed.Raw, status)
	if err != nil {
		return nil, err
	}
	c.ca, c.mode = ca.id, ca.mode
	return c, nil
}

// signer finds the authority that signed a certificate, the one in caPEM if that is
// not empty.
func (s *State) signer(parsed *x509.Certificate, caPEM string) (*caCertificate, error) {
	if caPEM == "" {
		switch found := s.signers(parsed); len(found) {
		case 0:
			return nil, badCertificate("no registered CA certificate signed the certificate (its issuer is %s)", parsed.Issuer)
		case 1:
			return found[0], nil
		default:
			return nil, wire.Errorf("CertificateConflictException", 409,
				"%d registered CA certificates have the subject %s and could have signed: caCertificatePem must say which", len(found), parsed.Issuer)
		}
	}
	given, err := parsePEM("caCertificatePem", caPEM)
	if err != nil {
		return nil, err
	}
	ca := s.authorities[Fingerprint(given.Raw)]
	if ca == nil {
		return nil, badCertificate("the certificate in caCertificatePem is not a registered CA certificate")
	}
	if !ca.signed(parsed) {
		return nil, badCertificate("the certificate in caCertificatePem did not sign certificatePem")
	}
	return ca, nil
}
