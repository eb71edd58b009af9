package dynamodb

import (
	"bytes"
	"strings"
)

// env is what an expression is evaluated on.
type env struct {
	item   Item
	names  map[string]string
	values map[string]Value
}

func (e *env) attribute(s step) string {
	if strings.HasPrefix(s.name, "#") {
		return e.names[s.name]
	}
	return s.name
}

// get follows a path; false is that nothing is there.
func (e *env) get(p path) (Value, bool) {
	v, ok := e.item[e.attribute(p[0])]
	for _, s := range p[1:] {
		if !ok {
			return Value{}, false
		}
		switch {
		case s.index >= 0 && v.kind == "L" && s.index < len(v.l):
			v = v.l[s.index]
		case s.index < 0 && v.kind == "M":
			v, ok = v.m[e.attribute(s)]
		default:
			return Value{}, false
		}
	}
	return v, ok
}

// operand is a path, a :value, or size(path).
type operand struct {
	path  path
	value string
	size  bool
}

func (o operand) eval(e *env) (Value, bool) {
	if o.value != "" {
		return e.values[o.value], true
	}
	v, ok := e.get(o.path)
	if !ok || !o.size {
		return v, ok
	}
	n := 0
	switch v.kind {
	case "S":
		n = len(v.s)
	case "B":
		n = len(v.b)
	case "M":
		n = len(v.m)
	case "L":
		n = len(v.l)
	case "SS", "NS", "BS":
		n = len(v.set)
	default:
		return Value{}, false
	}
	return intValue(n), true
}

// predicate is a condition or a part of one.
type predicate func(*env) bool

// expression is a parsed condition with the names and values it uses.
type expression struct {
	test          predicate
	names, values map[string]bool
}

// parseCondition reads a condition or filter expression.
func parseCondition(kind, text string) (*expression, error) {
	p, err := newParser(kind, text)
	if err != nil {
		return nil, err
	}
	test, err := p.or()
	if err != nil {
		return nil, err
	}
	return &expression{test, p.names, p.values}, p.end()
}

func (p *parser) or() (predicate, error) {
	if err := p.down(); err != nil {
		return nil, err
	}
	defer func() { p.depth-- }()
	left, err := p.and()
	if err != nil {
		return nil, err
	}
	for p.accept("OR") {
		a := left
		b, err := p.and()
		if err != nil {
			return nil, err
		}
		left = func(e *env) bool { return a(e) || b(e) }
	}
	return left, nil
}

func (p *parser) and() (predicate, error) {
	left, err := p.not()
	if err != nil {
		return nil, err
	}
	for p.accept("AND") {
		a := left
		b, err := p.not()
		if err != nil {
			return nil, err
		}
		left = func(e *env) bool { return a(e) && b(e) }
	}
	return left, nil
}

func (p *parser) not() (predicate, error) {
	if p.accept("NOT") {
		if err := p.down(); err != nil {
			return nil, err
		}
		defer func() { p.depth-- }()
		inner, err := p.not()
		if err != nil {
			return nil, err
		}
		return func(e *env) bool { return !inner(e) }, nil
	}
	if p.peek().is("(") {
		p.at++
		inner, err := p.or()
		if err != nil {
			return nil, err
		}
		return inner, p.expect(")")
	}
	return p.test()
}

// test reads a function or a comparison.
func (p *parser) test() (predicate, error) {
	t := p.peek()
	if t.kind == 'w' && p.tokens[p.at+1].is("(") && !strings.EqualFold(t.text, "size") {
		return p.function()
	}
	a, err := p.operand()
	if err != nil {
		return nil, err
	}
	switch {
	case p.accept("BETWEEN"):
		low, err := p.operand()
		if err != nil {
			return nil, err
		}
		if err := p.expect("AND"); err != nil {
			return nil, err
		}
		high, err := p.operand()
		if err != nil {
			return nil, err
		}
		from, to := comparing(">=", a, low), comparing("<=", a, high)
		return func(e *env) bool { return from(e) && to(e) }, nil
	case p.accept("IN"):
		return p.in(a)
	}
	op := p.next()
	switch op.text {
	case "=", "<>", "<", "<=", ">", ">=":
	default:
		p.at--
		return nil, p.syntax()
	}
	b, err := p.operand()
	if err != nil {
		return nil, err
	}
	return comparing(op.text, a, b), nil
}

func (p *parser) in(a operand) (predicate, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	var tests []predicate
	for {
		b, err := p.operand()
		if err != nil {
			return nil, err
		}
		tests = append(tests, comparing("=", a, b))
		if !p.accept(",") {
			break
		}
	}
	return func(e *env) bool {
		for _, test := range tests {
			if test(e) {
				return true
			}
		}
		return false
	}, p.expect(")")
}

func (p *parser) operand() (operand, error) {
	if v, ok := p.value(); ok {
		return operand{value: v}, nil
	}
	if p.peek().is("size") && p.tokens[p.at+1].is("(") {
		p.at += 2
		inner, err := p.path()
		if err != nil {
			return operand{}, err
		}
		return operand{path: inner, size: true}, p.expect(")")
	}
	inner, err := p.path()
	return operand{path: inner}, err
}

// comparing compares two operands; what is missing, or of another type, is not
// equal and in no order.
func comparing(op string, a, b operand) predicate {
	return func(e *env) bool {
		x, ok := a.eval(e)
		y, also := b.eval(e)
		if !ok || !also {
			return false
		}
		switch op {
		case "=":
			return equal(x, y)
		case "<>":
			return !equal(x, y)
		}
		if x.kind != y.kind || x.kind != "S" && x.kind != "N" && x.kind != "B" {
			return false
		}
		c := compare(x, y)
		return c < 0 && op[0] == '<' || c > 0 && op[0] == '>' || c == 0 && len(op) == 2
	}
}

// function reads attribute_exists and its like.
func (p *parser) function() (predicate, error) {
	name := p.next().text
	p.at++ // (
	of, err := p.operand()
	if err != nil {
		return nil, err
	}
	var arg operand
	switch name {
	case "attribute_exists", "attribute_not_exists":
	case "attribute_type", "begins_with", "contains":
		if err := p.expect(","); err != nil {
			return nil, err
		}
		if arg, err = p.operand(); err != nil {
			return nil, err
		}
	default:
		return nil, validation("Invalid %s: Invalid function name; function: %s", p.kind, name)
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	switch name {
	case "attribute_exists", "attribute_not_exists":
		if of.path == nil {
			return nil, validation("Invalid %s: Operator or function requires a document path; operator or function: %s", p.kind, name)
		}
		want := name == "attribute_exists"
		return func(e *env) bool {
			_, ok := e.get(of.path)
			return ok == want
		}, nil
	case "attribute_type":
		return func(e *env) bool {
			x, ok := of.eval(e)
			y, also := arg.eval(e)
			return ok && also && x.kind == y.s
		}, nil
	case "begins_with":
		return func(e *env) bool {
			x, ok := of.eval(e)
			y, also := arg.eval(e)
			return ok && also && x.kind == y.kind && (x.kind == "S" && strings.HasPrefix(x.s, y.s) || x.kind == "B" && bytes.HasPrefix(x.b, y.b))
		}, nil
	}
	return func(e *env) bool {
		x, ok := of.eval(e)
		y, also := arg.eval(e)
		return ok && also && contains(x, y)
	}, nil
}

func contains(x, y Value) bool {
	switch x.kind {
	case "S":
		return y.kind == "S" && strings.Contains(x.s, y.s)
	case "B":
		return y.kind == "B" && bytes.Contains(x.b, y.b)
	case "L":
		for _, item := range x.l {
			if equal(item, y) {
				return true
			}
		}
	case "SS", "NS", "BS":
		for _, item := range x.set {
			if equal(item, y) {
				return true
			}
		}
	}
	return false
}
