package registry

import (
	"context"
	"maps"
)

// inherited are the names of the policies of a thing's groups and of the groups above
// them. The caller holds the lock.
func (s *State) inherited(thing string) map[string]bool {
	all := map[string]bool{}
	if !s.anyGroupPolicy() {
		return all
	}
	for name := range s.groupsOf(thing) {
		maps.Copy(all, s.policiesAbove(name))
	}
	return all
}

// anyGroupPolicy spares fleets without group policies the walk through the groups, at
// every change for every connection.
func (s *State) anyGroupPolicy() bool { return s.groupPolicies > 0 }

// policiesAbove are the names of the policies of a group and of those above it.
func (s *State) policiesAbove(group string) map[string]bool {
	all := map[string]bool{}
	for _, g := range s.lineage(group) {
		maps.Copy(all, g.policies)
	}
	return all
}

// EffectiveInput is the request of GetEffectivePolicies.
type EffectiveInput struct {
	ThingName             string `json:"-" query:"thingName"`
	Principal             string `json:"principal"`
	CognitoIdentityPoolID string `json:"cognitoIdentityPoolId"`
}

// EffectivePolicy is a policy in effect.
type EffectivePolicy struct {
	PolicyName     string `json:"policyName"`
	PolicyArn      string `json:"policyArn"`
	PolicyDocument string `json:"policyDocument"`
}

// EffectiveOutput is its answer.
type EffectiveOutput struct {
	EffectivePolicies []EffectivePolicy `json:"effectivePolicies"`
}

// GetEffectivePolicies lists the policies of a principal and those that a thing has by
// its groups, by name.
// https://docs.aws.amazon.com/iot/latest/developerguide/thing-groups.html#group-get-effective-policies
func (s *State) GetEffectivePolicies(_ context.Context, in *EffectiveInput) (*EffectiveOutput, error) {
	if in.CognitoIdentityPoolID != "" {
		return nil, invalid("GetEffectivePolicies: cognitoIdentityPoolId is not implemented by Shakedown")
	}
	if in.Principal == "" && in.ThingName == "" {
		return nil, invalid("GetEffectivePolicies wants principal or thingName, or both")
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	all := map[string]bool{}
	if in.Principal != "" {
		t, err := s.target(in.Principal)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, t.policies)
		if t.group {
			maps.Copy(all, s.policiesAbove(t.id))
		}
	}
	if in.ThingName != "" {
		if s.things[in.ThingName] == nil {
			return nil, notFound("Thing %s not found.", in.ThingName)
		}
		maps.Copy(all, s.inherited(in.ThingName))
	}
	out := &EffectiveOutput{EffectivePolicies: []EffectivePolicy{}}
	for _, name := range sortedKeys(all) {
		out.EffectivePolicies = append(out.EffectivePolicies, EffectivePolicy{name, s.arn("policy/" + name), s.policies[name].current.text})
	}
	return out, nil
}
