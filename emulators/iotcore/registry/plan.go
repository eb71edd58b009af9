package registry

import (
	"maps"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning/template"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// plan is what a template asks for, resolved and found to be possible: the state in
// which it leaves what it names.
type plan struct {
	thing       string // or empty: without
	kind        string
	attributes  map[string]string
	groups      map[string]bool
	certificate *certificate                 // nil is one that make enters
	make        func() (*certificate, error) // the one step that may fail
	status      Status                       // empty: it stays
	exclusive   bool
	policies    map[string]*policyVersion // by name; nil is one that is there

	configuration map[string]any
	names         map[string]string // resources by their logical names: kind/name
	logical       string            // name of the certificate
}

// plan resolves a template. The certificate is given in provisioning by claim and
// just in time, else the template says which. The caller holds the lock.
func (s *State) plan(b *template.Body, parameters map[string]string, given *certificate) (*plan, error) {
	p := &plan{certificate: given, policies: map[string]*policyVersion{}, names: map[string]string{}}
	for _, name := range sortedKeys(b.Resources) {
		r, err := b.Resource(name, parameters)
		if err != nil {
			return nil, err
		}
		switch r.Type {
		case "AWS::IoT::Thing":
			err = s.planThing(p, r)
		case "AWS::IoT::Certificate":
			err = s.planCertificate(p, r, given)
		default:
			err = s.planPolicy(p, r)
		}
		if err != nil {
			return nil, err
		}
	}
	if err := s.checkPlan(p); err != nil {
		return nil, err
	}
	var err error
	if p.configuration, err = b.Configuration(parameters); err != nil {
		return nil, err
	}
	return p, nil
}

// checkPlan holds what the certificate will have to its limits.
func (s *State) checkPlan(p *plan) error {
	all := maps.Clone(p.policies)
	if c := p.certificate; c != nil {
		for name := range c.policies {
			all[name] = nil
		}
		if p.thing != "" {
			if err := c.mayHave(p.thing, p.exclusive); err != nil {
				return err
			}
		}
	}
	if p.exclusive && p.thing == "" {
		return invalid("ThingPrincipalType %s needs an AWS::IoT::Thing", exclusiveThing)
	}
	if len(all) > maxPoliciesPerPrincipal {
		return wire.Errorf(codeLimit, 410, "a certificate has at most %d policies", maxPoliciesPerPrincipal)
	}
	return nil
}

// conflict is what OverrideSettings FAIL answers.
func conflict(format string, args ...any) error {
	return wire.Errorf("ResourceConflictsException", 409, format+" exists already, and OverrideSettings says FAIL", args...)
}

// carryOut does what a plan says for its certificate. Nothing is done if it fails.
func (s *State) carryOut(p *plan) (*certificate, error) {
	c := p.certificate
	if c == nil {
		var err error
		if c, err = p.make(); err != nil {
			return nil, err
		}
	}
	p.names[p.logical] = "cert/" + c.id
	s.carryOutThing(p, c)
	for _, name := range sortedKeys(p.policies) {
		entry := s.policies[name]
		if entry == nil {
			entry = s.enterPolicy(name, p.policies[name])
		}
		c.policies[name], entry.targets[c.id] = true, true
	}
	if p.status != "" && c.status != p.status {
		s.setStatus(c, p.status)
	}
	return c, nil
}

// arns are the ARNs of a plan's resources by their logical names.
func (s *State) arns(p *plan) map[string]string {
	arns := map[string]string{}
	for logical, resource := range p.names {
		arns[logical] = s.arn(resource)
	}
	return arns
}
