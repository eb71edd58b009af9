package registry

import (
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/policy"
)

// AuthResult is what policies say about an AuthInfo.
type AuthResult struct {
	AuthInfo AuthInfo   `json:"authInfo"`
	Allowed  PolicyList `json:"allowed"`
	Denied   Denied     `json:"denied"`
	// AuthDecision is ALLOWED, EXPLICIT_DENY or IMPLICIT_DENY.
	AuthDecision string `json:"authDecision"`
	// MissingContextValues are policy variables without a value, such as
	// iot:Connection.Thing.ThingName.
	MissingContextValues []string `json:"missingContextValues"`
}

// Denied are the policies that deny, or do not allow, an action.
type Denied struct {
	ImplicitDeny PolicyList `json:"implicitDeny"`
	ExplicitDeny PolicyList `json:"explicitDeny"`
}

// PolicyList is a list of policies, by name.
type PolicyList struct {
	Policies []PolicyItem `json:"policies"`
}

func newAuthResult(info AuthInfo) AuthResult {
	none := PolicyList{[]PolicyItem{}}
	return AuthResult{AuthInfo: info, Allowed: none, Denied: Denied{none, none}}
}

// add enters a policy by what it says about each resource.
func (r *AuthResult) add(p PolicyItem, said []policy.Decision) {
	enter := func(list *PolicyList) { list.Policies = append(list.Policies, p) }
	allows, denies := slices.Contains(said, policy.Allow), slices.Contains(said, policy.ExplicitDeny)
	if allows {
		enter(&r.Allowed)
	}
	if denies {
		enter(&r.Denied.ExplicitDeny)
	}
	if !allows && !denies {
		enter(&r.Denied.ImplicitDeny)
	}
}

// worst is the decision about all resources: one that is denied denies all.
func worst(decisions []policy.Decision) string {
	switch {
	case slices.Contains(decisions, policy.ExplicitDeny):
		return "EXPLICIT_DENY"
	case slices.Contains(decisions, policy.ImplicitDeny):
		return "IMPLICIT_DENY"
	}
	return "ALLOWED"
}
