package iam

import (
	"context"
	"net/http"
	"sort"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// PutRolePolicyInput embeds a policy in a role.
type PutRolePolicyInput struct{ RoleName, PolicyName, PolicyDocument string }

// PutRolePolicy adds or replaces an inline policy.
func (s *State) PutRolePolicy(_ context.Context, in *PutRolePolicyInput) (*Empty, error) {
	if err := checkName("policyName", in.PolicyName, 128); err != nil {
		return nil, err
	}
	doc, err := read(in.PolicyDocument, maxInline, policy.ParseIdentity)
	if err != nil {
		return nil, err
	}
	return s.changeRole(in.RoleName, func(r *role) error {
		size := doc.size()
		for name, other := range r.inline {
			if name != in.PolicyName {
				size += other.size()
			}
		}
		if size > maxInline {
			return wire.Errorf("LimitExceeded", http.StatusConflict, "Maximum policy size of %d bytes exceeded for role %s", maxInline, r.name)
		}
		r.inline[in.PolicyName] = doc
		return nil
	})
}

// RolePolicyRef names an inline policy.
type RolePolicyRef struct{ RoleName, PolicyName string }

// GetRolePolicyOutput is an inline policy; its document is URL-encoded.
type GetRolePolicyOutput struct{ RoleName, PolicyName, PolicyDocument string }

// GetRolePolicy shows an inline policy.
func (s *State) GetRolePolicy(_ context.Context, in *RolePolicyRef) (*GetRolePolicyOutput, error) {
	out := &GetRolePolicyOutput{RoleName: in.RoleName, PolicyName: in.PolicyName}
	_, err := s.onRole(in.RoleName, func(r *role) error {
		doc, ok := r.inline[in.PolicyName]
		if !ok {
			return missing("role policy with name", in.PolicyName)
		}
		out.PolicyDocument = encoded(doc.text)
		return nil
	})
	return out, err
}

// DeleteRolePolicy deletes an inline policy.
func (s *State) DeleteRolePolicy(_ context.Context, in *RolePolicyRef) (*Empty, error) {
	return s.changeRole(in.RoleName, func(r *role) error {
		if _, ok := r.inline[in.PolicyName]; !ok {
			return missing("role policy with name", in.PolicyName)
		}
		delete(r.inline, in.PolicyName)
		return nil
	})
}

// ListRolePoliciesOutput lists the names of inline policies.
type ListRolePoliciesOutput struct {
	PolicyNames []string `xml:"PolicyNames>member"`
	Paging
}

// ListRolePolicies lists a role's inline policies.
func (s *State) ListRolePolicies(_ context.Context, in *RolePage) (*ListRolePoliciesOutput, error) {
	var out ListRolePoliciesOutput
	_, err := s.onRole(in.RoleName, func(r *role) (err error) {
		out.PolicyNames, out.Paging, err = page(sorted(r.inline), in.Marker, in.MaxItems)
		return err
	})
	return &out, err
}

// AttachmentInput is a role and a managed policy.
type AttachmentInput struct{ RoleName, PolicyArn string }

// AttachRolePolicy attaches a managed policy; again is no error.
func (s *State) AttachRolePolicy(_ context.Context, in *AttachmentInput) (*Empty, error) {
	return s.changeRole(in.RoleName, func(r *role) error {
		if s.policies[in.PolicyArn] == nil && !ofAWS(in.PolicyArn) {
			return missing("policy", in.PolicyArn)
		}
		if len(r.attached) >= maxAttached && !r.attached[in.PolicyArn] {
			return wire.Errorf("LimitExceeded", http.StatusConflict, "Cannot exceed quota for PoliciesPerRole: %d", maxAttached)
		}
		r.attached[in.PolicyArn] = true
		return nil
	})
}

// DetachRolePolicy detaches a managed policy.
func (s *State) DetachRolePolicy(_ context.Context, in *AttachmentInput) (*Empty, error) {
	return s.changeRole(in.RoleName, func(r *role) error {
		if !r.attached[in.PolicyArn] {
			return missing("attached policy", in.PolicyArn)
		}
		delete(r.attached, in.PolicyArn)
		return nil
	})
}

// AttachedPolicy names a policy that is attached.
type AttachedPolicy struct{ PolicyName, PolicyArn string }

// ListAttachedRolePoliciesOutput lists attached policies by ARN.
type ListAttachedRolePoliciesOutput struct {
	AttachedPolicies []AttachedPolicy `xml:"AttachedPolicies>member"`
	Paging
}

// ListAttachedRolePoliciesInput asks for a page of the policies below a path.
type ListAttachedRolePoliciesInput struct {
	RoleName   string
	PathPrefix string
	Marker     string
	MaxItems   int32
}

// ListAttachedRolePolicies lists the managed policies of a role.
func (s *State) ListAttachedRolePolicies(_ context.Context, in *ListAttachedRolePoliciesInput) (*ListAttachedRolePoliciesOutput, error) {
	var out ListAttachedRolePoliciesOutput
	_, err := s.onRole(in.RoleName, func(r *role) (err error) {
		for _, arn := range sorted(r.attached) {
			path, name := splitPolicy(arn)
			if strings.HasPrefix(path, in.PathPrefix) {
				out.AttachedPolicies = append(out.AttachedPolicies, AttachedPolicy{name, arn})
			}
		}
		out.AttachedPolicies, out.Paging, err = page(out.AttachedPolicies, in.Marker, in.MaxItems)
		return err
	})
	return &out, err
}

// splitPolicy finds path and name in a policy's ARN.
func splitPolicy(arn string) (path, name string) {
	_, resource, _ := strings.Cut(arn, ":policy")
	i := strings.LastIndex(resource, "/")
	return resource[:i+1], resource[i+1:]
}

func sorted[V any](m map[string]V) []string {
	var names []string
	for name := range m {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}
