package expression

import "github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"

// Whole is an action on a whole attribute: SET, ADD or DELETE a value, or REMOVE.
type Whole struct {
	Verb, Name string
	Value      attribute.Value
}

// UpdateOf is the update of such actions, which name different attributes; ADD takes a
// number or a set, and DELETE a set.
func UpdateOf(actions []Whole) *Update {
	u := &Update{actions: make([]action, len(actions))}
	for i, a := range actions {
		u.actions[i] = action{verb: a.Verb, path: attribute.Path{attribute.Name(a.Name)}, to: operand{kind: operandValue, value: a.Value}}
	}
	return u
}
