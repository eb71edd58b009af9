package registry

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxPoliciesPerPrincipal is AWS's limit (AWS.md §1).
const maxPoliciesPerPrincipal = 10

// AttachPolicyInput is the request of AttachPolicy and DetachPolicy. Target is
// the ARN of a certificate or of a thing group.
type AttachPolicyInput struct {
	PolicyName string `json:"-" path:"policyName"`
	Target     string `json:"target"`
}

// AttachPolicy gives a policy to a target; doing it again is no error.
func (s *State) AttachPolicy(_ context.Context, in *AttachPolicyInput) (*Empty, error) {
	defer s.change()()
	p, t, err := s.policyAndTarget(in)
	if err != nil {
		return nil, err
	}
	if t.policies[p.name] {
		return &Empty{}, nil
	}
	if len(t.policies) >= t.most {
		return nil, wire.Errorf(codeLimit, 410, "%s has %d policies already", in.Target, t.most)
	}
	t.policies[p.name], p.targetsLike(t)[t.id] = true, true
	if t.group {
		s.groupPolicies++
	}
	return &Empty{}, nil
}

// DetachPolicy takes a policy from a target.
func (s *State) DetachPolicy(_ context.Context, in *AttachPolicyInput) (*Empty, error) {
	defer s.change()()
	p, t, err := s.policyAndTarget(in)
	if err != nil {
		return nil, err
	}
	if t.group && t.policies[p.name] {
		s.groupPolicies--
	}
	delete(t.policies, p.name)
	delete(p.targetsLike(t), t.id)
	return &Empty{}, nil
}

func (s *State) policyAndTarget(in *AttachPolicyInput) (*policyEntry, *policyTarget, error) {
	p, ok := s.policies[in.PolicyName]
	if !ok {
		return nil, nil, notFound("Policy %s not found", in.PolicyName)
	}
	t, err := s.target(in.Target)
	return p, t, err
}

// ListAttachedInput is the request of ListAttachedPolicies. Recursive adds the policies
// of the groups above a group.
type ListAttachedInput struct {
	Target    string `json:"-" path:"target"`
	PageSize  int    `json:"-" query:"pageSize"`
	Marker    string `json:"-" query:"marker"`
	Recursive bool   `json:"-" query:"recursive"`
}

// ListAttachedPolicies lists the policies of a target by name.
func (s *State) ListAttachedPolicies(_ context.Context, in *ListAttachedInput) (*ListPoliciesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, err := s.target(in.Target)
	if err != nil {
		return nil, err
	}
	policies := t.policies
	if t.group && in.Recursive {
		policies = s.policiesAbove(t.id)
	}
	return s.policyPage(sortedKeys(policies), in.PageSize, in.Marker)
}

// AttachPrincipalInput is the request of AttachThingPrincipal and
// DetachThingPrincipal. Principal is the ARN of a certificate.
type AttachPrincipalInput struct {
	ThingName string `json:"-" path:"thingName"`
	Principal string `json:"-" header:"X-Amzn-Principal"`
	Type      string `json:"-" query:"thingPrincipalType"`
}

// AttachThingPrincipal ties a certificate to a thing; doing it again is no error.
func (s *State) AttachThingPrincipal(_ context.Context, in *AttachPrincipalInput) (*Empty, error) {
	if err := checkPrincipalType(in.Type); err != nil {
		return nil, err
	}
	exclusive := in.Type == exclusiveThing
	defer s.change()()
	t, c, err := s.thingAndPrincipal(in)
	if err != nil {
		return nil, err
	}
	if err := c.mayHave(t.name, exclusive); err != nil {
		return nil, err
	}
	t.principals[c.id] = true
	c.things[t.name] = true
	if in.Type != "" || !c.exclusive {
		c.exclusive = exclusive
	}
	return &Empty{}, nil
}

// DetachThingPrincipal unties a certificate from a thing.
func (s *State) DetachThingPrincipal(_ context.Context, in *AttachPrincipalInput) (*Empty, error) {
	if in.Type != "" {
		return nil, invalid("DetachThingPrincipal has no member thingPrincipalType")
	}
	defer s.change()()
	t, c, err := s.thingAndPrincipal(in)
	if err != nil {
		return nil, err
	}
	if !t.principals[c.id] {
		return nil, notFound("Principal %s is not attached to thing %s", in.Principal, in.ThingName)
	}
	delete(t.principals, c.id)
	delete(c.things, t.name)
	c.exclusive = false
	return &Empty{}, nil
}

func (s *State) thingAndPrincipal(in *AttachPrincipalInput) (*thing, *certificate, error) {
	t, ok := s.things[in.ThingName]
	if !ok {
		return nil, nil, notFound("Thing %s not found.", in.ThingName)
	}
	c, err := s.targetCertificate(in.Principal)
	return t, c, err
}

// ListThingPrincipalsInput is the request of ListThingPrincipals.
type ListThingPrincipalsInput struct {
	ThingName  string `json:"-" path:"thingName"`
	MaxResults int    `json:"-" query:"maxResults"`
	NextToken  string `json:"-" query:"nextToken"`
}

// ListThingPrincipalsOutput is its answer: certificate ARNs.
type ListThingPrincipalsOutput struct {
	Principals []string `json:"principals"`
	NextToken  string   `json:"nextToken,omitempty"`
}

// ListThingPrincipals lists the certificates of a thing.
func (s *State) ListThingPrincipals(_ context.Context, in *ListThingPrincipalsInput) (*ListThingPrincipalsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, ok := s.things[in.ThingName]
	if !ok {
		return nil, notFound("Thing %s not found.", in.ThingName)
	}
	arns, next, err := pageOf(sortedKeys(t.principals), in.MaxResults, in.NextToken, s.certificateARN)
	if err != nil {
		return nil, err
	}
	return &ListThingPrincipalsOutput{arns, next}, nil
}

// ListPrincipalThingsInput is the request of ListPrincipalThings.
type ListPrincipalThingsInput struct {
	Principal  string `json:"-" header:"X-Amzn-Principal"`
	MaxResults int    `json:"-" query:"maxResults"`
	NextToken  string `json:"-" query:"nextToken"`
}

// ListPrincipalThingsOutput is its answer: thing names.
type ListPrincipalThingsOutput struct {
	Things    []string `json:"things"`
	NextToken string   `json:"nextToken,omitempty"`
}

// ListPrincipalThings lists the things of a certificate.
func (s *State) ListPrincipalThings(_ context.Context, in *ListPrincipalThingsInput) (*ListPrincipalThingsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, err := s.targetCertificate(in.Principal)
	if err != nil {
		return nil, err
	}
	names, next, err := Page(sortedKeys(c.things), in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &ListPrincipalThingsOutput{Things: append([]string{}, names...), NextToken: next}, nil
}
