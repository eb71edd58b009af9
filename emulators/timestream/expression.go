package timestream

// expression reads the loosest operators, OR and AND, then calls down.
func (p *parser) expression() (*node, error) {
	p.depth++
	defer func() { p.depth-- }()
	if p.depth > maxDepth {
		return nil, p.peek().fail("the expression is nested deeper than %d", maxDepth)
	}
	return p.binary(0)
}

// levels are the binary operators, loosest first. Between AND and the additive
// ones stand NOT and the comparisons.
var levels = [][]string{{"OR"}, {"AND"}, nil, {"+", "-", "||"}, {"*", "/", "%"}}

func (p *parser) binary(level int) (*node, error) {
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
		left = &node{op: binaryOp, at: t, text: t.upper(), args: []*node{left, right}}
	}
}

func (t token) isOneOf(texts []string) bool {
	for _, text := range texts {
		if t.is(text) {
			return true
		}
	}
	return false
}

func (t token) upper() string {
	b := []byte(t.text)
	for i, c := range b {
		if c >= 'a' && c <= 'z' {
			b[i] = c - 32
		}
	}
	return string(b)
}

// comparison reads NOT x, x = y, x BETWEEN a AND b, x IN (…), x LIKE p, x IS NULL.
func (p *parser) comparison(level int) (*node, error) {
	if t := p.peek(); t.is("NOT") {
		p.next()
		p.depth++
		defer func() { p.depth-- }()
		if p.depth > maxDepth {
			return nil, t.fail("the expression is nested deeper than %d", maxDepth)
		}
		inner, err := p.comparison(level)
		if err != nil {
			return nil, err
		}
		return &node{op: unaryOp, at: t, text: "NOT", args: []*node{inner}}, nil
	}
	left, err := p.binary(level)
	if err != nil {
		return nil, err
	}
	t := p.peek()
	if t.isOneOf([]string{"=", "<>", "!=", "<", "<=", ">", ">="}) {
		p.next()
		right, err := p.binary(level)
		if err != nil {
			return nil, err
		}
		text := t.text
		if text == "!=" {
			text = "<>"
		}
		return &node{op: binaryOp, at: t, text: text, args: []*node{left, right}}, nil
	}
	if t.is("IS") {
		p.next()
		not := p.accept("NOT")
		if err := p.expect("NULL"); err != nil {
			return nil, err
		}
		return &node{op: isNullOp, at: t, flag: not, args: []*node{left}}, nil
	}
	return p.predicate(left, level)
}

// predicate reads [NOT] BETWEEN, IN or LIKE behind an operand.
func (p *parser) predicate(left *node, level int) (*node, error) {
	t := p.peek()
	not := false
	if t.is("NOT") {
		p.next()
		not = true
		if n := p.peek(); !n.isOneOf([]string{"BETWEEN", "IN", "LIKE"}) {
			return nil, n.fail("expected BETWEEN, IN or LIKE behind NOT, not %s", n)
		}
		t = p.peek()
	}
	switch {
	case p.accept("BETWEEN"):
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
		return &node{op: betweenOp, at: t, flag: not, args: []*node{left, low, high}}, nil
	case p.accept("IN"):
		if err := p.expect("("); err != nil {
			return nil, err
		}
		list, err := p.list()
		if err != nil {
			return nil, err
		}
		return &node{op: inOp, at: t, flag: not, args: append([]*node{left}, list...)}, p.expect(")")
	case p.accept("LIKE"):
		pattern, err := p.binary(level)
		if err != nil {
			return nil, err
		}
		return &node{op: binaryOp, at: t, text: "LIKE", flag: not, args: []*node{left, pattern}}, nil
	}
	return left, nil
}

func (p *parser) unary() (*node, error) {
	t := p.peek()
	if t.is("-") || t.is("+") {
		p.next()
		p.depth++
		defer func() { p.depth-- }()
		if p.depth > maxDepth {
			return nil, t.fail("the expression is nested deeper than %d", maxDepth)
		}
		inner, err := p.unary()
		if err != nil {
			return nil, err
		}
		return &node{op: unaryOp, at: t, text: t.text, args: []*node{inner}}, nil
	}
	n, err := p.primary()
	if err != nil {
		return nil, err
	}
	for p.accept("::") {
		of := p.next()
		if of.kind != wordToken {
			return nil, of.fail("expected a type, not %s", of)
		}
		// measure_value::double is a column of its own.
		if n.op == columnOp && n.text == "measure_value" {
			n = &node{op: columnOp, at: n.at, text: "measure_value::" + lower(of.text)}
			continue
		}
		n = &node{op: castOp, at: of, text: of.upper(), args: []*node{n}}
	}
	return n, nil
}

func lower(s string) string {
	b := []byte(s)
	for i, c := range b {
		if c >= 'A' && c <= 'Z' {
			b[i] = c + 32
		}
	}
	return string(b)
}

func (p *parser) primary() (*node, error) {
	t := p.next()
	switch t.kind {
	case textToken:
		return &node{op: textOp, at: t, text: t.text}, nil
	case numberToken:
		return &node{op: numberOp, at: t, text: t.text}, nil
	case intervalToken:
		return &node{op: intervalOp, at: t, text: t.text}, nil
	case quotedToken:
		return &node{op: columnOp, at: t, text: t.text}, nil
	case symbolToken:
		if t.text != "(" {
			break
		}
		if s := p.peek(); s.is("SELECT") {
			return nil, s.fail("sub-queries are not implemented by Shakedown")
		}
		inner, err := p.expression()
		if err != nil {
			return nil, err
		}
		return inner, p.expect(")")
	case wordToken:
		return p.word(t)
	}
	return nil, t.fail("expected an expression, not %s", t)
}

func (p *parser) word(t token) (*node, error) {
	switch t.upper() {
	case "TRUE", "FALSE":
		return &node{op: boolOp, at: t, text: t.upper()}, nil
	case "NULL":
		return &node{op: nullOp, at: t}, nil
	case "CAST":
		return p.cast(t)
	case "CASE", "EXISTS", "ARRAY", "ROW", "TIMESTAMP", "INTERVAL":
		return nil, t.fail("%s is not implemented by Shakedown", t.upper())
	}
	if isKeyword(t.text) {
		return nil, t.fail("expected an expression, not %s", t)
	}
	if p.peek().is("(") {
		return p.call(t)
	}
	if p.peek().is(".") {
		return nil, p.peek().fail("qualified column names are not implemented by Shakedown")
	}
	return &node{op: columnOp, at: t, text: t.text}, nil
}

func (p *parser) cast(t token) (*node, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	inner, err := p.expression()
	if err != nil {
		return nil, err
	}
	if err := p.expect("AS"); err != nil {
		return nil, err
	}
	of := p.next()
	if of.kind != wordToken {
		return nil, of.fail("expected a type, not %s", of)
	}
	return &node{op: castOp, at: of, text: of.upper(), args: []*node{inner}}, p.expect(")")
}

func (p *parser) call(t token) (*node, error) {
	p.next()
	n := &node{op: callOp, at: t, text: lower(t.text)}
	switch {
	case p.accept(")"):
	case p.accept("*"):
		n.args = []*node{{op: starOp, at: t}}
		if err := p.expect(")"); err != nil {
			return nil, err
		}
	default:
		n.flag = p.accept("DISTINCT")
		args, err := p.list()
		if err != nil {
			return nil, err
		}
		n.args = args
		if err := p.expect(")"); err != nil {
			return nil, err
		}
	}
	if over := p.peek(); over.is("OVER") {
		return nil, over.fail("window functions are not implemented by Shakedown")
	}
	return n, nil
}
