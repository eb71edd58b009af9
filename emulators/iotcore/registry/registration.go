package registry

import (
	"github.com/shakedown-iot/shakedown/emulators/wire"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning/template"
)

// RegistrationConfig is how certificates of an authority are provisioned when they
// connect for the first time: with a template, or with one of type JITP by its name.
// https://docs.aws.amazon.com/iot/latest/developerguide/jit-provisioning.html
type RegistrationConfig struct {
	TemplateBody string `json:"templateBody,omitempty"`
	TemplateName string `json:"templateName,omitempty"`
	RoleArn      string `json:"roleArn,omitempty"`
}

type registration struct {
	config RegistrationConfig
	body   *template.Body // of config.TemplateBody
}

// newRegistration checks the configuration of a CA certificate; nil is none. The caller
// holds the lock.
func (s *State) newRegistration(in *RegistrationConfig, ca string) (*registration, error) {
	switch {
	case in == nil:
		return nil, nil
	case (in.TemplateBody == "") == (in.TemplateName == ""):
		return nil, invalid("registrationConfig has either templateBody, with roleArn, or templateName")
	case in.TemplateName != "" && in.RoleArn != "":
		return nil, invalid("registrationConfig has roleArn with templateBody; template %s has a provisioningRoleArn", in.TemplateName)
	case in.TemplateName != "":
		t, err := s.template(in.TemplateName)
		if err != nil {
			return nil, err
		}
		if t.kind != template.JITP {
			return nil, invalid("registrationConfig: template %s is of type %s, not %s", t.name, t.kind, template.JITP)
		}
		return &registration{config: *in}, nil
	case !wire.IsRole(in.RoleArn):
		return nil, invalid("registrationConfig: roleArn %q is not the ARN of a role", in.RoleArn)
	}
	body, err := template.Parse(in.TemplateBody, template.JITP)
	if err != nil {
		return nil, err
	}
	if err := s.assumes(deputy{in.RoleArn, s.caARN(ca)}); err != nil {
		return nil, err
	}
	return &registration{*in, body}, nil
}

func (r *registration) describe() *RegistrationConfig {
	if r == nil {
		return nil
	}
	config := r.config
	return &config
}

func (r *registration) uses(template string) bool {
	return r != nil && r.config.TemplateName == template
}
