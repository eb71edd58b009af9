package registry

import "context"

// ListTargetsInput is the request of ListTargetsForPolicy.
type ListTargetsInput struct {
	PolicyName string `json:"-" path:"policyName"`
	PageSize   int    `json:"-" query:"pageSize"`
	Marker     string `json:"-" query:"marker"`
}

// ListTargetsOutput is its answer: certificate ARNs.
type ListTargetsOutput struct {
	Targets    []string `json:"targets"`
	NextMarker string   `json:"nextMarker,omitempty"`
}

// ListTargetsForPolicy lists the certificates that have a policy.
func (s *State) ListTargetsForPolicy(_ context.Context, in *ListTargetsInput) (*ListTargetsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.policies[in.PolicyName]
	if !ok {
		return nil, notFound("Policy %s not found", in.PolicyName)
	}
	ids, next, err := Page(sortedKeys(p.targets), in.PageSize, in.Marker)
	if err != nil {
		return nil, err
	}
	return &ListTargetsOutput{s.certificateARNs(ids), next}, nil
}
