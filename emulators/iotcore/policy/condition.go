package policy

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"slices"
	"strings"

	iam "github.com/shakedown-iot/shakedown/emulators/policy"
)

// condition is one key of one operator.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
type condition struct {
	key      string
	set      string // forAll, forAny or empty
	values   []iam.Comparison
	not      bool // no value compares
	ifExists bool
	null     *bool // Null: the key has no value
}

// Operators on keys with several values.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-single-vs-multi-valued-context-keys.html
const (
	forAll = "ForAllValues"
	forAny = "ForAnyValue"
)

// parseConditions reads the Condition of a statement.
func parseConditions(raw json.RawMessage, variables bool) ([]condition, error) {
	var all []condition
	err := iam.Members(raw, func(operator string, value json.RawMessage) error {
		return iam.Members(value, func(key string, value json.RawMessage) error {
			c, err := parseCondition(operator, key, value, variables)
			if err != nil {
				return fmt.Errorf("condition %s %s: %w", operator, key, err)
			}
			all = append(all, c)
			return nil
		})
	})
	return all, err
}

func parseCondition(operator, key string, raw json.RawMessage, variables bool) (condition, error) {
	var c condition
	var ok bool
	if c.key, ok = keyOf(key); !ok {
		return c, fmt.Errorf("the key is not implemented by Shakedown")
	}
	values, err := iam.ConditionValues(raw)
	if err != nil {
		return c, err
	}
	if set, rest, found := strings.Cut(operator, ":"); found {
		if c.set, operator = set, rest; set != forAll && set != forAny {
			return c, fmt.Errorf("%s is neither %s nor %s", set, forAll, forAny)
		}
	} else if c.key == ConnectAttributes {
		c.set = forAll // on the page of examples a plain operator lets in who has none of them
	}
	if operator == "Null" {
		return c.ofNull(values)
	}
	if len(values) == 0 && c.set == "" {
		return c, fmt.Errorf("there is no value")
	}
	operator, c.ifExists = strings.CutSuffix(operator, "IfExists")
	for _, value := range values {
		compare, not, err := comparison(operator, value, variables)
		if err != nil {
			return c, err
		}
		c.values, c.not = append(c.values, compare), not
	}
	return c, nil
}

func (c condition) ofNull(values []string) (condition, error) {
	if len(values) != 1 || values[0] != "true" && values[0] != "false" {
		return c, fmt.Errorf("%v is neither true nor false", values)
	}
	null := values[0] == "true"
	c.null = &null
	return c, nil
}

// comparison is that of an operator, the addresses' among them, with a value.
func comparison(operator, want string, variables bool) (iam.Comparison, bool, error) {
	if operator != "IpAddress" && operator != "NotIpAddress" {
		compare, not, err := iam.Compare(operator, want, variables)
		if p, wrong := iam.Compile(want, variables); wrong == nil && err == nil {
			if name := unknownVariable(p.Variables()); name != "" {
				err = fmt.Errorf("the variable %s is not implemented by Shakedown", name)
			}
		}
		return compare, not, err
	}
	prefix, err := netip.ParsePrefix(want)
	if !strings.Contains(want, "/") {
		var one netip.Addr
		one, err = netip.ParseAddr(want)
		prefix = netip.PrefixFrom(one, one.BitLen())
	}
	if err != nil {
		return nil, false, fmt.Errorf("%q is no range of addresses", want)
	}
	return func(_ map[string]string, value string) bool {
		ip, err := netip.ParseAddr(value)
		return err == nil && prefix.Contains(ip.Unmap())
	}, operator == "NotIpAddress", nil
}

// holds tells whether the condition holds for a request.
func (c condition) holds(r Request) bool {
	values := r.values(c.key)
	passes := func(value string) bool {
		compares := func(compare iam.Comparison) bool { return compare(r.Vars, value) }
		return slices.ContainsFunc(c.values, compares) != c.not
	}
	switch {
	case c.null != nil:
		return *c.null == (len(values) == 0)
	case c.set == forAll:
		return !slices.ContainsFunc(values, func(value string) bool { return !passes(value) })
	case len(values) == 0:
		return c.ifExists || c.not && c.set == ""
	}
	return slices.ContainsFunc(values, passes)
}

// values are those of a key.
func (r Request) values(key string) []string {
	if list, ok := r.Lists[key]; ok {
		return list
	}
	if value := r.Vars[key]; value != "" {
		return []string{value}
	}
	return nil
}
