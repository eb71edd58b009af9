package registry

import (
	"context"
	"regexp"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

type policyEntry struct {
	name     string
	versions []*policyVersion // by number
	current  *policyVersion   // the default version
	last     int              // the highest number ever given
	created  time.Time
	modified time.Time
	order    int
	targets  map[string]bool // certificate ids
	groups   map[string]bool // names
}

var policyName = regexp.MustCompile(`^[\w+=,.@-]+$`)

// CreatePolicyInput is the request of CreatePolicy.
type CreatePolicyInput struct {
	PolicyName     string `json:"-" path:"policyName"`
	PolicyDocument string `json:"policyDocument"`
	Tags           []Tag  `json:"tags"`
}

// CreatePolicyOutput is the answer of CreatePolicy.
type CreatePolicyOutput struct {
	PolicyName      string `json:"policyName"`
	PolicyArn       string `json:"policyArn"`
	PolicyDocument  string `json:"policyDocument"`
	PolicyVersionID string `json:"policyVersionId"`
}

// CreatePolicy enters a policy with its first version.
func (s *State) CreatePolicy(_ context.Context, in *CreatePolicyInput) (*CreatePolicyOutput, error) {
	if len(in.PolicyName) > maxName || !policyName.MatchString(in.PolicyName) {
		return nil, invalid("policy name %q must match %s and have at most %d characters", in.PolicyName, policyName, maxName)
	}
	v, err := newPolicyVersion(in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	defer s.change()()
	if _, ok := s.policies[in.PolicyName]; ok {
		return nil, wire.Errorf(codeExists, 409, "Policy cannot be created - name already exists (name=%s)", in.PolicyName)
	}
	if err := s.tag(s.arn("policy/"+in.PolicyName), in.Tags); err != nil {
		return nil, err
	}
	s.enterPolicy(in.PolicyName, v)
	return &CreatePolicyOutput{
		PolicyName: in.PolicyName, PolicyArn: s.arn("policy/" + in.PolicyName),
		PolicyDocument: in.PolicyDocument, PolicyVersionID: v.id(),
	}, nil
}

// enterPolicy makes a policy with its first version.
func (s *State) enterPolicy(name string, v *policyVersion) *policyEntry {
	p := &policyEntry{name: name, created: v.created, order: s.nextCreated(), targets: map[string]bool{}, groups: map[string]bool{}}
	p.add(v, true)
	s.policies[name] = p
	return p
}

// PolicyNameInput is the request of operations on one policy.
type PolicyNameInput struct {
	PolicyName string `json:"-" path:"policyName"`
}

// GetPolicyOutput is the answer of GetPolicy.
type GetPolicyOutput struct {
	PolicyName       string    `json:"policyName"`
	PolicyArn        string    `json:"policyArn"`
	PolicyDocument   string    `json:"policyDocument"`
	DefaultVersionID string    `json:"defaultVersionId"`
	CreationDate     wire.Time `json:"creationDate"`
	LastModifiedDate wire.Time `json:"lastModifiedDate"`
}

// GetPolicy answers a policy with the document of its default version.
func (s *State) GetPolicy(_ context.Context, in *PolicyNameInput) (*GetPolicyOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.policies[in.PolicyName]
	if !ok {
		return nil, notFound("Policy %s not found", in.PolicyName)
	}
	return &GetPolicyOutput{
		PolicyName: p.name, PolicyArn: s.arn("policy/" + p.name), PolicyDocument: p.current.text,
		DefaultVersionID: p.current.id(), CreationDate: wire.At(p.created), LastModifiedDate: wire.At(p.modified),
	}, nil
}

// DeletePolicy forgets a policy that is attached to nothing and has no version but
// its default.
func (s *State) DeletePolicy(_ context.Context, in *PolicyNameInput) (*Empty, error) {
	defer s.change()()
	p, ok := s.policies[in.PolicyName]
	if !ok {
		return nil, notFound("Policy %s not found", in.PolicyName)
	}
	if len(p.targets)+len(p.groups) > 0 {
		return nil, wire.Errorf(codeConflict, 409,
			"The policy cannot be deleted as the policy is attached to one or more principals (name=%s)", p.name)
	}
	if len(p.versions) > 1 {
		return nil, wire.Errorf(codeConflict, 409,
			"Cannot delete the policy because it has one or more policy versions attached to it (name=%s)", p.name)
	}
	delete(s.policies, in.PolicyName)
	delete(s.tags, s.arn("policy/"+in.PolicyName))
	return &Empty{}, nil
}

// ListPoliciesInput is the request of ListPolicies.
type ListPoliciesInput struct {
	PageSize       int    `json:"-" query:"pageSize"`
	Marker         string `json:"-" query:"marker"`
	AscendingOrder bool   `json:"-" query:"isAscendingOrder"`
}

// PolicyItem is one policy of a list.
type PolicyItem struct {
	PolicyName string `json:"policyName"`
	PolicyArn  string `json:"policyArn"`
}

// ListPoliciesOutput is the answer of ListPolicies and ListAttachedPolicies.
type ListPoliciesOutput struct {
	Policies   []PolicyItem `json:"policies"`
	NextMarker string       `json:"nextMarker,omitempty"`
}

// ListPolicies lists policies by creation, newest first unless AscendingOrder.
func (s *State) ListPolicies(_ context.Context, in *ListPoliciesInput) (*ListPoliciesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var names []string
	for _, p := range byCreation(s.policies, func(p *policyEntry) int { return p.order }, in.AscendingOrder) {
		names = append(names, p.name)
	}
	return s.policyPage(names, in.PageSize, in.Marker)
}

func (s *State) policyPage(names []string, size int, marker string) (*ListPoliciesOutput, error) {
	page, next, err := pageOf(names, size, marker, func(name string) PolicyItem {
		return PolicyItem{PolicyName: name, PolicyArn: s.arn("policy/" + name)}
	})
	if err != nil {
		return nil, err
	}
	return &ListPoliciesOutput{page, next}, nil
}

// targetCertificate finds the certificate that a target ARN names.
func (s *State) targetCertificate(target string) (*certificate, error) {
	if err := checkPrincipal(target); err != nil {
		return nil, err
	}
	resource, _ := wire.ResourceOf(target, "iot")
	id := strings.TrimPrefix(resource, "cert/")
	c, ok := s.certificates[id]
	if !ok || target != s.certificateARN(id) {
		return nil, notFound("Certificate %s does not exist", target)
	}
	return c, nil
}

func checkPrincipal(arn string) error {
	if resource, _ := wire.ResourceOf(arn, "iot"); !strings.HasPrefix(resource, "cert/") {
		return invalid("%q is not the ARN of a certificate; other principals are not implemented by Shakedown", arn)
	}
	return nil
}
