package sql

import (
	"encoding/base64"
	"strings"

	"github.com/cockroachdb/apd/v3"
)

// node is an expression.
type node interface{ eval(c *scope) value }

type literal struct{ v value }

func (l literal) eval(*scope) value { return l.v }

// path is a member of the payload: data.temperature.
type path struct{ names []string }

func (p *path) eval(c *scope) value {
	if c.element != nil {
		return c.element.find(p.names)
	}
	return descend(c.payload(), p.names)
}

// member is a member of something computed: decode(x, 'base64').temperature.
type member struct {
	of    node
	names []string
}

func (m *member) eval(c *scope) value { return descend(m.of.eval(c), m.names) }

func descend(v value, names []string) value {
	for _, name := range names {
		if v.kind != objectKind {
			return undefined
		}
		v = v.o.get(name)
	}
	return v
}

// rawPayload is the * of encode(*, 'base64'): the bytes as they came, JSON or not.
type rawPayload struct{}

func (rawPayload) eval(c *scope) value { return c.spend(ofString(string(c.message.Payload))) }

// wholePayload is the * of SELECT * AS message, as on the page Functions
// (sourceip).
type wholePayload struct{}

func (wholePayload) eval(c *scope) value {
	if c.element != nil {
		return c.element.value
	}
	return c.payload()
}

// encodedPayload is encode(*, 'base64') as a whole.
type encodedPayload struct{}

func (encodedPayload) eval(c *scope) value {
	return c.spend(ofString(base64.StdEncoding.EncodeToString(c.message.Payload)))
}

type arrayLiteral struct{ items []node }

func (a *arrayLiteral) eval(c *scope) value {
	items := make([]value, len(a.items))
	for i, item := range a.items {
		items[i] = item.eval(c)
	}
	return c.spend(ofArray(items))
}

type objectLiteral struct {
	keys  []string
	items []node
}

func (o *objectLiteral) eval(c *scope) value {
	made := newObject(len(o.keys))
	for i, key := range o.keys {
		made.set(key, o.items[i].eval(c))
	}
	return ofObject(made)
}

// caseOf is CASE v WHEN … THEN … ELSE … END; with v Undefined it is Undefined
// even with ELSE (AWS.md §2).
type caseOf struct {
	of         node
	when, then []node
	otherwise  node
}

func (n *caseOf) eval(c *scope) value {
	v := n.of.eval(c)
	if v.kind == undefinedKind {
		return undefined
	}
	for i, when := range n.when {
		if w := when.eval(c); w.kind != undefinedKind && equal(v, w) {
			return n.then[i].eval(c)
		}
	}
	if n.otherwise == nil {
		return undefined
	}
	return n.otherwise.eval(c)
}

type not struct{ of node }

func (n *not) eval(c *scope) value {
	b, ok := n.of.eval(c).boolean()
	if !ok {
		return undefined
	}
	return ofBool(!b)
}

// call is a function with its arguments. get_or_default looks at the failure of
// its first argument itself.
type call struct {
	name  string
	args  []node
	apply function
}

func (n *call) eval(c *scope) value {
	if n.name == "get_or_default" {
		return n.getOrDefault(c)
	}
	var args []value
	if len(n.args) > 0 {
		args = make([]value, len(n.args))
	}
	for i, a := range n.args {
		args[i] = a.eval(c)
	}
	if c.err != nil {
		return undefined
	}
	return c.spend(n.apply(c, args))
}

func (n *call) getOrDefault(c *scope) value {
	if len(n.args) < 1 || len(n.args) > 2 {
		return undefined
	}
	before := c.err
	v := n.args[0].eval(c)
	failed := c.err != nil && before == nil
	c.err = before
	if !failed && v.kind != nullKind && v.kind != undefinedKind {
		return v
	}
	if len(n.args) == 1 {
		return undefined
	}
	return n.args[1].eval(c)
}

// operation is a binary operator.
type operation struct {
	op   string
	a, b node
}

func (n *operation) eval(c *scope) value {
	a, b := n.a.eval(c), n.b.eval(c)
	if c.err != nil {
		return undefined
	}
	switch n.op {
	case "AND", "OR":
		return logic(n.op, a, b)
	case "=", "<>":
		if a.kind == undefinedKind || b.kind == undefinedKind {
			return undefined
		}
		return ofBool(equal(a, b) == (n.op == "="))
	case "<", "<=", ">", ">=":
		return compare(n.op, a, b)
	case "IN":
		if a.kind == undefinedKind || b.kind != arrayKind {
			return undefined
		}
		for _, item := range b.items() {
			if item.kind != undefinedKind && equal(a, item) {
				return ofBool(true)
			}
		}
		return ofBool(false)
	case "+":
		return c.spend(add(c, a, b))
	}
	return arithmetic(n.op, a, b)
}

func logic(op string, a, b value) value {
	x, ok := a.boolean()
	y, also := b.boolean()
	if !ok || !also {
		return undefined
	}
	if op == "AND" {
		return ofBool(x && y)
	}
	return ofBool(x || y)
}

// compare converts both sides to numbers; a numeric String is one.
func compare(op string, a, b value) value {
	x, ok := a.number()
	y, also := b.number()
	if !ok || !also {
		return undefined
	}
	c := compareNumbers(x, y)
	return ofBool(c < 0 && op[0] == '<' || c > 0 && op[0] == '>' || c == 0 && len(op) == 2)
}

// add concatenates where a String is on either side; numeric Strings are not added.
func add(c *scope, a, b value) value {
	if a.kind == stringKind || b.kind == stringKind {
		x, ok := a.text(c)
		y, also := b.text(c)
		if !ok || !also {
			return undefined
		}
		return ofString(x + y)
	}
	if !a.isNumber() || !b.isNumber() {
		return undefined
	}
	return arithmetic("+", a, b)
}

// arithmetic is in 34 digits. Int with Int is Int, but for a division that is
// not whole.
func arithmetic(op string, a, b value) value {
	x, ok := a.number()
	y, also := b.number()
	if !ok || !also {
		return undefined
	}
	var left, right apd.Decimal
	l, r := x.decimal(&left), y.decimal(&right)
	d := new(apd.Decimal)
	var err error
	switch op {
	case "+":
		_, err = decimals.Add(d, l, r)
	case "-":
		_, err = decimals.Sub(d, l, r)
	case "*":
		_, err = decimals.Mul(d, l, r)
	case "/":
		_, err = decimals.Quo(d, l, r)
	case "%":
		_, err = decimals.Rem(d, l, r)
	}
	if err != nil || !inRange(d) {
		return undefined
	}
	if x.kind == intKind && y.kind == intKind && isWhole(d) {
		return ofInteger(d)
	}
	return ofNumber(d)
}

func isWhole(d *apd.Decimal) bool {
	if d.Exponent >= 0 {
		return true
	}
	var r apd.Decimal
	r.Reduce(d)
	return r.Exponent >= 0
}

var zero = literal{value{kind: intKind, s: "0", n: new(apd.Decimal)}}

// literalNumber is numberOf with the number made already, for what is evaluated
// often. In SQL a number may begin with zeros.
func literalNumber(text string) (value, error) {
	for len(text) > 1 && text[0] == '0' && isDigit(rune(text[1])) {
		text = text[1:]
	}
	v, err := numberOf(text, strings.Contains(text, "."), strings.ContainsAny(text, "eE"))
	if err != nil || v.n != nil {
		return v, err
	}
	d, ok := parseNumber(v.s)
	if !ok {
		return undefined, &limitError{"number " + text + " is out of range"}
	}
	v.n = d
	return v, nil
}
