package expression

import "github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"

// Condition is a condition or filter, bound to a request.
type Condition struct{ root *node }

// node is a part of a condition: AND, OR or NOT over parts, or a comparison,
// BETWEEN, IN or function over operands.
type node struct {
	operator string
	parts    []*node
	args     []operand
	// parenthesised is for the check of redundant parentheses.
	parenthesised bool
}

// bare marks an operand in parentheses, which is not a condition yet.
const bare = "operand"

func parseCondition(kind Kind, text string) (*node, error) {
	p, err := newParser(kind, text)
	if err != nil {
		return nil, err
	}
	root, err := p.any()
	if err != nil {
		return nil, err
	}
	if root.operator == bare {
		return nil, p.syntax()
	}
	return root, p.finish()
}

// any reads: all OR all …
func (p *parser) any() (*node, error) { return p.joined("OR", p.all) }

// all reads: not AND not …
func (p *parser) all() (*node, error) { return p.joined("AND", p.not) }

func (p *parser) joined(operator string, part func() (*node, error)) (*node, error) {
	first, err := part()
	if err != nil {
		return nil, err
	}
	n := &node{operator: operator, parts: []*node{first}}
	for first.operator != bare && p.keyword(operator) {
		p.operators++
		another, err := part()
		if err != nil {
			return nil, err
		}
		if another.operator == bare {
			return nil, p.syntax()
		}
		n.parts = append(n.parts, another)
	}
	if len(n.parts) == 1 {
		return first, nil
	}
	return n, nil
}

func (p *parser) not() (*node, error) {
	if !p.keyword("NOT") {
		return p.primary()
	}
	p.operators++
	part, err := p.not()
	if err != nil {
		return nil, err
	}
	if part.operator == bare {
		return nil, p.syntax()
	}
	return &node{operator: "NOT", parts: []*node{part}}, nil
}

// primary reads a comparison, a function or a condition in parentheses.
func (p *parser) primary() (*node, error) {
	if !p.sign("(") {
		o, err := p.operand()
		if err != nil {
			return nil, err
		}
		return p.comparison(o)
	}
	inner, err := p.any()
	if err != nil {
		return nil, err
	}
	if err := p.expect(")"); err != nil {
		return nil, err
	}
	if inner.parenthesised {
		p.wrong(redundant, "The expression has redundant parentheses;")
	}
	inner.parenthesised = true
	if inner.operator == bare && !p.follows(")") {
		return p.comparison(inner.args[0])
	}
	return inner, nil
}

// follows tells whether a sign comes next, without taking it.
func (p *parser) follows(s string) bool { return p.peek().kind == tokenSign && p.peek().text == s }

// comparison reads what follows an operand.
func (p *parser) comparison(first operand) (*node, error) {
	n := &node{args: []operand{first}}
	t := p.peek()
	switch {
	case t.kind == tokenSign && comparator(t.text):
		p.next()
		n.operator = t.text
		if err := p.more(n, 1, ""); err != nil {
			return nil, err
		}
	case p.keyword("BETWEEN"):
		n.operator = "BETWEEN"
		if err := p.more(n, 2, "AND"); err != nil {
			return nil, err
		}
	case p.keyword("IN"):
		n.operator = "IN"
		if err := p.list(n); err != nil {
			return nil, err
		}
	default:
		return p.alone(n)
	}
	p.operators++
	for _, arg := range n.args {
		if arg.kind == operandCall && functions[arg.text].truth {
			p.misused(arg)
		}
	}
	return n, nil
}

func comparator(s string) bool {
	switch s {
	case "=", "<>", "<", "<=", ">", ">=":
		return true
	}
	return false
}

// alone is an operand that nothing follows: a function, or an operand in
// parentheses that is to be compared.
func (p *parser) alone(n *node) (*node, error) {
	first := n.args[0]
	if first.kind == operandCall && functions[first.text].truth {
		return &node{operator: first.text, args: n.args}, nil
	}
	if p.follows(")") {
		n.operator = bare
		return n, nil
	}
	if first.kind == operandCall {
		p.misused(first)
		return &node{operator: first.text, args: n.args}, nil
	}
	return nil, p.syntax()
}

// more reads count operands with a keyword between them.
func (p *parser) more(n *node, count int, between string) error {
	for i := range count {
		if i > 0 && !p.keyword(between) {
			return p.syntax()
		}
		o, err := p.grouped()
		if err != nil {
			return err
		}
		n.args = append(n.args, o)
	}
	return nil
}

// grouped reads an operand that may be in parentheses.
func (p *parser) grouped() (operand, error) {
	if !p.sign("(") {
		return p.operand()
	}
	twice := p.follows("(")
	o, err := p.grouped()
	if err == nil {
		err = p.expect(")")
	}
	if err == nil && twice {
		p.wrong(redundant, "The expression has redundant parentheses;")
	}
	return o, err
}

func (p *parser) list(n *node) error {
	if err := p.expect("("); err != nil {
		return err
	}
	for {
		o, err := p.grouped()
		if err != nil {
			return err
		}
		n.args = append(n.args, o)
		if !p.sign(",") {
			break
		}
	}
	if len(n.args) > maxOperands+1 {
		p.wrong(limit, "The IN operator is provided with too many operands; number of operands: %d", len(n.args)-1)
	}
	return p.expect(")")
}

func (n *node) bind(k Kind, b *Bindings) (*node, error) {
	bound := &node{operator: n.operator}
	for _, part := range n.parts {
		p, err := part.bind(k, b)
		if err != nil {
			return nil, err
		}
		bound.parts = append(bound.parts, p)
	}
	if len(n.args) == 0 {
		return bound, nil
	}
	args, err := bindAll(k, b, n.args)
	if err != nil {
		return nil, err
	}
	bound.args = args
	for _, arg := range args {
		if err := arg.check(k); err != nil {
			return nil, err
		}
	}
	if _, call := functions[n.operator]; call {
		return bound, nil // the call has checked its own operands
	}
	if err := checkDistinct(k, n.operator, args); err != nil {
		return nil, err
	}
	if err := checkTypes(k, n.operator, args); err != nil {
		return nil, err
	}
	return bound, bound.checkBounds(k)
}

// checkBounds checks BETWEEN with two :values.
func (n *node) checkBounds(k Kind) error {
	if n.operator != "BETWEEN" || n.args[1].kind != operandValue || n.args[2].kind != operandValue {
		return nil
	}
	low, high := n.args[1].value, n.args[2].value
	order, comparable := low.Compare(high)
	switch {
	case !comparable:
		return k.invalid("The BETWEEN operator requires same data type for lower and upper bounds; lower bound operand: AttributeValue: %s, upper bound operand: AttributeValue: %s", low.Describe(), high.Describe())
	case order > 0:
		return k.invalid("The BETWEEN operator requires upper bound to be greater than or equal to lower bound; lower bound operand: AttributeValue: %s, upper bound operand: AttributeValue: %s", low.Describe(), high.Describe())
	}
	return nil
}

// Attributes calls f with the top-level attribute of each path.
func (c *Condition) Attributes(f func(name string)) { c.root.attributes(f) }

func (n *node) attributes(f func(string)) {
	for _, part := range n.parts {
		part.attributes(f)
	}
	for _, arg := range n.args {
		arg.attributes(f)
	}
}

func (o operand) attributes(f func(string)) {
	if o.kind == operandPath {
		f(o.path[0].Name)
	}
	for _, arg := range o.args {
		arg.attributes(f)
	}
}

// Holds evaluates the condition for an item; one that is not there is nil.
func (c *Condition) Holds(item attribute.Item) bool { return c.root.holds(item) }
