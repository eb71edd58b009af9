package dynamodb

import (
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/partiql"
)

// factors are the conditions that all must hold.
func factors(where *partiql.Condition) []*partiql.Condition {
	if where == nil {
		return nil
	}
	if where.Operator != "AND" {
		return []*partiql.Condition{pathFirst(where)}
	}
	var all []*partiql.Condition
	for _, part := range where.Parts {
		all = append(all, factors(part)...)
	}
	return all
}

// turned are the comparisons with their operands the other way round.
var turned = map[string]string{"=": "=", "<": ">", "<=": ">=", ">": "<", ">=": "<="}

// pathFirst turns a comparison of a value with a path round.
func pathFirst(c *partiql.Condition) *partiql.Condition {
	if operator, ok := turned[c.Operator]; ok && c.Args[0].IsValue() && c.Args[1].Path != nil {
		return &partiql.Condition{Operator: operator, Args: []partiql.Operand{c.Args[1], c.Args[0]}}
	}
	return c
}

// of tells whether a factor compares an attribute with values, by an operator that
// a key condition may have.
func of(c *partiql.Condition, name string) bool {
	switch c.Operator {
	case "=", "<", "<=", ">", ">=", "BETWEEN", "begins_with":
	default:
		return false
	}
	path := c.Args[0].Path
	return len(path) == 1 && path[0] == attribute.Name(name) && !slices.ContainsFunc(c.Args[1:], func(o partiql.Operand) bool { return !o.IsValue() })
}

// equal takes the factor that gives an attribute its value out of all; it is false
// when there is none.
func equal(all []*partiql.Condition, name string) (attribute.Value, []*partiql.Condition, bool) {
	at := slices.IndexFunc(all, func(c *partiql.Condition) bool { return c.Operator == "=" && of(c, name) })
	if at < 0 {
		return attribute.Value{}, all, false
	}
	return all[at].Args[1].Value, slices.Delete(slices.Clone(all), at, at+1), true
}

// key is the key that a WHERE clause names, and its other conditions; false when it
// does not name all of the key.
func (s schema) key(where *partiql.Condition) (attribute.Item, []*partiql.Condition, bool) {
	key, rest := attribute.Item{}, factors(where)
	for _, k := range s {
		v, left, ok := equal(rest, k.name)
		if !ok {
			return nil, nil, false
		}
		key[k.name], rest = v, left
	}
	return key, rest, true
}
