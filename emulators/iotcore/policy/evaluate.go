package policy

import (
	"slices"
	"strings"

	iam "github.com/shakedown-iot/shakedown/emulators/policy"
)

// Request is one thing somebody wants to do.
type Request struct {
	// Action is as in iot:Publish, Resource an ARN as in
	// arn:aws:iot:us-east-1:000000000000:topic/devices/sensor-1/telemetry.
	Action, Resource string
	// Vars are the policy variables' values by name, as in
	// iot:Connection.Thing.ThingName: keys of conditions, too.
	Vars map[string]string
	// Lists are keys of conditions with several values.
	Lists map[string][]string
}

// Decision is the outcome for a request.
type Decision int

// The decisions.
const (
	ImplicitDeny Decision = iota // nothing allows it
	Allow
	ExplicitDeny // a Deny matches
)

// String names the decision.
func (d Decision) String() string { return [...]string{"implicit deny", "allow", "explicit deny"}[d] }

// Evaluate decides a request by all documents of a principal.
func Evaluate(documents []*Document, r Request) Decision {
	r.Action = strings.ToLower(r.Action)
	decision := ImplicitDeny
	for _, d := range documents {
		for _, s := range d.statements {
			if !s.matches(r) {
				continue
			}
			if s.deny {
				return ExplicitDeny
			}
			decision = Allow
		}
	}
	return decision
}

// Missing are the variables without a value in resources, and such keys of conditions, of
// statements about the request's action, whatever its resource is.
func (d *Document) Missing(r Request) []string {
	var names []string
	r.Action = strings.ToLower(r.Action)
	for _, s := range d.statements {
		if !anyMatches(s.actions, nil, r.Action) {
			continue
		}
		for _, c := range s.conditions {
			if len(r.values(c.key)) == 0 {
				names = append(names, c.key)
			}
		}
		for _, p := range s.resources {
			for _, name := range p.Variables() {
				if r.Vars[name] == "" {
					names = append(names, name)
				}
			}
		}
	}
	return names
}

// matches is for a request whose action is in lower case.
func (s statement) matches(r Request) bool {
	return anyMatches(s.actions, nil, r.Action) && anyMatches(s.resources, r.Vars, r.Resource) &&
		!slices.ContainsFunc(s.conditions, func(c condition) bool { return !c.holds(r) })
}

func anyMatches(patterns []iam.Pattern, vars map[string]string, text string) bool {
	for _, p := range patterns {
		if p.Matches(vars, text) {
			return true
		}
	}
	return false
}
