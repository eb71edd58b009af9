package pattern

import (
	"encoding/json"
	"fmt"
	"strings"
)

// rule is one of the values that a key may have.
type rule struct {
	exists *bool
	test   func(value any) bool
}

func newRule(item any) (rule, error) {
	switch v := item.(type) {
	case string, json.Number, bool, nil:
		return rule{test: func(value any) bool { return value == v }}, nil
	case map[string]any:
		if len(v) == 1 {
			for name, argument := range v {
				return ruleOf(name, argument)
			}
		}
		return rule{}, fmt.Errorf("a rule is an object with one key")
	}
	return rule{}, fmt.Errorf("a value is a string, a number, true, false, null or a rule")
}

func ruleOf(name string, argument any) (rule, error) {
	switch name {
	case "exists":
		want, ok := argument.(bool)
		if !ok {
			return rule{}, fmt.Errorf("exists is true or false")
		}
		return rule{exists: &want}, nil
	case "numeric":
		return numeric(argument)
	case "anything-but":
		return anythingBut(argument)
	case "prefix":
		return text(name, argument, strings.HasPrefix)
	case "suffix":
		return text(name, argument, strings.HasSuffix)
	case "equals-ignore-case":
		return text(name, argument, strings.EqualFold)
	}
	return rule{}, fmt.Errorf("rule %q is not implemented by Shakedown: use exists, numeric, anything-but, prefix, suffix or equals-ignore-case", name)
}

func text(name string, argument any, test func(value, want string) bool) (rule, error) {
	want, ok := argument.(string)
	if !ok {
		return rule{}, fmt.Errorf("%s takes a string", name)
	}
	return rule{test: func(value any) bool {
		s, ok := value.(string)
		return ok && test(s, want)
	}}, nil
}

// anythingBut takes a value, a list of values, or a rule with a prefix or suffix.
func anythingBut(argument any) (rule, error) {
	list, ok := argument.([]any)
	if !ok {
		list = []any{argument}
	}
	var tests []func(any) bool
	for _, item := range list {
		r, err := newRule(item)
		if err != nil {
			return rule{}, fmt.Errorf("anything-but: %w", err)
		}
		if r.test == nil {
			return rule{}, fmt.Errorf("anything-but takes no exists")
		}
		tests = append(tests, r.test)
	}
	if len(tests) == 0 {
		return rule{}, fmt.Errorf("anything-but takes at least one value")
	}
	return rule{test: func(value any) bool {
		for _, test := range tests {
			if test(value) {
				return false
			}
		}
		return true
	}}, nil
}

// numeric takes one comparison, or two that bound a range: [">", 0, "<=", 5].
func numeric(argument any) (rule, error) {
	list, ok := argument.([]any)
	if !ok || (len(list) != 2 && len(list) != 4) {
		return rule{}, fmt.Errorf("numeric takes a comparison and a number, once or twice")
	}
	var tests []func(float64) bool
	for i := 0; i < len(list); i += 2 {
		operator, _ := list[i].(string)
		limit, isNumber := numberOf(list[i+1])
		test := comparisons[operator]
		if test == nil || !isNumber {
			return rule{}, fmt.Errorf("numeric takes =, <, <=, > or >= and a number, not %v %v", list[i], list[i+1])
		}
		tests = append(tests, func(x float64) bool { return test(x, limit) })
	}
	return rule{test: func(value any) bool {
		x, ok := numberOf(value)
		for _, test := range tests {
			ok = ok && test(x)
		}
		return ok
	}}, nil
}

func numberOf(value any) (float64, bool) {
	n, ok := value.(json.Number)
	if !ok {
		return 0, false
	}
	x, err := n.Float64()
	return x, err == nil
}

var comparisons = map[string]func(x, limit float64) bool{
	"=":  func(x, limit float64) bool { return x == limit },
	"<":  func(x, limit float64) bool { return x < limit },
	"<=": func(x, limit float64) bool { return x <= limit },
	">":  func(x, limit float64) bool { return x > limit },
	">=": func(x, limit float64) bool { return x >= limit },
}
