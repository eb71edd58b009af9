package filter

import (
	"encoding/json"
	"strconv"
)

// Attribute is a message attribute: its data type, such as String, Number or
// String.Array, and its value as text.
type Attribute struct{ DataType, Value string }

// Matches tells whether the policy accepts a message. A body that is not a JSON
// object matches no policy over bodies.
func (p *Policy) Matches(attributes map[string]Attribute, body string) bool {
	if p.scope == Body {
		var message map[string]any
		return json.Unmarshal([]byte(body), &message) == nil && p.root.matches(message, len(message) > 0)
	}
	message := map[string]any{}
	for name, a := range attributes {
		if value, ok := a.value(); ok {
			message[name] = value
		}
	}
	return p.root.matches(message, len(message) > 0)
}

// value is an attribute's value as JSON has it; binary ones are ignored.
func (a Attribute) value() (any, bool) {
	switch a.DataType {
	case "String":
		return a.Value, true
	case "Number":
		n, err := strconv.ParseFloat(a.Value, 64)
		return n, err == nil
	case "String.Array":
		var list []any
		err := json.Unmarshal([]byte(a.Value), &list)
		return list, err == nil
	}
	return nil, false
}

// matches tells whether every key and one alternative of each "$or" match; some tells that
// there is something in the whole message, for an empty one has no absent keys.
// https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html
func (c clause) matches(message map[string]any, some bool) bool {
	for _, k := range c.keys {
		if !k.matches(message, some) {
			return false
		}
	}
	for _, alternatives := range c.anyOf {
		if !anyMatches(alternatives, message, some) {
			return false
		}
	}
	return true
}

func anyMatches(alternatives []clause, message map[string]any, some bool) bool {
	for _, a := range alternatives {
		if a.matches(message, some) {
			return true
		}
	}
	return false
}

func (k key) matches(message map[string]any, some bool) bool {
	value, there := message[k.name]
	if k.nested != nil {
		return k.nested.matchesIn(value, some)
	}
	for _, c := range k.conditions {
		if !there && c.absent && some {
			return true
		}
		if there && c.matchesIn(value) {
			return true
		}
	}
	return false
}

// matchesIn looks into an object, or into the objects of an array. What is neither has no
// keys: all below it are absent.
func (c clause) matchesIn(value any, some bool) bool {
	switch v := value.(type) {
	case map[string]any:
		return c.matches(v, some)
	case []any:
		for _, item := range v {
			if c.matchesIn(item, some) {
				return true
			}
		}
		return false
	}
	return c.matches(nil, some)
}

// matchesIn tells whether a value, or an element of an array, fulfils the condition.
func (c condition) matchesIn(value any) bool {
	switch v := value.(type) {
	case []any:
		for _, item := range v {
			if c.matchesIn(item) {
				return true
			}
		}
		return false
	case map[string]any:
		return false // conditions are for leaves
	}
	return c.match(value)
}
