package iam

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

type version struct {
	id string
	document
	created time.Time
}

// PolicyVersion is a version as answers show it; its document is URL-encoded.
type PolicyVersion struct {
	VersionId        string
	IsDefaultVersion bool
	CreateDate       string
	Document         string `xml:",omitempty"`
}

// PolicyVersionOutput is one version.
type PolicyVersionOutput struct{ PolicyVersion PolicyVersion }

func (p *managed) add(d document, current bool) version {
	p.made++
	v := version{fmt.Sprintf("v%d", p.made), d, time.Now()}
	p.versions = append(p.versions, v)
	p.updated = v.created
	if current {
		p.current = v.id
	}
	return v
}

func (p *managed) version(id string) (int, error) {
	i := slices.IndexFunc(p.versions, func(v version) bool { return v.id == id })
	if i < 0 {
		return i, wire.Errorf("NoSuchEntity", http.StatusNotFound, "Policy %s version %s does not exist or is not attachable.", p.arn, id)
	}
	return i, nil
}

func (p *managed) showVersion(v version) PolicyVersion {
	return PolicyVersion{VersionId: v.id, IsDefaultVersion: v.id == p.current, CreateDate: v.created.UTC().Format(time.RFC3339)}
}

// CreatePolicyVersionInput is a new document for a policy.
type CreatePolicyVersionInput struct {
	PolicyArn      string
	PolicyDocument string
	SetAsDefault   bool
}

// CreatePolicyVersion adds a version.
func (s *State) CreatePolicyVersion(_ context.Context, in *CreatePolicyVersionInput) (*PolicyVersionOutput, error) {
	doc, err := read(in.PolicyDocument, maxManaged, policy.ParseIdentity)
	if err != nil {
		return nil, err
	}
	var out PolicyVersionOutput
	_, err = s.onPolicy(in.PolicyArn, func(p *managed) error {
		defer s.decisions.forget()
		if len(p.versions) >= maxVersions {
			return wire.Errorf("LimitExceeded", http.StatusConflict,
				"A managed policy can have up to %d versions. Before you create a new version, you must delete an existing version.", maxVersions)
		}
		out.PolicyVersion = p.showVersion(p.add(doc, in.SetAsDefault))
		return nil
	})
	return &out, err
}

// PolicyVersionRef names a version.
type PolicyVersionRef struct{ PolicyArn, VersionId string }

// GetPolicyVersion shows a version with its document.
func (s *State) GetPolicyVersion(_ context.Context, in *PolicyVersionRef) (*PolicyVersionOutput, error) {
	var out PolicyVersionOutput
	_, err := s.onPolicy(in.PolicyArn, func(p *managed) error {
		i, err := p.version(in.VersionId)
		if err == nil {
			out.PolicyVersion = p.showVersion(p.versions[i])
			out.PolicyVersion.Document = encoded(p.versions[i].text)
		}
		return err
	})
	return &out, err
}

// ListPolicyVersionsOutput lists versions, newest first.
type ListPolicyVersionsOutput struct {
	Versions []PolicyVersion `xml:"Versions>member"`
	Paging
}

// ListPolicyVersions lists a policy's versions without their documents.
func (s *State) ListPolicyVersions(_ context.Context, in *PolicyPage) (*ListPolicyVersionsOutput, error) {
	var out ListPolicyVersionsOutput
	_, err := s.onPolicy(in.PolicyArn, func(p *managed) (err error) {
		for _, v := range slices.Backward(p.versions) {
			out.Versions = append(out.Versions, p.showVersion(v))
		}
		out.Versions, out.Paging, err = page(out.Versions, in.Marker, in.MaxItems)
		return err
	})
	return &out, err
}

// SetDefaultPolicyVersion makes a version the one in force.
func (s *State) SetDefaultPolicyVersion(_ context.Context, in *PolicyVersionRef) (*Empty, error) {
	return s.onPolicy(in.PolicyArn, func(p *managed) error {
		defer s.decisions.forget()
		_, err := p.version(in.VersionId)
		if err == nil {
			p.current, p.updated = in.VersionId, time.Now()
		}
		return err
	})
}

// DeletePolicyVersion deletes a version that is not the default.
func (s *State) DeletePolicyVersion(_ context.Context, in *PolicyVersionRef) (*Empty, error) {
	return s.onPolicy(in.PolicyArn, func(p *managed) error {
		i, err := p.version(in.VersionId)
		if err != nil {
			return err
		}
		if in.VersionId == p.current {
			return inUse("Cannot delete the default version of a policy.")
		}
		p.versions = slices.Delete(p.versions, i, i+1)
		return nil
	})
}
