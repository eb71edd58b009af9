package policy

import (
	"slices"
	"strings"
)

// Of is what the policy of a resource says of a role of the resource's account. Allowed
// is enough for the role to act, whatever its own policies are silent about. Allowing the
// account is not: it only leaves the decision to the role's policies.
//
// Statements with a condition on a key of the service, as s3:x-amz-acl, are passed over:
// what a request has is not known before it is made.
//
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (d *Document) Of(role, account, region, action, resource string) Verdict {
	if d == nil {
		return Silent
	}
	known := KnownOfRole(role, account, region, nil)
	action = strings.ToLower(action)
	says := Silent
	for _, s := range d.statements {
		if !s.ofService() && s.principal.hasRole(role, account, s.deny) && s.actions.has(action, nil) && s.resources.has(resource, known) {
			says = max(says, s.judge(known).Verdict)
		}
	}
	return says
}

// ofService tells that a condition asks for a key that a service adds to a request.
func (s statement) ofService() bool {
	return slices.ContainsFunc(s.conditions, func(c condition) bool { return !strings.HasPrefix(c.key, "aws:") })
}

// hasRole tells whether a role is meant. The account stands for its roles where it is
// denied, or not allowed; to exempt a role from a deny, or to allow it, takes its ARN.
func (p principals) hasRole(role, account string, deny bool) bool {
	found := p.everyone || slices.Contains(p.accounts, role) || deny != p.not && slices.Contains(p.accounts, account)
	return found != p.not
}
