package registry

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning/template"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// templateVersion is one body of a template.
type templateVersion struct {
	id      int
	text    string
	body    *template.Body
	created time.Time
}

// maxTemplateVersions: https://docs.aws.amazon.com/general/latest/gr/iot-core.html#fleet-provisioning-limits
const maxTemplateVersions = 5

func newTemplateVersion(text, kind string, now time.Time) (*templateVersion, error) {
	body, err := template.Parse(text, kind)
	return &templateVersion{text: text, body: body, created: now}, err
}

func (t *keptTemplate) add(v *templateVersion, byDefault bool) {
	t.latest++
	v.id = t.latest
	t.versions[v.id] = v
	if byDefault {
		t.byDefault = v.id
	}
}

// current is the default version.
func (t *keptTemplate) current() *templateVersion { return t.versions[t.byDefault] }

// CreateTemplateVersionInput is the request of CreateProvisioningTemplateVersion.
type CreateTemplateVersionInput struct {
	TemplateName string `json:"-" path:"templateName"`
	SetAsDefault bool   `json:"-" query:"setAsDefault"`
	TemplateBody string `json:"templateBody"`
}

// CreateTemplateVersionOutput is its answer.
type CreateTemplateVersionOutput struct {
	TemplateArn      string `json:"templateArn"`
	TemplateName     string `json:"templateName"`
	VersionID        int    `json:"versionId"`
	IsDefaultVersion bool   `json:"isDefaultVersion"`
}

// CreateProvisioningTemplateVersion gives a template one more body.
func (s *State) CreateProvisioningTemplateVersion(_ context.Context, in *CreateTemplateVersionInput) (*CreateTemplateVersionOutput, error) {
	defer s.change()()
	t, err := s.template(in.TemplateName)
	if err != nil {
		return nil, err
	}
	now := time.Now().UTC()
	v, err := newTemplateVersion(in.TemplateBody, t.kind, now)
	if err != nil {
		return nil, err
	}
	if len(t.versions) >= maxTemplateVersions {
		return nil, wire.Errorf("VersionsLimitExceededException", 409, "template %s has %d versions already", t.name, maxTemplateVersions)
	}
	t.add(v, in.SetAsDefault)
	t.modified = now
	return &CreateTemplateVersionOutput{s.templateARN(t.name), t.name, v.id, in.SetAsDefault}, nil
}

// TemplateVersionInput is the request of operations on one version.
type TemplateVersionInput struct {
	TemplateName string `json:"-" path:"templateName"`
	VersionID    string `json:"-" path:"versionId"`
}

// templateVersion finds a version; the caller holds the lock.
func (s *State) templateVersion(in *TemplateVersionInput) (*keptTemplate, *templateVersion, error) {
	t, err := s.template(in.TemplateName)
	if err != nil {
		return nil, nil, err
	}
	id, err := strconv.Atoi(in.VersionID)
	if err != nil {
		return nil, nil, invalid("the version of template %s is a number, not %q", t.name, in.VersionID)
	}
	v := t.versions[id]
	if v == nil {
		return nil, nil, notFound("Version %s of template %s not found", in.VersionID, t.name)
	}
	return t, v, nil
}

// TemplateVersionSummary is one version of a list.
type TemplateVersionSummary struct {
	VersionID        int       `json:"versionId"`
	CreationDate     wire.Time `json:"creationDate"`
	IsDefaultVersion bool      `json:"isDefaultVersion"`
}

func (t *keptTemplate) summary(v *templateVersion) TemplateVersionSummary {
	return TemplateVersionSummary{v.id, wire.At(v.created), v.id == t.byDefault}
}

// DescribeTemplateVersionOutput is the answer of DescribeProvisioningTemplateVersion.
type DescribeTemplateVersionOutput struct {
	TemplateVersionSummary
	TemplateBody string `json:"templateBody"`
}

// DescribeProvisioningTemplateVersion answers the body of a version.
func (s *State) DescribeProvisioningTemplateVersion(_ context.Context, in *TemplateVersionInput) (*DescribeTemplateVersionOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, v, err := s.templateVersion(in)
	if err != nil {
		return nil, err
	}
	return &DescribeTemplateVersionOutput{t.summary(v), v.text}, nil
}

// ListTemplateVersionsInput is the request of ListProvisioningTemplateVersions.
type ListTemplateVersionsInput struct {
	TemplateName string `json:"-" path:"templateName"`
	MaxResults   int    `json:"-" query:"maxResults"`
	NextToken    string `json:"-" query:"nextToken"`
}

// ListTemplateVersionsOutput is its answer.
type ListTemplateVersionsOutput struct {
	Versions  []TemplateVersionSummary `json:"versions"`
	NextToken string                   `json:"nextToken,omitempty"`
}

// ListProvisioningTemplateVersions lists the versions of a template, the oldest first.
func (s *State) ListProvisioningTemplateVersions(_ context.Context, in *ListTemplateVersionsInput) (*ListTemplateVersionsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, err := s.template(in.TemplateName)
	if err != nil {
		return nil, err
	}
	all := []TemplateVersionSummary{}
	for _, v := range t.versions {
		all = append(all, t.summary(v))
	}
	slices.SortFunc(all, func(a, b TemplateVersionSummary) int { return a.VersionID - b.VersionID })
	page, next, err := Page(all, in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &ListTemplateVersionsOutput{page, next}, nil
}

// DeleteProvisioningTemplateVersion forgets a version that is not the default.
func (s *State) DeleteProvisioningTemplateVersion(_ context.Context, in *TemplateVersionInput) (*Empty, error) {
	defer s.change()()
	t, v, err := s.templateVersion(in)
	if err != nil {
		return nil, err
	}
	if v.id == t.byDefault {
		return nil, wire.Errorf(codeConflict, 409, "Version %d is the default version of template %s", v.id, t.name)
	}
	delete(t.versions, v.id)
	return &Empty{}, nil
}
