package sql

// expression reads the loosest operators, OR and AND, then calls down.
func (p *parser) expression() (*Node, error) {
	defer func() { p.depth-- }()
	if err := p.deeper(); err != nil {
		return nil, err
	}
	return p.binary(0)
}

// levels are the binary operators, loosest first. Between AND and the additive
// ones stand NOT and the comparisons.
var levels = [][]string{{"OR"}, {"AND"}, nil, {"+", "-", "||"}, {"*", "/", "%"}}

func (p *parser) binary(level int) (*Node, error) {
	if level == len(levels) {
		return p.unary()
	}
	if levels[level] == nil {
		return p.comparison(level + 1)
	}
	left, err := p.binary(level + 1)
	if err != nil {
		return nil, err
	}
	for {
		t := p.peek()
		if !t.isOneOf(levels[level]) {
			return left, nil
		}
		p.next()
		right, err := p.binary(level + 1)
		if err != nil {
			return nil, err
		}
		left = &Node{Op: BinaryOp, At: t, Text: t.upper(), Args: []*Node{left, right}}
	}
}

func (t Token) isOneOf(texts []string) bool {
	for _, text := range texts {
		if t.is(text) {
			return true
		}
	}
	return false
}

func (t Token) upper() string {
	b := []byte(t.text)
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = c - 32
		}
	}
	return string(b)
}

// comparison reads NOT x, x = y, x = ANY (…), and predicates.
func (p *parser) comparison(level int) (*Node, error) {
	if t := p.peek(); t.is("NOT") {
		p.next()
		defer func() { p.depth-- }()
		if err := p.deeper(); err != nil {
			return nil, err
		}
		inner, err := p.comparison(level)
		if err != nil {
			return nil, err
		}
		return &Node{Op: UnaryOp, At: t, Text: "NOT", Args: []*Node{inner}}, nil
	}
	left, err := p.binary(level)
	if err != nil {
		return nil, err
	}
	for {
		t := p.peek()
		var n *Node
		switch {
		case t.isOneOf([]string{"=", "<>", "!=", "<", "<=", ">", ">="}):
			n, err = p.compared(left, level)
		case t.is("IS"):
			n, err = p.is(left, level)
		case t.is("NOT") || t.isOneOf([]string{"BETWEEN", "IN", "LIKE"}):
			n, err = p.predicate(left, level)
		default:
			return left, nil
		}
		if err != nil {
			return nil, err
		}
		left = n
	}
}

// compared reads = y and = ANY | SOME | ALL (query).
func (p *parser) compared(left *Node, level int) (*Node, error) {
	t := p.next()
	text := t.text
	if text == "!=" {
		text = "<>"
	}
	if q := p.peek(); q.isOneOf([]string{"ANY", "SOME", "ALL"}) && p.ahead(1).is("(") {
		p.next()
		p.next()
		sub, err := p.query()
		if err != nil {
			return nil, err
		}
		return &Node{Op: QuantifyOp, At: t, Text: text, Flag: q.is("ALL"), Query: sub, Args: []*Node{left}}, p.expect(")")
	}
	right, err := p.binary(level)
	if err != nil {
		return nil, err
	}
	return &Node{Op: BinaryOp, At: t, Text: text, Args: []*Node{left, right}}, nil
}

// is reads IS [NOT] NULL and IS [NOT] DISTINCT FROM y.
func (p *parser) is(left *Node, level int) (*Node, error) {
	t := p.next()
	not := p.accept("NOT")
	if !p.accept("DISTINCT") {
		return &Node{Op: IsNullOp, At: t, Flag: not, Args: []*Node{left}}, p.expect("NULL")
	}
	if err := p.expect("FROM"); err != nil {
		return nil, err
	}
	right, err := p.binary(level)
	if err != nil {
		return nil, err
	}
	return &Node{Op: DistinctOp, At: t, Flag: not, Args: []*Node{left, right}}, nil
}

// predicate reads [NOT] BETWEEN, IN or LIKE behind an operand.
func (p *parser) predicate(left *Node, level int) (*Node, error) {
	not := p.accept("NOT")
	t := p.next()
	switch {
	case t.is("BETWEEN"):
		low, err := p.binary(level)
		if err != nil {
			return nil, err
		}
		if err := p.expect("AND"); err != nil {
			return nil, err
		}
		high, err := p.binary(level)
		if err != nil {
			return nil, err
		}
		return &Node{Op: BetweenOp, At: t, Flag: not, Args: []*Node{left, low, high}}, nil
	case t.is("IN"):
		return p.in(left, t, not)
	case t.is("LIKE"):
		pattern, err := p.binary(level)
		if err != nil {
			return nil, err
		}
		n := &Node{Op: LikeOp, At: t, Flag: not, Args: []*Node{left, pattern}}
		if p.accept("ESCAPE") {
			escape, err := p.binary(level)
			if err != nil {
				return nil, err
			}
			n.Args = append(n.Args, escape)
		}
		return n, nil
	}
	return nil, t.Fail("expected BETWEEN, IN or LIKE behind NOT, not %s", t)
}

func (p *parser) in(left *Node, t Token, not bool) (*Node, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	if p.peek().isOneOf(queryWords) {
		sub, err := p.query()
		if err != nil {
			return nil, err
		}
		return &Node{Op: InQueryOp, At: t, Flag: not, Query: sub, Args: []*Node{left}}, p.expect(")")
	}
	list, err := p.list()
	if err != nil {
		return nil, err
	}
	return &Node{Op: InOp, At: t, Flag: not, Args: append([]*Node{left}, list...)}, p.expect(")")
}

// queryWords begin a query.
var queryWords = []string{"SELECT", "WITH", "VALUES"}

func (p *parser) unary() (*Node, error) {
	t := p.peek()
	if t.is("-") || t.is("+") {
		p.next()
		defer func() { p.depth-- }()
		if err := p.deeper(); err != nil {
			return nil, err
		}
		inner, err := p.unary()
		if err != nil {
			return nil, err
		}
		return &Node{Op: UnaryOp, At: t, Text: t.text, Args: []*Node{inner}}, nil
	}
	n, err := p.primary()
	for err == nil {
		switch t := p.peek(); {
		case t.is("::"):
			p.next()
			n, err = p.castTo(n)
		case t.is("["):
			p.next()
			var index *Node
			if index, err = p.expression(); err == nil {
				n = &Node{Op: ElementOp, At: t, Args: []*Node{n, index}}
				err = p.expect("]")
			}
		case t.is("."):
			p.next()
			var name string
			if name, err = p.name("a field's name"); err == nil {
				n = &Node{Op: FieldOp, At: t, Text: name, Args: []*Node{n}}
			}
		default:
			return n, nil
		}
	}
	return nil, err
}

// castTo reads the type behind ::. measure_value::double is a column of its own.
func (p *parser) castTo(n *Node) (*Node, error) {
	of := p.peek()
	to, err := p.typeName()
	if err != nil {
		return nil, err
	}
	if n.Op == ColumnOp && Lower(n.Text) == "measure_value" {
		if to.Length > 0 {
			return nil, of.Fail("the column measure_value::%s has no length", Lower(to.Name))
		}
		return &Node{Op: ColumnOp, At: n.At, Table: n.Table, Text: "measure_value::" + Lower(to.Name)}, nil
	}
	return &Node{Op: CastOp, At: of, Text: to.String(), Type: to, Args: []*Node{n}}, nil
}

// Lower is a text in lower case as SQL compares names: of ASCII letters alone.
func Lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 32
		}
	}
	return string(b)
}
