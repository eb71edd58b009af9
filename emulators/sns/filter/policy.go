package filter

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// Scope says what a policy looks at.
type Scope string

// The scopes.
const (
	Attributes Scope = "MessageAttributes"
	Body       Scope = "MessageBody"
)

// Policy is a parsed filter policy.
type Policy struct {
	scope Scope
	root  clause
}

// clause is an object of a policy: all its keys and all its alternatives must match.
type clause struct {
	keys  []key
	anyOf [][]clause // of each "$or"
}

// key is a leaf with conditions, or a nested object.
type key struct {
	name       string
	conditions []condition
	nested     *clause
}

// maxPolicy and maxDepth bound a policy: bytes, and levels of nesting.
const (
	maxPolicy = 256 << 10
	maxDepth  = 32
)

// Parse reads a policy. The error says what is wrong with it.
func Parse(text string, scope Scope) (*Policy, error) {
	if len(text) > maxPolicy {
		return nil, fmt.Errorf("the policy is larger than %d bytes", maxPolicy)
	}
	if scope != Attributes && scope != Body {
		return nil, fmt.Errorf("scope %q is not MessageAttributes or MessageBody", scope)
	}
	members, err := objectOf(json.RawMessage(text))
	if err != nil {
		return nil, fmt.Errorf("the policy is not a JSON object: %w", err)
	}
	root, err := parseClause(members, scope, 1)
	if err != nil {
		return nil, err
	}
	return &Policy{scope, root}, root.constrain()
}

// member is one name and value of an object, in the order of the text.
type member struct {
	name  string
	value json.RawMessage
}

// objectOf reads a JSON object's members and refuses a name that stands there twice.
func objectOf(text json.RawMessage) ([]member, error) {
	var members []member
	err := policy.Members(text, func(name string, value json.RawMessage) error {
		members = append(members, member{name, value})
		return nil
	})
	return members, err
}

func parseClause(members []member, scope Scope, depth int) (clause, error) {
	if len(members) == 0 && depth > 1 {
		return clause{}, fmt.Errorf("an object of the policy is empty")
	}
	if depth > maxDepth {
		return clause{}, fmt.Errorf("the policy nests deeper than %d levels", maxDepth)
	}
	var c clause
	for _, m := range members {
		if m.name == "$or" {
			alternatives, ok, err := parseOr(m.value, scope, depth)
			if err != nil {
				return c, err
			}
			if ok {
				c.anyOf = append(c.anyOf, alternatives)
				continue
			}
		}
		k, err := parseKey(m, scope, depth)
		if err != nil {
			return c, err
		}
		c.keys = append(c.keys, k)
	}
	return c, nil
}

// parseOr reads the alternatives of "$or". It is an alternative only with two
// objects or more of which none has a reserved name; otherwise it is a key like any other.
// https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html
func parseOr(value json.RawMessage, scope Scope, depth int) ([]clause, bool, error) {
	var items []json.RawMessage
	if json.Unmarshal(value, &items) != nil || len(items) < 2 {
		return nil, false, nil
	}
	var objects [][]member
	for _, item := range items {
		members, err := objectOf(item)
		if err != nil || slices.ContainsFunc(members, func(m member) bool { return operators[m.name] != nil }) {
			return nil, false, nil
		}
		objects = append(objects, members)
	}
	var alternatives []clause
	for _, members := range objects {
		c, err := parseClause(members, scope, depth+1)
		if err != nil {
			return nil, false, err
		}
		alternatives = append(alternatives, c)
	}
	return alternatives, true, nil
}

func parseKey(m member, scope Scope, depth int) (key, error) {
	k := key{name: m.name}
	if bytes.HasPrefix(bytes.TrimSpace(m.value), []byte("{")) {
		if scope == Attributes {
			return k, fmt.Errorf("%q: a policy over message attributes cannot nest", m.name)
		}
		members, err := objectOf(m.value)
		if err != nil {
			return k, fmt.Errorf("%q: %w", m.name, err)
		}
		nested, err := parseClause(members, scope, depth+1)
		k.nested = &nested
		return k, err
	}
	var items []json.RawMessage
	if err := json.Unmarshal(m.value, &items); err != nil {
		return k, fmt.Errorf("%q must be an object or an array", m.name)
	}
	if len(items) == 0 {
		return k, fmt.Errorf("%q: empty arrays are not allowed", m.name)
	}
	for _, item := range items {
		c, err := parseCondition(item)
		if err != nil {
			return k, fmt.Errorf("%q: %w", m.name, err)
		}
		k.conditions = append(k.conditions, c)
	}
	return k, nil
}
