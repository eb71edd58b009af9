package registry

import (
	"context"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// policyTarget is what a policy can be attached to: a certificate or a thing group.
type policyTarget struct {
	id       string
	policies map[string]bool
	most     int
	group    bool
}

// target finds what the ARN of a target names; the caller holds the lock.
func (s *State) target(arn string) (*policyTarget, error) {
	resource, _ := wire.ResourceOf(arn, "iot")
	if name, ok := strings.CutPrefix(resource, "thinggroup/"); ok {
		g, err := s.group(name)
		if err != nil {
			return nil, err
		}
		if arn != s.groupARN(name) {
			return nil, notFound("Thing group %s does not exist", arn)
		}
		return &policyTarget{name, g.policies, maxGroupPolicies, true}, nil
	}
	if !strings.HasPrefix(resource, "cert/") {
		return nil, invalid("target %q is not the ARN of a certificate or thing group; other targets are not implemented by Shakedown", arn)
	}
	c, err := s.targetCertificate(arn)
	if err != nil {
		return nil, err
	}
	return &policyTarget{c.id, c.policies, maxPoliciesPerPrincipal, false}, nil
}

// targetsLike are the policy's targets of the kind of t.
func (p *policyEntry) targetsLike(t *policyTarget) map[string]bool {
	if t.group {
		return p.groups
	}
	return p.targets
}

// ListTargetsInput is the request of ListTargetsForPolicy.
type ListTargetsInput struct {
	PolicyName string `json:"-" path:"policyName"`
	PageSize   int    `json:"-" query:"pageSize"`
	Marker     string `json:"-" query:"marker"`
}

// ListTargetsOutput is its answer: ARNs of certificates and thing groups.
type ListTargetsOutput struct {
	Targets    []string `json:"targets"`
	NextMarker string   `json:"nextMarker,omitempty"`
}

// ListTargetsForPolicy lists the certificates, and then the thing groups, that have a
// policy.
func (s *State) ListTargetsForPolicy(_ context.Context, in *ListTargetsInput) (*ListTargetsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.policies[in.PolicyName]
	if !ok {
		return nil, notFound("Policy %s not found", in.PolicyName)
	}
	arns := []string{}
	for _, id := range sortedKeys(p.targets) {
		arns = append(arns, s.certificateARN(id))
	}
	for _, name := range sortedKeys(p.groups) {
		arns = append(arns, s.groupARN(name))
	}
	page, next, err := Page(arns, in.PageSize, in.Marker)
	if err != nil {
		return nil, err
	}
	return &ListTargetsOutput{page, next}, nil
}
