package registry

import (
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Provision is a thing to be made in one step, as a provisioning template of AWS
// does: with attributes, its certificate, which becomes ACTIVE, and a policy.
// https://docs.aws.amazon.com/iot/latest/developerguide/provision-template.html
type Provision struct {
	Thing string
	// Attributes belong to the registry afterwards: they are not to be written.
	Attributes map[string]string
	Policy     string
	// Certificate is in DER.
	Certificate []byte
}

// Provision makes a thing and returns its certificate's ARN. A thing that is there
// already is an error, and nothing is made.
func (s *State) Provision(p Provision) (certificateARN string, err error) {
	if err := validateThing(p.Thing, p.Attributes, maxAttributes); err != nil {
		return "", err
	}
	defer s.change()()
	if _, ok := s.things[p.Thing]; ok {
		return "", wire.Errorf(codeExists, 409, "Thing %s already exists", p.Thing)
	}
	policy, ok := s.policies[p.Policy]
	if !ok {
		return "", notFound("Policy %s not found", p.Policy)
	}
	c, err := s.register(p.Certificate, Active)
	if err != nil {
		return "", err
	}
	s.things[p.Thing] = &thing{
		name: p.Thing, id: wire.NewRequestID(), attributes: p.Attributes, principals: map[string]bool{c.id: true},
	}
	c.things[p.Thing], c.policies[policy.name] = true, true
	policy.targets[c.id] = true
	return s.certificateARN(c.id), nil
}
