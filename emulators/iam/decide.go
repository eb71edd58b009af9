package iam

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// Decide is nil if a service may assume a role of the account and the role may do what
// the use names; otherwise it is a [policy.Refusal].
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
func (s *State) Decide(u policy.Use) error {
	if decided, ok := s.decisions.find(u); ok {
		return decided
	}
	if u.Once { // only the trust is asked for again
		if err := s.Decide(policy.Use{Caller: u.Caller, Role: u.Role}); err != nil {
			return err
		}
	}
	s.mu.RLock()
	generation := s.decisions.generation.Load()
	decided := s.decide(u)
	s.mu.RUnlock()
	if !u.Once {
		s.decisions.keep(u, decided, generation)
	}
	return decided
}

// decide asks the policies; the caller holds the lock.
func (s *State) decide(u policy.Use) error {
	r := s.role(policy.NameOfRole(u.Role))
	if r == nil || r.arn != u.Role {
		return s.absent(u, r)
	}
	if !u.Once {
		if err := s.assumed(u, r); err != nil {
			return err
		}
	}
	if most := time.Duration(r.maxSession) * time.Second; u.Session > most {
		return &policy.Refusal{Use: u, Assume: true, Long: true, Reason: fmt.Sprintf("its MaxSessionDuration is %s, less than %s", most, u.Session),
			Remedy: fmt.Sprintf("aws iam update-role --role-name %s --max-session-duration %d", r.name, int(u.Session.Seconds()))}
	}
	if u.Action == "" {
		return nil
	}
	return s.permitted(u, r)
}

// absent refuses what names no role; r is the role of that name with another path.
func (s *State) absent(u policy.Use, r *role) error {
	refusal := &policy.Refusal{Use: u, Assume: true, Reason: "the role does not exist"}
	name, path := policy.NameOfRole(u.Role), ""
	own := s.arn("role/")
	rest, ok := strings.CutPrefix(u.Role, own)
	switch {
	case !ok:
		refusal.Reason = "the role is not of this account, whose roles are " + own + "…"
		return refusal
	case r != nil:
		refusal.Reason = "the role does not exist; there is " + r.arn
		return refusal
	case rest != name:
		path = " --path /" + strings.TrimSuffix(rest, name)
	}
	refusal.Remedy = "aws iam create-role --role-name " + name + path + " --assume-role-policy-document '" + policy.Trust(u.Caller.Service) + "'"
	return refusal
}

// assumed asks the trust policy.
func (s *State) assumed(u policy.Use, r *role) error {
	j := r.trust.Trusts(u.Caller, s.account)
	if j.Verdict == policy.Allowed {
		return nil
	}
	refusal := &policy.Refusal{
		Use: u, Assume: true, Reason: reason(j, "its trust policy", "does not let "+u.Caller.Service+" assume it"),
		Remedy: "aws iam update-assume-role-policy --role-name " + r.name + " --policy-document '" + policy.Trust(u.Caller.Service) + "'",
	}
	if u.Caller.SourceARN != "" && j.Verdict == policy.Silent {
		refusal.Reason += " for " + u.Caller.SourceARN
	}
	return refusal
}

// permitted asks the policies of a role.
func (s *State) permitted(u policy.Use, r *role) error {
	j, of := s.judge(u, r)
	if j.Verdict == policy.Allowed {
		return nil
	}
	refusal := &policy.Refusal{Use: u, Verdict: j.Verdict, Reason: reason(j, of, "no identity-based policy allows the "+u.Action+" action")}
	if j.Verdict <= policy.UnclearAllow {
		refusal.Remedy = "aws iam put-role-policy --role-name " + r.name + " --policy-name " + strings.ReplaceAll(u.Action, ":", "-") +
			" --policy-document '" + policy.Permission(u.Action, u.Resource) + "'"
	}
	return refusal
}

// judge is what a role's policies say, and the one whose word counts.
func (s *State) judge(u policy.Use, r *role) (j policy.Judgement, of string) {
	action, known := strings.ToLower(u.Action), r.known
	if u.Given.Key != "" {
		known = maps.Clone(known)
		known[u.Given.Key] = u.Given.Value
	}
	hear := func(name string, one policy.Judgement) {
		if one.Verdict > j.Verdict || one.Verdict == j.Verdict && name < of { // the same one whatever the order
			j, of = one, name
		}
	}
	for name, d := range r.inline {
		hear(name, d.Permits(action, u.Resource, known))
	}
	for arn := range r.attached {
		if d := s.managed(arn); d != nil {
			hear(arn, d.Permits(action, u.Resource, known))
			continue
		}
		hear(arn, policy.Judgement{Verdict: policy.UnclearAllow, Unclear: "its document is"})
	}
	return j, of
}

// managed is the document of a managed policy, or nil for one of AWS's that is not
// among those of this package.
func (s *State) managed(arn string) *policy.Document {
	if p := s.policies[arn]; p != nil {
		i, _ := p.version(p.current) // there always is one
		return p.versions[i].Document
	}
	return publishedByAWS()[arn].Document
}

// reason says in words why something is refused.
func reason(j policy.Judgement, of, silent string) string {
	switch j.Verdict {
	case policy.ExplicitDeny:
		return "an explicit deny in " + of
	case policy.UnclearAllow, policy.UnclearDeny:
		return fmt.Sprintf("it hangs on a part of %s that is not evaluated: %s not implemented by Shakedown", of, j.Unclear)
	}
	if of == "its trust policy" {
		return of + " " + silent
	}
	return silent
}
