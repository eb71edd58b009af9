package policy

import (
	"maps"
	"strings"
)

// Judge is what the policy of a resource says of a caller. Allowed is enough for a role
// of the resource's account to act, whatever its own policies are silent about. Allowing
// the account is not: it only leaves the decision to the role's policies.
//
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-denyallow.html
//   - https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html
func (d *Document) Judge(c Caller, r Request) Judgement {
	var j Judgement
	if d == nil {
		return j
	}
	known, action := c.known(r.Account), strings.ToLower(r.Action)
	maps.Copy(known, r.Known)
	for _, s := range d.statements {
		is := s.principal.has(c, r.Account, s.deny)
		if is == no || !s.actions.has(action, nil) || !s.resources.has(r.Resource, known) { // which has no unclear ones
			continue
		}
		one := s.judge(known)
		if is == perhaps {
			one = one.doubted("the name of the session in its principals is")
		}
		j = j.Or(one)
	}
	return j
}
