package policy

import "strings"

// Request is one thing somebody wants to do.
type Request struct {
	// Action is as in iot:Publish, Resource an ARN as in
	// arn:aws:iot:us-east-1:000000000000:topic/devices/sensor-1/telemetry.
	Action, Resource string
	// Vars are the policy variables' values by name, as in
	// iot:Connection.Thing.ThingName.
	Vars map[string]string
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

func (s statement) matches(r Request) bool {
	action := false
	for _, a := range s.actions {
		action = action || a == "*" || match(compile(a, nil), r.Action)
	}
	if !action {
		return false
	}
	for _, resource := range s.resources {
		if pattern := compile(resource, r.Vars); pattern != nil && match(pattern, r.Resource) {
			return true
		}
	}
	return false
}

// piece is a literal text, or a wildcard: * when many, ? when not.
type piece struct {
	text       string
	wild, many bool
}

// compile splits a pattern and puts values in place of variables. It is nil when
// a variable has no value.
func compile(pattern string, vars map[string]string) []piece {
	pieces := []piece{}
	for len(pattern) > 0 {
		i := strings.IndexAny(pattern, "*?$")
		if i < 0 {
			return append(pieces, piece{text: pattern})
		}
		if i > 0 {
			pieces = append(pieces, piece{text: pattern[:i]})
			pattern = pattern[i:]
		}
		name, rest, isVariable := variable(pattern)
		switch {
		case isVariable:
			value, ok := vars[name]
			if !ok || value == "" {
				return nil
			}
			pieces = append(pieces, piece{text: value})
			pattern = rest
		case pattern[0] == '$':
			pieces = append(pieces, piece{text: "$"})
			pattern = pattern[1:]
		default:
			pieces = append(pieces, piece{wild: true, many: pattern[0] == '*'})
			pattern = pattern[1:]
		}
	}
	return pieces
}

// variable cuts ${name} off the front. ${*}, ${?} and ${$} are the characters
// themselves.
func variable(pattern string) (name, rest string, ok bool) {
	inner, found := strings.CutPrefix(pattern, "${")
	if !found {
		return "", "", false
	}
	return strings.Cut(inner, "}")
}

// match compares pieces with a text, going back to the last * where it must:
// time is at most the product of their lengths.
func match(pieces []piece, text string) bool {
	at, star, mark := 0, -1, 0
	rest := text
	for {
		if at == len(pieces) {
			if rest == "" {
				return true
			}
		} else if p := pieces[at]; p.wild && p.many {
			star, mark = at, len(text)-len(rest)
			at++
			continue
		} else if p.wild && rest != "" {
			at, rest = at+1, rest[1:]
			continue
		} else if after, ok := strings.CutPrefix(rest, p.text); !p.wild && ok {
			at, rest = at+1, after
			continue
		}
		if star < 0 || mark >= len(text) {
			return false
		}
		mark++
		at, rest = star+1, text[mark:]
	}
}
