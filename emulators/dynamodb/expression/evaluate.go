package expression

import (
	"slices"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

func (n *node) holds(item attribute.Item) bool {
	switch n.operator {
	case "AND":
		return !slices.ContainsFunc(n.parts, func(p *node) bool { return !p.holds(item) })
	case "OR":
		return slices.ContainsFunc(n.parts, func(p *node) bool { return p.holds(item) })
	case "NOT":
		return !n.parts[0].holds(item)
	case "BETWEEN":
		return n.compare(item, 1, func(c int) bool { return c >= 0 }) &&
			n.compare(item, 2, func(c int) bool { return c <= 0 })
	case "IN":
		return slices.ContainsFunc(n.args[1:], func(o operand) bool { return equal(n.args[0], o, item) })
	case "=":
		return equal(n.args[0], n.args[1], item)
	case "<>":
		// A missing attribute equals nothing, not even another one.
		return !equal(n.args[0], n.args[1], item)
	case "<":
		return n.compare(item, 1, func(c int) bool { return c < 0 })
	case "<=":
		return n.compare(item, 1, func(c int) bool { return c <= 0 })
	case ">":
		return n.compare(item, 1, func(c int) bool { return c > 0 })
	case ">=":
		return n.compare(item, 1, func(c int) bool { return c >= 0 })
	}
	return n.args[0].holds(item)
}

func equal(a, b operand, item attribute.Item) bool {
	v, ok := a.resolve(item)
	if !ok {
		return false
	}
	w, ok := b.resolve(item)
	return ok && v.Equal(w)
}

// compare is false when an operand is missing or the types have no order.
func (n *node) compare(item attribute.Item, other int, want func(int) bool) bool {
	v, ok := n.args[0].resolve(item)
	if !ok {
		return false
	}
	w, ok := n.args[other].resolve(item)
	if !ok {
		return false
	}
	order, ok := v.Compare(w)
	return ok && want(order)
}

// resolve finds the value of a path, a :value or size(…).
func (o operand) resolve(item attribute.Item) (attribute.Value, bool) {
	switch o.kind {
	case operandValue:
		return o.value, true
	case operandPath:
		return item.Get(o.path)
	}
	v, ok := o.args[0].resolve(item)
	if !ok {
		return v, false
	}
	n, ok := v.Length()
	return attribute.Int(int64(n)), ok
}

// holds evaluates a function that is a condition.
func (o operand) holds(item attribute.Item) bool {
	v, ok := o.args[0].resolve(item)
	switch o.text {
	case "attribute_exists":
		return ok
	case "attribute_not_exists":
		return !ok
	}
	w, found := o.args[1].resolve(item)
	if !ok || !found {
		return false
	}
	switch o.text {
	case "attribute_type":
		return v.Type().String() == w.Text()
	case "contains":
		return v.Contains(w)
	case "begins_with":
		return v.Type() == w.Type() && (v.Type() == attribute.S || v.Type() == attribute.B) && strings.HasPrefix(v.Text(), w.Text())
	}
	return false
}
