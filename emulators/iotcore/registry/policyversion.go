package registry

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxPolicyVersions: https://docs.aws.amazon.com/general/latest/gr/iot-core.html#security-limits
const maxPolicyVersions = 5

// policyVersion never changes: what is kept of its document stays good.
type policyVersion struct {
	number   int
	text     string
	document *policy.Document
	created  time.Time
}

func (v *policyVersion) id() string { return strconv.Itoa(v.number) }

// newPolicyVersion reads the document of a version that has no number yet.
func newPolicyVersion(text string) (*policyVersion, error) {
	document, err := policy.Parse([]byte(text))
	if err != nil {
		return nil, wire.Errorf("MalformedPolicyException", 400, "Policy document is Malformed: %s", err)
	}
	return &policyVersion{text: text, document: document, created: time.Now().UTC()}, nil
}

// add gives a version the next number, which no deleted version had.
func (p *policyEntry) add(v *policyVersion, asDefault bool) {
	p.last++
	v.number = p.last
	p.versions = append(p.versions, v)
	if asDefault {
		p.current = v
	}
	p.modified = v.created
}

// policyVersion finds a version; the caller holds the lock.
func (s *State) policyVersion(name, id string) (*policyEntry, *policyVersion, error) {
	p, ok := s.policies[name]
	if !ok {
		return nil, nil, notFound("Policy %s not found", name)
	}
	for _, v := range p.versions {
		if v.id() == id {
			return p, v, nil
		}
	}
	return nil, nil, notFound("Policy version %s of policy %s not found", id, name)
}

// CreatePolicyVersionInput is the request of CreatePolicyVersion.
type CreatePolicyVersionInput struct {
	PolicyName     string `json:"-" path:"policyName"`
	PolicyDocument string `json:"policyDocument"`
	SetAsDefault   bool   `json:"-" query:"setAsDefault"`
}

// CreatePolicyVersionOutput is its answer.
type CreatePolicyVersionOutput struct {
	PolicyArn        string `json:"policyArn"`
	PolicyDocument   string `json:"policyDocument"`
	PolicyVersionID  string `json:"policyVersionId"`
	IsDefaultVersion bool   `json:"isDefaultVersion"`
}

// CreatePolicyVersion adds a version, at most the fifth; connected clients are held
// to a new default at once.
func (s *State) CreatePolicyVersion(_ context.Context, in *CreatePolicyVersionInput) (*CreatePolicyVersionOutput, error) {
	v, err := newPolicyVersion(in.PolicyDocument)
	if err != nil {
		return nil, err
	}
	defer s.change()()
	p, ok := s.policies[in.PolicyName]
	if !ok {
		return nil, notFound("Policy %s not found", in.PolicyName)
	}
	if len(p.versions) >= maxPolicyVersions {
		return nil, wire.Errorf("VersionsLimitExceededException", 409,
			"The policy %s already has the maximum number of versions (%d)", p.name, maxPolicyVersions)
	}
	p.add(v, in.SetAsDefault)
	return &CreatePolicyVersionOutput{s.arn("policy/" + p.name), v.text, v.id(), in.SetAsDefault}, nil
}

// PolicyVersionInput is the request of operations on one version.
type PolicyVersionInput struct {
	PolicyName string `json:"-" path:"policyName"`
	VersionID  string `json:"-" path:"policyVersionId"`
}

// GetPolicyVersionOutput is the answer of GetPolicyVersion.
type GetPolicyVersionOutput struct {
	PolicyArn        string    `json:"policyArn"`
	PolicyName       string    `json:"policyName"`
	PolicyDocument   string    `json:"policyDocument"`
	PolicyVersionID  string    `json:"policyVersionId"`
	IsDefaultVersion bool      `json:"isDefaultVersion"`
	CreationDate     wire.Time `json:"creationDate"`
	LastModifiedDate wire.Time `json:"lastModifiedDate"`
}

// GetPolicyVersion answers one version with its document.
func (s *State) GetPolicyVersion(_ context.Context, in *PolicyVersionInput) (*GetPolicyVersionOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, v, err := s.policyVersion(in.PolicyName, in.VersionID)
	if err != nil {
		return nil, err
	}
	return &GetPolicyVersionOutput{
		PolicyArn: s.arn("policy/" + p.name), PolicyName: p.name, PolicyDocument: v.text, PolicyVersionID: v.id(),
		IsDefaultVersion: v == p.current, CreationDate: wire.At(v.created), LastModifiedDate: wire.At(v.created),
	}, nil
}

// SetDefaultPolicyVersion makes a version the one that counts.
func (s *State) SetDefaultPolicyVersion(_ context.Context, in *PolicyVersionInput) (*Empty, error) {
	defer s.change()()
	p, v, err := s.policyVersion(in.PolicyName, in.VersionID)
	if err != nil {
		return nil, err
	}
	p.current, p.modified = v, time.Now().UTC()
	return &Empty{}, nil
}

// DeletePolicyVersion forgets a version that is not the default.
func (s *State) DeletePolicyVersion(_ context.Context, in *PolicyVersionInput) (*Empty, error) {
	defer s.change()()
	p, v, err := s.policyVersion(in.PolicyName, in.VersionID)
	if err != nil {
		return nil, err
	}
	if v == p.current {
		return nil, wire.Errorf(codeConflict, 409, "Cannot delete the default version of policy %s", p.name)
	}
	p.versions = slices.DeleteFunc(p.versions, func(o *policyVersion) bool { return o == v })
	p.modified = time.Now().UTC()
	return &Empty{}, nil
}

// PolicyVersion is one version of a policy.
type PolicyVersion struct {
	VersionID string    `json:"versionId"`
	IsDefault bool      `json:"isDefaultVersion"`
	Created   wire.Time `json:"createDate"`
}

// ListPolicyVersionsOutput is the answer of ListPolicyVersions.
type ListPolicyVersionsOutput struct {
	PolicyVersions []PolicyVersion `json:"policyVersions"`
}

// ListPolicyVersions lists a policy's versions, newest first.
func (s *State) ListPolicyVersions(_ context.Context, in *PolicyNameInput) (*ListPolicyVersionsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.policies[in.PolicyName]
	if !ok {
		return nil, notFound("Policy %s not found", in.PolicyName)
	}
	out := &ListPolicyVersionsOutput{}
	for _, v := range slices.Backward(p.versions) {
		out.PolicyVersions = append(out.PolicyVersions, PolicyVersion{v.id(), v == p.current, wire.At(v.created)})
	}
	return out, nil
}
