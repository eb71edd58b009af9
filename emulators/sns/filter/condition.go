package filter

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
)

// condition is one element of a leaf's array.
type condition struct {
	match func(value any) bool // of a value that is there
	// absent matches a key that is not there.
	absent bool
	points int // of wildcards, for the policy's complexity
}

// operators are the reserved names, each with what reads its operand.
var operators map[string]func(json.RawMessage) (condition, error)

func init() {
	operators = map[string]func(json.RawMessage) (condition, error){
		"anything-but":       anythingBut,
		"prefix":             onText(strings.HasPrefix),
		"suffix":             onText(strings.HasSuffix),
		"equals-ignore-case": onText(strings.EqualFold),
		"wildcard":           wildcard,
		"cidr":               cidr,
		"exists":             exists,
		"numeric":            numeric,
	}
}

func parseCondition(item json.RawMessage) (condition, error) {
	if !bytes.HasPrefix(item, []byte("{")) {
		value, err := plain(item)
		return condition{match: func(v any) bool { return v == value }}, err
	}
	members, err := objectOf(item)
	if err != nil {
		return condition{}, err
	}
	if len(members) != 1 {
		return condition{}, errors.New("only one key is allowed in a match expression")
	}
	read := operators[members[0].name]
	if read == nil {
		return condition{}, fmt.Errorf("unrecognized match type %s", members[0].name)
	}
	c, err := read(members[0].value)
	if err != nil {
		err = fmt.Errorf("%s: %w", members[0].name, err)
	}
	return c, err
}

// plain reads a string, a number, true, false or null.
func plain(item json.RawMessage) (any, error) {
	var value any
	if err := json.Unmarshal(item, &value); err != nil {
		return nil, err
	}
	switch v := value.(type) {
	case float64:
		return value, inRange(v)
	case []any, map[string]any:
		return nil, errors.New("a match value must be a string, a number, true, false or null")
	}
	return value, nil
}

func onText(test func(value, operand string) bool) func(json.RawMessage) (condition, error) {
	return func(item json.RawMessage) (condition, error) {
		var operand string
		if err := json.Unmarshal(item, &operand); err != nil || operand == "" {
			return condition{}, errors.New("it takes a string that is not empty")
		}
		return condition{match: func(value any) bool {
			text, ok := value.(string)
			return ok && test(text, operand)
		}}, nil
	}
}

// anythingBut matches a value that is none of the operand's.
func anythingBut(item json.RawMessage) (condition, error) {
	var forbidden []condition
	switch item[0] {
	case '{':
		members, err := objectOf(item)
		if err != nil || len(members) != 1 {
			return condition{}, errors.New("it takes one of prefix, suffix and wildcard")
		}
		switch members[0].name {
		case "prefix", "suffix", "wildcard":
		default:
			return condition{}, fmt.Errorf("%s cannot stand in anything-but", members[0].name)
		}
		c, err := operators[members[0].name](members[0].value)
		if err != nil {
			return condition{}, err
		}
		forbidden = append(forbidden, c)
	default:
		var items []json.RawMessage
		if json.Unmarshal(item, &items) != nil {
			items = []json.RawMessage{item}
		}
		if len(items) == 0 {
			return condition{}, errors.New("empty arrays are not allowed")
		}
		for _, value := range items {
			v, err := plain(value)
			if err != nil {
				return condition{}, err
			}
			forbidden = append(forbidden, condition{match: func(value any) bool { return value == v }})
		}
	}
	return condition{points: 1, match: func(value any) bool {
		for _, f := range forbidden {
			if f.match(value) {
				return false
			}
		}
		return true
	}}, nil
}

func cidr(item json.RawMessage) (condition, error) {
	var text string
	if err := json.Unmarshal(item, &text); err != nil {
		return condition{}, errors.New("it takes a string such as 10.0.0.0/24")
	}
	network, err := netip.ParsePrefix(text)
	if err != nil {
		return condition{}, fmt.Errorf("%q is not a network such as 10.0.0.0/24", text)
	}
	return condition{match: func(value any) bool {
		text, _ := value.(string)
		addr, err := netip.ParseAddr(text)
		return err == nil && network.Masked().Contains(addr)
	}}, nil
}

func exists(item json.RawMessage) (condition, error) {
	var there bool
	if err := json.Unmarshal(item, &there); err != nil {
		return condition{}, errors.New("it takes true or false")
	}
	return condition{absent: !there, match: func(value any) bool { return there && value != nil && value != "" }}, nil
}
