package iam

import (
	"net/http"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Handler is the wire of a State.
func Handler(s *State) http.Handler {
	return wire.Query{
		Namespace:     "https://iam.amazonaws.com/doc/2010-05-08/",
		Version:       "2010-05-08",
		UnknownMember: "ValidationError",
		Operations: map[string]wire.Operation{
			"AttachRolePolicy":            wire.Op(s.AttachRolePolicy),
			"CreatePolicy":                wire.Op(s.CreatePolicy),
			"CreatePolicyVersion":         wire.Op(s.CreatePolicyVersion),
			"CreateRole":                  wire.Op(s.CreateRole),
			"DeletePolicy":                wire.Op(s.DeletePolicy),
			"DeletePolicyVersion":         wire.Op(s.DeletePolicyVersion),
			"DeleteRole":                  wire.Op(s.DeleteRole),
			"DeleteRolePolicy":            wire.Op(s.DeleteRolePolicy),
			"DetachRolePolicy":            wire.Op(s.DetachRolePolicy),
			"GetPolicy":                   wire.Op(s.GetPolicy),
			"GetPolicyVersion":            wire.Op(s.GetPolicyVersion),
			"GetRole":                     wire.Op(s.GetRole),
			"GetRolePolicy":               wire.Op(s.GetRolePolicy),
			"ListAttachedRolePolicies":    wire.Op(s.ListAttachedRolePolicies),
			"ListInstanceProfilesForRole": wire.Op(s.ListInstanceProfilesForRole),
			"ListPolicies":                wire.Op(s.ListPolicies),
			"ListPolicyTags":              wire.Op(s.ListPolicyTags),
			"ListPolicyVersions":          wire.Op(s.ListPolicyVersions),
			"ListRolePolicies":            wire.Op(s.ListRolePolicies),
			"ListRoles":                   wire.Op(s.ListRoles),
			"ListRoleTags":                wire.Op(s.ListRoleTags),
			"PutRolePolicy":               wire.Op(s.PutRolePolicy),
			"SetDefaultPolicyVersion":     wire.Op(s.SetDefaultPolicyVersion),
			"TagPolicy":                   wire.Op(s.TagPolicy),
			"TagRole":                     wire.Op(s.TagRole),
			"UntagPolicy":                 wire.Op(s.UntagPolicy),
			"UntagRole":                   wire.Op(s.UntagRole),
			"UpdateAssumeRolePolicy":      wire.Op(s.UpdateAssumeRolePolicy),
			"UpdateRole":                  wire.Op(s.UpdateRole),
			"UpdateRoleDescription":       wire.Op(s.UpdateRoleDescription),
		},
	}
}
