package registry

import (
	"context"
	"regexp"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning/template"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// keptTemplate is a provisioning template: its versions, one of which is in use.
type keptTemplate struct {
	name, kind, description, role string
	hook                          *ProvisioningHook
	versions                      map[int]*templateVersion
	byDefault, latest             int // versions
	enabled                       bool
	created, modified             time.Time
}

// Limits: https://docs.aws.amazon.com/iot/latest/apireference/API_CreateProvisioningTemplate.html
const (
	maxTemplateName        = 36
	maxTemplateDescription = 500
)

var templateName = regexp.MustCompile(`^[0-9A-Za-z_-]+$`)

// CreateTemplateInput is the request of CreateProvisioningTemplate.
type CreateTemplateInput struct {
	TemplateName        string            `json:"templateName"`
	Description         string            `json:"description"`
	TemplateBody        string            `json:"templateBody"`
	Enabled             bool              `json:"enabled"`
	ProvisioningRoleArn string            `json:"provisioningRoleArn"`
	PreProvisioningHook *ProvisioningHook `json:"preProvisioningHook"`
	Type                string            `json:"type"`
	Tags                []Tag             `json:"tags"`
}

// CreateTemplateOutput is its answer.
type CreateTemplateOutput struct {
	TemplateArn      string `json:"templateArn"`
	TemplateName     string `json:"templateName"`
	DefaultVersionID int    `json:"defaultVersionId"`
}

// CreateProvisioningTemplate enters a template for provisioning by claim or just in
// time, with a role that IoT may assume.
func (s *State) CreateProvisioningTemplate(_ context.Context, in *CreateTemplateInput) (*CreateTemplateOutput, error) {
	now := time.Now().UTC()
	t := &keptTemplate{
		name: in.TemplateName, kind: in.Type, description: in.Description, role: in.ProvisioningRoleArn, hook: in.PreProvisioningHook,
		versions: map[int]*templateVersion{}, enabled: in.Enabled, created: now, modified: now,
	}
	if t.kind == "" {
		t.kind = template.Fleet
	}
	if err := t.check(); err != nil {
		return nil, err
	}
	if err := s.assumes(s.deputyOf(t)); err != nil {
		return nil, err
	}
	v, err := newTemplateVersion(in.TemplateBody, t.kind, now)
	if err != nil {
		return nil, err
	}
	t.add(v, true)
	defer s.change()()
	if s.templates[t.name] != nil {
		return nil, wire.Errorf(codeExists, 409, "Template %s already exists", t.name)
	}
	if err := s.tag(s.templateARN(t.name), in.Tags); err != nil {
		return nil, err
	}
	s.templates[t.name] = t
	return &CreateTemplateOutput{s.templateARN(t.name), t.name, t.byDefault}, nil
}

func (t *keptTemplate) check() error {
	switch {
	case len(t.name) > maxTemplateName || !templateName.MatchString(t.name):
		return invalid("template name %q must match %s and have at most %d characters", t.name, templateName, maxTemplateName)
	case t.kind != template.Fleet && t.kind != template.JITP:
		return invalid("the type of template %s is %s or %s, not %q", t.name, template.Fleet, template.JITP, t.kind)
	case len(t.description) > maxTemplateDescription:
		return invalid("the description of template %s has more than %d characters", t.name, maxTemplateDescription)
	case !wire.IsRole(t.role):
		return invalid("template %s: provisioningRoleArn %q is not the ARN of a role", t.name, t.role)
	}
	return t.checkHook()
}

func (s *State) templateARN(name string) string { return s.arn("provisioningtemplate/" + name) }

// template finds a template; the caller holds the lock.
func (s *State) template(name string) (*keptTemplate, error) {
	if t := s.templates[name]; t != nil {
		return t, nil
	}
	return nil, notFound("Template %s not found", name)
}

// TemplateNameInput is the request of operations on one template.
type TemplateNameInput struct {
	TemplateName string `json:"-" path:"templateName"`
}

// UpdateTemplateInput is the request of UpdateProvisioningTemplate; what is nil stays.
type UpdateTemplateInput struct {
	TemplateName              string            `json:"-" path:"templateName"`
	Description               *string           `json:"description"`
	Enabled                   *bool             `json:"enabled"`
	DefaultVersionID          *int              `json:"defaultVersionId"`
	ProvisioningRoleArn       *string           `json:"provisioningRoleArn"`
	PreProvisioningHook       *ProvisioningHook `json:"preProvisioningHook"`
	RemovePreProvisioningHook bool              `json:"removePreProvisioningHook"`
}

// UpdateProvisioningTemplate changes all of a template but the bodies of its versions.
func (s *State) UpdateProvisioningTemplate(_ context.Context, in *UpdateTemplateInput) (*Empty, error) {
	if in.RemovePreProvisioningHook && in.PreProvisioningHook != nil {
		return nil, invalid("UpdateProvisioningTemplate: preProvisioningHook and removePreProvisioningHook exclude each other")
	}
	defer s.change()()
	t, err := s.template(in.TemplateName)
	if err != nil {
		return nil, err
	}
	next := *t
	set(&next.description, in.Description)
	set(&next.enabled, in.Enabled)
	set(&next.byDefault, in.DefaultVersionID)
	set(&next.role, in.ProvisioningRoleArn)
	if in.PreProvisioningHook != nil || in.RemovePreProvisioningHook {
		next.hook = in.PreProvisioningHook
	}
	if next.current() == nil {
		return nil, notFound("Version %d of template %s not found", next.byDefault, t.name)
	}
	if err := next.check(); err != nil {
		return nil, err
	}
	if in.ProvisioningRoleArn != nil {
		if err := s.assumes(s.deputyOf(&next)); err != nil {
			return nil, err
		}
	}
	next.modified = time.Now().UTC()
	*t = next
	return &Empty{}, nil
}

// set puts a value that is given in the place of the old one.
func set[T any](at *T, given *T) {
	if given != nil {
		*at = *given
	}
}

// DeleteProvisioningTemplate forgets a template; what it provisioned stays.
func (s *State) DeleteProvisioningTemplate(_ context.Context, in *TemplateNameInput) (*Empty, error) {
	defer s.change()()
	t, err := s.template(in.TemplateName)
	if err != nil {
		return nil, err
	}
	for _, ca := range s.authoritiesInOrder(true) {
		if ca.registration.uses(t.name) {
			return nil, wire.Errorf(codeConflict, 409, "The CA certificate %s provisions with template %s", ca.id, t.name)
		}
	}
	delete(s.templates, t.name)
	delete(s.tags, s.templateARN(t.name))
	return &Empty{}, nil
}
