package registry

import "context"

// PrincipalPolicyInput is the request of AttachPrincipalPolicy and
// DetachPrincipalPolicy, which AWS has kept from before AttachPolicy.
type PrincipalPolicyInput struct {
	PolicyName string `json:"-" path:"policyName"`
	Principal  string `json:"-" header:"X-Amzn-Iot-Principal"`
}

// AttachPrincipalPolicy is AttachPolicy for certificates.
func (s *State) AttachPrincipalPolicy(ctx context.Context, in *PrincipalPolicyInput) (*Empty, error) {
	if err := checkPrincipal(in.Principal); err != nil {
		return nil, err
	}
	return s.AttachPolicy(ctx, &AttachPolicyInput{PolicyName: in.PolicyName, Target: in.Principal})
}

// DetachPrincipalPolicy is DetachPolicy for certificates.
func (s *State) DetachPrincipalPolicy(ctx context.Context, in *PrincipalPolicyInput) (*Empty, error) {
	if err := checkPrincipal(in.Principal); err != nil {
		return nil, err
	}
	return s.DetachPolicy(ctx, &AttachPolicyInput{PolicyName: in.PolicyName, Target: in.Principal})
}

// ListPrincipalPoliciesInput is the request of ListPrincipalPolicies.
type ListPrincipalPoliciesInput struct {
	Principal      string `json:"-" header:"X-Amzn-Iot-Principal"`
	PageSize       int    `json:"-" query:"pageSize"`
	Marker         string `json:"-" query:"marker"`
	AscendingOrder bool   `json:"-" query:"isAscendingOrder"`
}

// ListPrincipalPolicies lists the policies of a certificate by name, backward unless
// AscendingOrder.
func (s *State) ListPrincipalPolicies(_ context.Context, in *ListPrincipalPoliciesInput) (*ListPoliciesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	c, err := s.targetCertificate(in.Principal)
	if err != nil {
		return nil, err
	}
	return s.policyPage(ordered(sortedKeys(c.policies), in.AscendingOrder), in.PageSize, in.Marker)
}

// ListPolicyPrincipalsInput is the request of ListPolicyPrincipals.
type ListPolicyPrincipalsInput struct {
	PolicyName     string `json:"-" header:"X-Amzn-Iot-Policy"`
	PageSize       int    `json:"-" query:"pageSize"`
	Marker         string `json:"-" query:"marker"`
	AscendingOrder bool   `json:"-" query:"isAscendingOrder"`
}

// ListPolicyPrincipalsOutput is its answer: certificate ARNs.
type ListPolicyPrincipalsOutput struct {
	Principals []string `json:"principals"`
	NextMarker string   `json:"nextMarker,omitempty"`
}

// ListPolicyPrincipals lists the certificates that have a policy.
func (s *State) ListPolicyPrincipals(_ context.Context, in *ListPolicyPrincipalsInput) (*ListPolicyPrincipalsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	p, ok := s.policies[in.PolicyName]
	if !ok {
		return nil, notFound("Policy %s not found", in.PolicyName)
	}
	arns, next, err := pageOf(ordered(sortedKeys(p.targets), in.AscendingOrder), in.PageSize, in.Marker, s.certificateARN)
	if err != nil {
		return nil, err
	}
	return &ListPolicyPrincipalsOutput{arns, next}, nil
}
