package registry

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

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

func (s *State) summary(t *keptTemplate) TemplateSummary {
	return TemplateSummary{
		s.templateARN(t.name), t.name, t.description, wire.At(t.created), wire.At(t.modified), t.enabled, t.kind,
	}
}

// DescribeTemplateOutput is the answer of DescribeProvisioningTemplate.
type DescribeTemplateOutput struct {
	TemplateSummary
	DefaultVersionID    int               `json:"defaultVersionId"`
	TemplateBody        string            `json:"templateBody"`
	ProvisioningRoleArn string            `json:"provisioningRoleArn"`
	PreProvisioningHook *ProvisioningHook `json:"preProvisioningHook,omitempty"`
}

// DescribeProvisioningTemplate answers what is known of a template; the body is that
// of the default version.
func (s *State) DescribeProvisioningTemplate(_ context.Context, in *TemplateNameInput) (*DescribeTemplateOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, err := s.template(in.TemplateName)
	if err != nil {
		return nil, err
	}
	return &DescribeTemplateOutput{s.summary(t), t.byDefault, t.current().text, t.role, t.hook}, nil
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
	page, next, err := pageOf(sortedKeys(s.templates), in.MaxResults, in.NextToken, func(name string) TemplateSummary {
		return s.summary(s.templates[name])
	})
	if err != nil {
		return nil, err
	}
	return &ListTemplatesOutput{page, next}, nil
}
