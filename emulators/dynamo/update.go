package dynamodb

import (
	"strings"

	"github.com/cockroachdb/apd/v3"
)

func intValue(n int) Value {
	v, _ := number(apd.New(int64(n), 0))
	return v
}

// update is a parsed UpdateExpression.
type update struct {
	actions       []action
	names, values map[string]bool
}

// action changes one path: SET to what compute gives, REMOVE, ADD or DELETE.
type action struct {
	verb    string
	path    path
	compute func(*env) (Value, error)
	value   string
}

func parseUpdate(text string) (*update, error) {
	p, err := newParser("UpdateExpression", text)
	if err != nil {
		return nil, err
	}
	u := &update{names: p.names, values: p.values}
	seen := map[string]bool{}
	for p.peek().kind != 0 {
		verb := strings.ToUpper(p.next().text)
		if verb != "SET" && verb != "REMOVE" && verb != "ADD" && verb != "DELETE" {
			p.at--
			return nil, p.syntax()
		}
		if seen[verb] {
			return nil, validation("Invalid UpdateExpression: The \"%s\" section can only be used once in an update expression;", verb)
		}
		seen[verb] = true
		for {
			a, err := p.action(verb)
			if err != nil {
				return nil, err
			}
			u.actions = append(u.actions, a)
			if !p.accept(",") {
				break
			}
		}
	}
	return u, nil
}

func (p *parser) action(verb string) (action, error) {
	target, err := p.path()
	a := action{verb: verb, path: target}
	if err != nil || verb == "REMOVE" {
		return a, err
	}
	if verb == "SET" {
		if err := p.expect("="); err != nil {
			return a, err
		}
		a.compute, err = p.sum()
		return a, err
	}
	value, ok := p.value()
	if !ok {
		return a, p.syntax()
	}
	a.value = value
	return a, nil
}

type compute func(*env) (Value, error)

// sum reads operand [+|- operand].
func (p *parser) sum() (func(*env) (Value, error), error) {
	left, err := p.term()
	if err != nil {
		return nil, err
	}
	op := p.peek().text
	if !p.accept("+") && !p.accept("-") {
		return left, nil
	}
	right, err := p.term()
	if err != nil {
		return nil, err
	}
	return func(e *env) (Value, error) {
		a, err := left(e)
		if err != nil {
			return a, err
		}
		b, err := right(e)
		if err != nil {
			return b, err
		}
		return plus(a, b, op == "-")
	}, nil
}

func plus(a, b Value, minus bool) (Value, error) {
	if a.kind != "N" || b.kind != "N" {
		return Value{}, validation("An operand in the update expression has an incorrect data type")
	}
	d := new(apd.Decimal)
	var err error
	if minus {
		_, err = numbers.Sub(d, a.n, b.n)
	} else {
		_, err = numbers.Add(d, a.n, b.n)
	}
	if err != nil {
		return Value{}, validation("An operand in the update expression is out of range")
	}
	return number(d)
}

// term reads :value, path, if_not_exists(path, x) or list_append(a, b).
func (p *parser) term() (compute, error) {
	if v, ok := p.value(); ok {
		return func(e *env) (Value, error) { return e.values[v], nil }, nil
	}
	t := p.peek()
	if t.kind == 'w' && p.tokens[p.at+1].is("(") {
		return p.termFunction(t.text)
	}
	from, err := p.path()
	if err != nil {
		return nil, err
	}
	return func(e *env) (Value, error) {
		v, ok := e.get(from)
		if !ok {
			return v, validation("The provided expression refers to an attribute that does not exist in the item")
		}
		return v, nil
	}, nil
}

func (p *parser) termFunction(name string) (compute, error) {
	if name != "if_not_exists" && name != "list_append" {
		return nil, validation("Invalid UpdateExpression: Invalid function name; function: %s", name)
	}
	if err := p.down(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	p.at += 2
	var of path
	first, err := compute(nil), error(nil)
	if name == "if_not_exists" {
		of, err = p.path()
	} else {
		first, err = p.term()
	}
	if err != nil {
		return nil, err
	}
	if err := p.expect(","); err != nil {
		return nil, err
	}
	second, err := p.term()
	if err != nil {
		return nil, err
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	if name == "if_not_exists" {
		return func(e *env) (Value, error) {
			if v, ok := e.get(of); ok {
				return v, nil
			}
			return second(e)
		}, nil
	}
	return func(e *env) (Value, error) {
		a, err := first(e)
		if err != nil {
			return a, err
		}
		b, err := second(e)
		if err != nil {
			return b, err
		}
		if a.kind != "L" || b.kind != "L" {
			return Value{}, validation("An operand in the update expression has an incorrect data type")
		}
		return Value{kind: "L", l: append(append([]Value(nil), a.l...), b.l...)}, nil
	}, nil
}

// apply makes the new item of an old one, which is not changed. All actions see
// the old item. Key attributes may not be changed; paths may not overlap.
func (u *update) apply(old Item, e *env, key keySchema) (Item, error) {
	type change struct {
		action
		value Value
	}
	e.item = old
	var changes []change
	for i, a := range u.actions {
		name := e.attribute(a.path[0])
		if name == key.hash || name == key.sort {
			return nil, validation("One or more parameter values were invalid: Cannot update attribute %s. This attribute is part of the key", name)
		}
		for _, other := range u.actions[:i] {
			if e.overlap(a.path, other.path) {
				return nil, validation("Invalid UpdateExpression: Two document paths overlap with each other; must remove or rewrite one of these paths; path: [%s]", name)
			}
		}
		c := change{action: a}
		var err error
		switch a.verb {
		case "SET":
			c.value, err = a.compute(e)
		case "ADD":
			c.value, err = e.add(a)
		case "DELETE":
			c.value, err = e.subtract(a)
		}
		if err != nil {
			return nil, err
		}
		changes = append(changes, c)
	}
	next := old.copy()
	for _, c := range changes {
		remove := c.verb == "REMOVE" || c.verb == "DELETE" && c.value.kind == ""
		if err := e.put(next, c.path, c.value, remove); err != nil {
			return nil, err
		}
	}
	return next, nil
}

func (e *env) overlap(a, b path) bool {
	for i := range min(len(a), len(b)) {
		if a[i].index != b[i].index || a[i].index < 0 && e.attribute(a[i]) != e.attribute(b[i]) {
			return false
		}
	}
	return true
}

// add is ADD: a number to a number, or elements to a set.
func (e *env) add(a action) (Value, error) {
	v := e.values[a.value]
	old, ok := e.get(a.path)
	switch {
	case v.kind != "N" && v.set == nil:
		return v, validation("Invalid UpdateExpression: Incorrect operand type for operator or function; operator: ADD, operand type: %s", v.kind)
	case !ok:
		return v, nil
	case old.kind != v.kind:
		return v, validation("An operand in the update expression has an incorrect data type")
	case v.kind == "N":
		return plus(old, v, false)
	}
	out := Value{kind: v.kind, set: append([]Value(nil), old.set...)}
	for _, item := range v.set {
		if !contains(old, item) {
			out.set = append(out.set, item)
		}
	}
	out.sortSet()
	return out, nil
}

// subtract is DELETE: elements from a set. An empty set is no value.
func (e *env) subtract(a action) (Value, error) {
	v := e.values[a.value]
	if v.set == nil {
		return v, validation("Invalid UpdateExpression: Incorrect operand type for operator or function; operator: DELETE, operand type: %s", v.kind)
	}
	old, ok := e.get(a.path)
	if !ok {
		return Value{}, nil
	}
	if old.kind != v.kind {
		return v, validation("An operand in the update expression has an incorrect data type")
	}
	out := Value{kind: v.kind}
	for _, item := range old.set {
		if !contains(v, item) {
			out.set = append(out.set, item)
		}
	}
	if len(out.set) == 0 {
		return Value{}, nil
	}
	return out, nil
}

var errPath = validation("The document path provided in the update expression is invalid for update")

// put sets or removes what a path leads to in an item that may be changed.
func (e *env) put(item Item, p path, v Value, remove bool) error {
	name := e.attribute(p[0])
	if len(p) == 1 {
		if remove {
			delete(item, name)
		} else {
			item[name] = v
		}
		return nil
	}
	inner, ok := item[name]
	if !ok {
		if remove {
			return nil
		}
		return errPath
	}
	changed, err := e.within(inner, p[1:], v, remove)
	if err != nil {
		return err
	}
	item[name] = changed
	return nil
}

// within changes a container and returns it.
func (e *env) within(c Value, p path, v Value, remove bool) (Value, error) {
	s := p[0]
	if s.index < 0 {
		if c.kind != "M" {
			return c, errPath
		}
		return c, e.put(c.m, p, v, remove)
	}
	if c.kind != "L" {
		return c, errPath
	}
	there := s.index < len(c.l)
	switch {
	case len(p) > 1 && there:
		changed, err := e.within(c.l[s.index], p[1:], v, remove)
		if err != nil {
			return c, err
		}
		c.l[s.index] = changed
	case len(p) > 1 && !remove:
		return c, errPath
	case remove && there && len(p) == 1:
		c.l = append(c.l[:s.index:s.index], c.l[s.index+1:]...)
	case remove:
	case there:
		c.l[s.index] = v
	default:
		c.l = append(c.l, v)
	}
	return c, nil
}
