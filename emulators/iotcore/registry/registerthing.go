package registry

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning/template"
)

// RegisterThingInput is the request of RegisterThing.
type RegisterThingInput struct {
	TemplateBody string            `json:"templateBody"`
	Parameters   map[string]string `json:"parameters"`
}

// RegisterThingOutput is its answer: ARNs by the template's logical names.
type RegisterThingOutput struct {
	CertificatePem string            `json:"certificatePem"`
	ResourceArns   map[string]string `json:"resourceArns"`
}

// RegisterThing makes what the template in the request says, all or nothing.
// https://docs.aws.amazon.com/iot/latest/apireference/API_RegisterThing.html
func (s *State) RegisterThing(_ context.Context, in *RegisterThingInput) (*RegisterThingOutput, error) {
	body, err := template.Parse(in.TemplateBody, template.OneThing)
	if err != nil {
		return nil, err
	}
	for _, key := range sortedKeys(in.Parameters) {
		if _, ok := body.Parameters[key]; !ok {
			return nil, invalid("RegisterThing: templateBody has no parameter %q", key)
		}
	}
	defer s.change()()
	p, err := s.plan(body, in.Parameters, nil)
	if err != nil {
		return nil, err
	}
	c, err := s.carryOut(p)
	if err != nil {
		return nil, err
	}
	return &RegisterThingOutput{c.pem(), s.arns(p)}, nil
}
