package registry

import (
	"crypto/x509"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning/template"
)

// planCertificate finds the certificate, or plans to make it, and works out its status.
func (s *State) planCertificate(p *plan, r *template.Resource, given *certificate) error {
	in := r.Values
	p.logical = r.Logical
	status := Status(strings.ToUpper(in.Status)) // AWS's own example has Active
	if status == "" {
		status = Active
	}
	if status != Active && status != Inactive {
		return invalid("the template's certificate is ACTIVE or INACTIVE, not %q", in.Status)
	}
	if err := checkPrincipalType(in.ThingPrincipalType); err != nil {
		return err
	}
	p.exclusive = in.ThingPrincipalType == exclusiveThing
	if given != nil && in.CertificateID != given.id {
		return invalid("the template's CertificateId is %q, not that of the certificate that is provisioned", in.CertificateID)
	}
	if given == nil {
		if err := s.findCertificate(p, in); err != nil {
			return err
		}
	}
	if c := p.certificate; c != nil && c.status != PendingActivation {
		switch r.OverrideSettings["Status"] {
		case template.DoNothing:
			return nil
		case template.Fail:
			return conflict("certificate %s", c.id)
		}
	}
	p.status = status
	return nil
}

// findCertificate finds the certificate that a template names, or plans to make it.
func (s *State) findCertificate(p *plan, in template.Values) error {
	if in.CertificateSigningRequest != "" {
		key, err := requestedKey(in.CertificateSigningRequest)
		if err != nil {
			return err
		}
		p.make = func() (*certificate, error) { return s.sign(key, Inactive) }
		return nil
	}
	id := in.CertificateID
	var parsed *x509.Certificate
	if in.CertificatePem != "" {
		var err error
		if parsed, err = parsePEM("CertificatePem", in.CertificatePem); err != nil {
			return err
		}
		id = Fingerprint(parsed.Raw)
	}
	p.certificate = s.certificates[id]
	switch {
	case p.certificate != nil:
		return nil
	case parsed == nil:
		return notFound("Certificate %s does not exist", id)
	}
	p.make = func() (*certificate, error) { return s.registerSigned(parsed, in.CACertificatePem, Inactive) }
	return nil
}
