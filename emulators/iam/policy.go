package iam

import (
	"context"
	"net/http"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

type managed struct {
	name, path, description string
	id, arn                 string
	created, updated        time.Time
	tags                    tags
	versions                []version // oldest first
	current                 string    // id of the default version
	made                    int       // versions ever made
}

// Policy is a managed policy as answers show it.
type Policy struct {
	PolicyName       string
	PolicyId         string
	Arn              string
	Path             string
	DefaultVersionId string
	AttachmentCount  int
	IsAttachable     bool
	Description      string `xml:",omitempty"`
	CreateDate       string
	UpdateDate       string
	Tags             []Tag `xml:"Tags>member"`
}

// PolicyOutput is one policy.
type PolicyOutput struct{ Policy Policy }

// show describes a policy; the caller holds the lock.
func (s *State) show(p *managed) Policy {
	n := 0
	for _, r := range s.roles {
		if r.attached[p.arn] {
			n++
		}
	}
	return Policy{
		PolicyName: p.name, PolicyId: p.id, Arn: p.arn, Path: p.path, DefaultVersionId: p.current, AttachmentCount: n, IsAttachable: true,
		Description: p.description, CreateDate: p.created.UTC().Format(time.RFC3339), UpdateDate: p.updated.UTC().Format(time.RFC3339), Tags: p.tags.list(),
	}
}

// CreatePolicyInput describes a managed policy.
type CreatePolicyInput struct {
	PolicyName     string
	Path           string
	PolicyDocument string
	Description    string
	Tags           []Tag
}

// CreatePolicy makes a managed policy with its first version.
// https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreatePolicy.html
func (s *State) CreatePolicy(_ context.Context, in *CreatePolicyInput) (*PolicyOutput, error) {
	if err := checkName("policyName", in.PolicyName, 128); err != nil {
		return nil, err
	}
	if err := checkPath(&in.Path); err != nil {
		return nil, err
	}
	if err := checkText(in.Description); err != nil {
		return nil, err
	}
	doc, err := read(in.PolicyDocument, maxManaged, policy.ParseIdentity)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	p := &managed{name: in.PolicyName, path: in.Path, description: in.Description, arn: s.arn("policy" + in.Path + in.PolicyName), created: time.Now()}
	for _, other := range s.policies {
		if strings.EqualFold(other.name, p.name) {
			return nil, exists("A policy called "+in.PolicyName, in.PolicyName)
		}
	}
	if len(s.policies) >= maxPolicies {
		return nil, wire.Errorf("LimitExceeded", http.StatusConflict, "Cannot exceed quota for PoliciesPerAccount: %d", maxPolicies)
	}
	p.id = uniqueID("ANPA", p.arn, p.created)
	if p.tags, err = p.tags.with(in.Tags, keepKeys); err != nil {
		return nil, err
	}
	p.add(doc, true)
	s.policies[p.arn] = p
	return &PolicyOutput{s.show(p)}, nil
}

// PolicyRef names a policy.
type PolicyRef struct{ PolicyArn string }

// PolicyPage asks for a page of what a policy has.
type PolicyPage struct {
	PolicyArn string
	Marker    string
	MaxItems  int32
}

// onPolicy does something to a policy.
func (s *State) onPolicy(arn string, do func(*managed) error) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	p := s.policies[arn]
	if p == nil && ofAWS(arn) {
		return nil, invalid("Policy %s is AWS's own: to show or change those is not implemented by Shakedown, roles may have them", arn)
	}
	if p == nil {
		return nil, wire.Errorf("NoSuchEntity", http.StatusNotFound, "Policy %s was not found.", arn)
	}
	return &Empty{}, do(p)
}

// GetPolicy shows a policy.
func (s *State) GetPolicy(_ context.Context, in *PolicyRef) (*PolicyOutput, error) {
	var out PolicyOutput
	_, err := s.onPolicy(in.PolicyArn, func(p *managed) error { out.Policy = s.show(p); return nil })
	return &out, err
}

// ListPoliciesInput asks for policies; Scope is All, Local or AWS (of which there
// are none to list).
type ListPoliciesInput struct {
	Scope        string
	OnlyAttached bool
	PathPrefix   string
	Marker       string
	MaxItems     int32
}

// ListPoliciesOutput lists policies by ARN.
type ListPoliciesOutput struct {
	Policies []Policy `xml:"Policies>member"`
	Paging
}

// ListPolicies lists the account's own policies.
func (s *State) ListPolicies(_ context.Context, in *ListPoliciesInput) (*ListPoliciesOutput, error) {
	switch in.Scope {
	case "", "All", "Local":
	case "AWS":
		return nil, wire.Unsupported("ValidationError", "ListPolicies", "Scope=AWS")
	default:
		return nil, invalid("Scope is All, AWS or Local, not %q", in.Scope)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListPoliciesOutput{}
	for _, arn := range sorted(s.policies) {
		shown := s.show(s.policies[arn])
		if strings.HasPrefix(shown.Path, in.PathPrefix) && (!in.OnlyAttached || shown.AttachmentCount > 0) {
			out.Policies = append(out.Policies, shown)
		}
	}
	var err error
	out.Policies, out.Paging, err = page(out.Policies, in.Marker, in.MaxItems)
	return out, err
}

// DeletePolicy deletes a policy that nobody has and that has one version.
func (s *State) DeletePolicy(_ context.Context, in *PolicyRef) (*Empty, error) {
	return s.onPolicy(in.PolicyArn, func(p *managed) error {
		if s.show(p).AttachmentCount > 0 {
			return inUse("Cannot delete a policy attached to entities.")
		}
		if len(p.versions) > 1 {
			return inUse("This policy has more than one version. Before you delete a policy, you must delete the policy's versions. The default version is deleted with the policy.")
		}
		delete(s.policies, p.arn)
		return nil
	})
}
