package registry

import (
	"crypto/x509"
	"fmt"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning/template"
)

// Introduction is a certificate that a client connected with and that a registered
// authority signed, as it is after that.
type Introduction struct {
	CertificateID, CACertificateID string
	Registered                     time.Time
	Failed                         error // to provision it
}

// Introduces tells whether a client with a certificate that may not connect is heard
// nevertheless: its authority is ACTIVE and has certificates registered when they
// connect, and nobody has decided about it yet.
// https://docs.aws.amazon.com/iot/latest/developerguide/auto-register-device-cert.html
func (s *State) Introduces(c *x509.Certificate, now time.Time) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.introducer(c, now) != nil
}

// introducer is the authority that introduces a certificate, or nil.
func (s *State) introducer(c *x509.Certificate, now time.Time) *caCertificate {
	if len(s.authorities) == 0 || now.Before(c.NotBefore) || now.After(c.NotAfter) {
		return nil
	}
	known := s.certificates[Fingerprint(c.Raw)]
	if known != nil && known.status != PendingActivation {
		return nil
	}
	for _, ca := range s.signers(c) {
		valid := !now.Before(ca.parsed.NotBefore) && !now.After(ca.parsed.NotAfter)
		if valid && ca.active && ca.automatic && (known == nil || known.ca == ca.id) {
			return ca
		}
	}
	return nil
}

// Introduce registers the certificate of a client that proved to have its key, as
// PENDING_ACTIVATION, and provisions it if the authority says how. Nil is that nobody
// introduces it.
func (s *State) Introduce(cert *x509.Certificate, now time.Time) *Introduction {
	defer s.change()()
	ca := s.introducer(cert, now)
	if ca == nil {
		return nil
	}
	c := s.certificates[Fingerprint(cert.Raw)]
	if c == nil {
		var err error
		if c, err = s.register(cert.Raw, PendingActivation); err != nil {
			return nil // it was parsed before, and is not there
		}
		c.ca, c.mode = ca.id, ca.mode
	}
	return &Introduction{c.id, ca.id, c.created, s.provisionJustInTime(ca, c, cert)}
}

// provisionJustInTime makes what the template of an authority says for one of its
// certificates, all or nothing.
// https://docs.aws.amazon.com/iot/latest/developerguide/jit-provisioning.html
func (s *State) provisionJustInTime(ca *caCertificate, c *certificate, cert *x509.Certificate) error {
	if ca.registration == nil {
		return nil
	}
	body, by := ca.registration.body, deputy{ca.registration.config.RoleArn, s.caARN(ca.id)}
	if body == nil {
		t, err := s.template(ca.registration.config.TemplateName)
		if err != nil {
			return err
		}
		if !t.enabled {
			return fmt.Errorf("template %s is not enabled", t.name)
		}
		body, by = t.current().body, s.deputyOf(t)
	}
	parameters := template.Subject(cert, c.id)
	for _, name := range sortedKeys(body.Parameters) { // "must contain values for all"
		if _, err := body.Parameter(name, parameters); err != nil {
			return fmt.Errorf("the subject of certificate %s: %w", c.id, err)
		}
	}
	p, err := s.plan(body, parameters, c)
	if err != nil {
		return err
	}
	if err := s.mayProvision(by, p); err != nil {
		return err
	}
	_, err = s.carryOut(p)
	return err
}
