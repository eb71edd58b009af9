package policy

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// condition is one key of one operator: it holds if a value matches.
// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
type condition struct {
	key      string // lower case
	values   []matcher
	not      bool // no value matches; holds without the key, too
	ifExists bool
	null     *bool // Null: the key is absent
}

// matcher compares a value with one of a policy, whose variables are those of known.
type matcher func(known map[string]string, value string) bool

// keys that conditions may ask for.
var keys = []string{
	"aws:sourcearn", "aws:sourceaccount", "aws:principalservicename", "aws:principalarn", "aws:principalaccount", "aws:sourceowner",
	"aws:principalisawsservice", "aws:securetransport", "aws:principalorgid",
}

// operator is how an operator compares: by text, as it is spelled here.
type operator struct {
	fold     bool // case does not count
	literal  bool // * and ? are characters
	arn, not bool
}

var operators = map[string]operator{
	"StringEquals":              {literal: true},
	"StringNotEquals":           {literal: true, not: true},
	"StringEqualsIgnoreCase":    {literal: true, fold: true},
	"StringNotEqualsIgnoreCase": {literal: true, fold: true, not: true},
	"StringLike":                {},
	"StringNotLike":             {not: true},
	"ArnEquals":                 {arn: true},
	"ArnLike":                   {arn: true},
	"ArnNotEquals":              {arn: true, not: true},
	"ArnNotLike":                {arn: true, not: true},
	"Bool":                      {literal: true, fold: true},
}

// parseConditions reads conditions, and which is not evaluated.
func (g grammar) parseConditions(raw json.RawMessage) (all []condition, unclear string, err error) {
	if raw == nil {
		return nil, "", nil
	}
	err = Members(raw, func(name string, value json.RawMessage) error {
		return Members(value, func(key string, value json.RawMessage) error {
			c, err := g.parseCondition(name, key, value)
			if g.leaves(err, &unclear) {
				return nil
			}
			all = append(all, c)
			return err
		})
	})
	return all, unclear, err
}

func (g grammar) parseCondition(name, key string, raw json.RawMessage) (condition, error) {
	c := condition{key: strings.ToLower(key)}
	if !g.knows(c.key) {
		return c, unimplemented("the key " + key + " is")
	}
	values, err := conditionValues(raw)
	if err != nil {
		return c, fmt.Errorf("%s %s: %w", name, key, err)
	}
	if name == "Null" {
		null := values[0] == "true"
		if c.null = &null; len(values) != 1 || !null && values[0] != "false" {
			return c, fmt.Errorf("condition Null %s is neither true nor false", key)
		}
		return c, nil
	}
	name, c.ifExists = strings.CutSuffix(name, "IfExists")
	op, ok := operators[name]
	if !ok {
		return c, unimplemented("the operator " + name + " is")
	}
	c.not = op.not
	for _, value := range values {
		match, err := op.matcher(value, g)
		if err != nil {
			return c, err
		}
		c.values = append(c.values, match)
	}
	return c, nil
}

// matcher compares with one value of a policy.
func (op operator) matcher(want string, g grammar) (matcher, error) {
	if op.arn {
		return arnMatcher(want, g)
	}
	p, err := g.compile(want)
	if err != nil || !op.literal {
		return p.Matches, err
	}
	p = p.literally()
	return func(known map[string]string, value string) bool {
		text, ok := p.expand(known)
		return ok && (text == value || op.fold && strings.EqualFold(text, value))
	}, nil
}

// partsOfARN is how many an ARN has, which colons are between.
const partsOfARN = 6

// arnMatcher compares part by part: a wildcard does not reach over the colons between
// the six parts of an ARN. Variables have their values before.
func arnMatcher(want string, g grammar) (matcher, error) {
	p, err := g.compile(want)
	if err != nil {
		return nil, err
	}
	if want == "*" {
		return p.Matches, nil
	}
	parts := p.split(partsOfARN)
	if len(p.Variables()) > 0 {
		return func(known map[string]string, value string) bool {
			p, ok := p.with(known)
			return ok && matchARN(p.split(partsOfARN), value)
		}, nil
	}
	if len(parts) != partsOfARN {
		return nil, fmt.Errorf("%q is no ARN", want)
	}
	return func(_ map[string]string, value string) bool { return matchARN(parts, value) }, nil
}

func matchARN(patterns []Pattern, arn string) bool {
	parts := strings.SplitN(arn, ":", partsOfARN)
	if len(parts) != partsOfARN || len(patterns) != partsOfARN {
		return false
	}
	for i, part := range parts {
		if !patterns[i].Matches(nil, part) {
			return false
		}
	}
	return true
}

// conditionValues reads texts, and booleans as texts.
func conditionValues(raw json.RawMessage) ([]string, error) {
	items, err := List(raw)
	if err != nil || len(items) == 0 {
		return nil, fmt.Errorf("%s is no value", raw)
	}
	var values []string
	for _, item := range items {
		text := string(item)
		if text != "true" && text != "false" {
			if text, err = Text(item); err != nil {
				return nil, fmt.Errorf("%s %w", item, err)
			}
		}
		values = append(values, text)
	}
	return values, nil
}

// holds tells whether the condition holds for what is known of a request.
func (c condition) holds(known map[string]string) bool {
	value, ok := known[c.key]
	switch {
	case c.null != nil:
		return *c.null != ok
	case !ok:
		return c.not || c.ifExists
	}
	return slices.ContainsFunc(c.values, func(match matcher) bool { return match(known, value) }) != c.not
}
