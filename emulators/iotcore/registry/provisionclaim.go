package registry

import (
	"maps"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning/template"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Provisioned is what a template made.
type Provisioned struct {
	Configuration map[string]any `json:"deviceConfiguration"`
	Thing         string         `json:"thingName,omitempty"`
}

// ProvisionClaim makes what a template says for the certificate of a token, all or
// nothing. Overrides are the hook's.
func (s *State) ProvisionClaim(name, token string, given, overrides map[string]string) (*Provisioned, error) {
	defer s.change()()
	t, c, err := s.claimed(name, token)
	if err != nil {
		return nil, err
	}
	parameters := map[string]string{}
	maps.Copy(parameters, given)
	maps.Copy(parameters, overrides)
	if err := t.takes(parameters); err != nil {
		return nil, err
	}
	parameters[template.CertificateID] = c.id
	p, err := s.plan(t.current().body, parameters, c)
	if err != nil {
		return nil, err
	}
	if err := s.mayProvision(s.deputyOf(t), p); err != nil {
		return nil, err
	}
	if _, err := s.carryOut(p); err != nil {
		return nil, err
	}
	delete(s.claims, token)
	return &Provisioned{p.configuration, p.thing}, nil
}

// claimed finds an enabled template and the certificate of a token; the caller holds
// the lock.
func (s *State) claimed(name, token string) (*keptTemplate, *certificate, error) {
	s.expireClaims()
	t, err := s.template(name)
	if err != nil {
		return nil, nil, err
	}
	switch {
	case t.kind != template.Fleet:
		return nil, nil, invalid("template %s is of type %s, not %s", name, t.kind, template.Fleet)
	case !t.enabled:
		return nil, nil, invalid("template %s is not enabled", name)
	case token == "":
		return nil, nil, wire.Errorf(codeToken, 400, "Certificate ownership token cannot be empty.")
	}
	c := s.certificates[s.claims[token].certificate]
	if c == nil {
		return nil, nil, wire.Errorf(codeToken, 400, "the certificate ownership token is unknown, used or expired")
	}
	return t, c, nil
}

// codeToken is the error code of a bad token, as devices see it.
const codeToken = "InvalidCertificateOwnershipToken"

// takes refuses parameters that a template has not: but for a hook, which has seen
// them, nothing would act on them.
func (t *keptTemplate) takes(parameters map[string]string) error {
	for _, key := range sortedKeys(parameters) {
		if key == template.CertificateID {
			return invalid("parameter %s is the service's to give", key)
		}
		if _, ok := t.current().body.Parameters[key]; !ok && t.hook == nil {
			return invalid("template %s has no parameter %q", t.name, key)
		}
	}
	return nil
}
