package registry

import (
	"context"
	"regexp"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// template is a fleet provisioning template.
type template struct {
	name, description, role, text string
	body                          *templateBody
	enabled                       bool
	created, modified             time.Time
}

// Limits: https://docs.aws.amazon.com/iot/latest/apireference/API_CreateProvisioningTemplate.html
const (
	maxTemplateName        = 36
	maxTemplateBody        = 10240
	maxTemplateDescription = 500
	fleetProvisioning      = "FLEET_PROVISIONING"
)

var (
	templateName = regexp.MustCompile(`^[0-9A-Za-z_-]+$`)
	templateRole = regexp.MustCompile(`^arn:aws[a-z-]*:iam::\d{12}:role/.+$`)
)

// CreateTemplateInput is the request of CreateProvisioningTemplate.
type CreateTemplateInput struct {
	TemplateName        string `json:"templateName"`
	Description         string `json:"description"`
	TemplateBody        string `json:"templateBody"`
	Enabled             bool   `json:"enabled"`
	ProvisioningRoleArn string `json:"provisioningRoleArn"`
	Type                string `json:"type"`
}

// CreateTemplateOutput is its answer.
type CreateTemplateOutput struct {
	TemplateArn      string `json:"templateArn"`
	TemplateName     string `json:"templateName"`
	DefaultVersionID int    `json:"defaultVersionId"`
}

// CreateProvisioningTemplate enters a template for provisioning by claim. Its role is
// not assumed.
func (s *State) CreateProvisioningTemplate(_ context.Context, in *CreateTemplateInput) (*CreateTemplateOutput, error) {
	switch {
	case len(in.TemplateName) > maxTemplateName || !templateName.MatchString(in.TemplateName):
		return nil, invalid("template name %q must match %s and have at most %d characters", in.TemplateName, templateName, maxTemplateName)
	case in.Type != "" && in.Type != fleetProvisioning:
		return nil, invalid("CreateProvisioningTemplate: type %q is not implemented by Shakedown, only %s", in.Type, fleetProvisioning)
	case len(in.TemplateBody) > maxTemplateBody:
		return nil, invalid("the body of template %s has more than %d characters", in.TemplateName, maxTemplateBody)
	}
	if err := checkTemplate(in.TemplateName, in.Description, in.ProvisioningRoleArn); err != nil {
		return nil, err
	}
	body, err := parseTemplate(in.TemplateBody)
	if err != nil {
		return nil, err
	}
	defer s.change()()
	if s.templates[in.TemplateName] != nil {
		return nil, wire.Errorf(codeExists, 409, "Template %s already exists", in.TemplateName)
	}
	now := time.Now().UTC()
	s.templates[in.TemplateName] = &template{
		name: in.TemplateName, description: in.Description, role: in.ProvisioningRoleArn, text: in.TemplateBody,
		body: body, enabled: in.Enabled, created: now, modified: now,
	}
	return &CreateTemplateOutput{s.templateARN(in.TemplateName), in.TemplateName, 1}, nil
}

func checkTemplate(name, description, role string) error {
	if len(description) > maxTemplateDescription {
		return invalid("the description of template %s has more than %d characters", name, maxTemplateDescription)
	}
	if !templateRole.MatchString(role) {
		return invalid("template %s: provisioningRoleArn %q is not the ARN of a role", name, role)
	}
	return nil
}

func (s *State) templateARN(name string) string { return s.arn("provisioningtemplate/" + name) }

// template finds a template; the caller holds the lock.
func (s *State) template(name string) (*template, error) {
	if t := s.templates[name]; t != nil {
		return t, nil
	}
	return nil, notFound("Template %s not found", name)
}

// TemplateNameInput is the request of operations on one template.
type TemplateNameInput struct {
	TemplateName string `json:"-" path:"templateName"`
}

// TemplateSummary is one template of a list.
type TemplateSummary struct {
	TemplateArn      string    `json:"templateArn"`
	TemplateName     string    `json:"templateName"`
	Description      string    `json:"description,omitempty"`
	CreationDate     wire.Time `json:"creationDate"`
	LastModifiedDate wire.Time `json:"lastModifiedDate"`
	Enabled          bool      `json:"enabled"`
	Type             string    `json:"type"`
}

func (s *State) summary(t *template) TemplateSummary {
	return TemplateSummary{
		s.templateARN(t.name), t.name, t.description, wire.At(t.created), wire.At(t.modified), t.enabled, fleetProvisioning,
	}
}

// DescribeTemplateOutput is the answer of DescribeProvisioningTemplate.
type DescribeTemplateOutput struct {
	TemplateSummary
	DefaultVersionID    int    `json:"defaultVersionId"`
	TemplateBody        string `json:"templateBody"`
	ProvisioningRoleArn string `json:"provisioningRoleArn"`
}

// DescribeProvisioningTemplate answers what is known of a template.
func (s *State) DescribeProvisioningTemplate(_ context.Context, in *TemplateNameInput) (*DescribeTemplateOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, err := s.template(in.TemplateName)
	if err != nil {
		return nil, err
	}
	return &DescribeTemplateOutput{s.summary(t), 1, t.text, t.role}, nil
}

// ListTemplatesInput is the request of ListProvisioningTemplates.
type ListTemplatesInput struct {
	MaxResults int    `json:"-" query:"maxResults"`
	NextToken  string `json:"-" query:"nextToken"`
}

// ListTemplatesOutput is its answer.
type ListTemplatesOutput struct {
	Templates []TemplateSummary `json:"templates"`
	NextToken string            `json:"nextToken,omitempty"`
}

// ListProvisioningTemplates lists templates by name.
func (s *State) ListProvisioningTemplates(_ context.Context, in *ListTemplatesInput) (*ListTemplatesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	names, next, err := Page(sortedKeys(s.templates), in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &ListTemplatesOutput{Templates: []TemplateSummary{}, NextToken: next}
	for _, name := range names {
		out.Templates = append(out.Templates, s.summary(s.templates[name]))
	}
	return out, nil
}

// UpdateTemplateInput is the request of UpdateProvisioningTemplate; what is nil stays.
type UpdateTemplateInput struct {
	TemplateName        string  `json:"-" path:"templateName"`
	Description         *string `json:"description"`
	Enabled             *bool   `json:"enabled"`
	ProvisioningRoleArn *string `json:"provisioningRoleArn"`
}

// UpdateProvisioningTemplate changes all of a template but its body.
func (s *State) UpdateProvisioningTemplate(_ context.Context, in *UpdateTemplateInput) (*Empty, error) {
	defer s.change()()
	t, err := s.template(in.TemplateName)
	if err != nil {
		return nil, err
	}
	next := *t
	if in.Description != nil {
		next.description = *in.Description
	}
	if in.Enabled != nil {
		next.enabled = *in.Enabled
	}
	if in.ProvisioningRoleArn != nil {
		next.role = *in.ProvisioningRoleArn
	}
	if err := checkTemplate(next.name, next.description, next.role); err != nil {
		return nil, err
	}
	next.modified = time.Now().UTC()
	*t = next
	return &Empty{}, nil
}

// DeleteProvisioningTemplate forgets a template; what it provisioned stays.
func (s *State) DeleteProvisioningTemplate(_ context.Context, in *TemplateNameInput) (*Empty, error) {
	defer s.change()()
	if _, err := s.template(in.TemplateName); err != nil {
		return nil, err
	}
	delete(s.templates, in.TemplateName)
	return &Empty{}, nil
}
