package timestream

// primary reads what has no operator around it.
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
		return p.qualified(t)
	case symbolToken:
		if t.text == "(" {
			return p.parenthesis(t)
		}
	case wordToken:
		return p.word(t)
	}
	return nil, t.fail("expected an expression, not %s", t)
}

// parenthesis reads (expr), (expr, …) and (query).
func (p *parser) parenthesis(t token) (*node, error) {
	if p.peek().isOneOf(queryWords) {
		sub, err := p.query()
		if err != nil {
			return nil, err
		}
		return &node{op: scalarOp, at: t, query: sub}, p.expect(")")
	}
	list, err := p.list()
	if err != nil {
		return nil, err
	}
	if len(list) == 1 {
		return list[0], p.expect(")")
	}
	return &node{op: rowOp, at: t, args: list}, p.expect(")")
}

// qualified reads column or table.column.
func (p *parser) qualified(t token) (*node, error) {
	if !p.accept(".") {
		return &node{op: columnOp, at: t, text: t.text}, nil
	}
	name, err := p.name("a column's name")
	if err != nil {
		return nil, err
	}
	if dot := p.peek(); dot.is(".") {
		// "database"."table".column
		p.next()
		column, err := p.name("a column's name")
		return &node{op: columnOp, at: t, table: name, text: column}, err
	}
	return &node{op: columnOp, at: t, table: t.text, text: name}, nil
}

func (p *parser) word(t token) (*node, error) {
	behind := p.peek()
	switch word := t.upper(); word {
	case "TRUE", "FALSE":
		return &node{op: boolOp, at: t, text: word}, nil
	case "NULL":
		return &node{op: nullOp, at: t}, nil
	case "CAST":
		return p.cast(t, false)
	case "TRY_CAST":
		return p.cast(t, true)
	case "CASE":
		return p.cases(t)
	case "EXTRACT":
		return p.extract(t)
	case "EXISTS":
		if err := p.expect("("); err != nil {
			return nil, err
		}
		sub, err := p.query()
		if err != nil {
			return nil, err
		}
		return &node{op: existsOp, at: t, query: sub}, p.expect(")")
	case "ARRAY":
		if behind.is("[") {
			return p.array(t)
		}
	case "TIMESTAMP", "DATE", "TIME":
		if behind.kind == textToken {
			p.next()
			return &node{op: typedOp, at: t, text: word, args: []*node{{op: textOp, at: behind, text: behind.text}}}, nil
		}
	case "INTERVAL":
		if behind.kind == textToken || behind.is("-") || behind.is("+") {
			return p.interval(t)
		}
	case "ROW":
		if behind.is("(") {
			return nil, t.fail("ROW is not implemented by Shakedown")
		}
	case "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP":
		return &node{op: callOp, at: t, text: lower(t.text)}, nil
	}
	if isKeyword(t.text) {
		return nil, t.fail("expected an expression, not %s", t)
	}
	if behind.is("(") {
		return p.call(t)
	}
	return p.qualified(t)
}

func (p *parser) cast(t token, try bool) (*node, error) {
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
	of := p.peek()
	name, err := p.typeName()
	if err != nil {
		return nil, err
	}
	return &node{op: castOp, at: of, text: name, flag: try, args: []*node{inner}}, p.expect(")")
}

// cases reads CASE [x] WHEN … THEN … [ELSE …] END.
func (p *parser) cases(t token) (*node, error) {
	n := &node{op: caseOp, at: t}
	if !p.peek().is("WHEN") {
		operand, err := p.expression()
		if err != nil {
			return nil, err
		}
		n.op, n.args = switchOp, []*node{operand}
	}
	if !p.peek().is("WHEN") {
		return nil, p.expect("WHEN")
	}
	for p.peek().is("WHEN") {
		p.next()
		condition, err := p.expression()
		if err != nil {
			return nil, err
		}
		if err := p.expect("THEN"); err != nil {
			return nil, err
		}
		then, err := p.expression()
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, condition, then)
	}
	if p.accept("ELSE") {
		other, err := p.expression()
		if err != nil {
			return nil, err
		}
		n.args = append(n.args, other)
	}
	return n, p.expect("END")
}

// extract reads EXTRACT(field FROM x), which is field(x).
func (p *parser) extract(t token) (*node, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	field := p.next()
	if field.kind != wordToken {
		return nil, field.fail("expected a field, not %s", field)
	}
	if !extractable[lower(field.text)] {
		return nil, field.fail("EXTRACT has no field %s", field.upper())
	}
	if err := p.expect("FROM"); err != nil {
		return nil, err
	}
	of, err := p.expression()
	if err != nil {
		return nil, err
	}
	return &node{op: callOp, at: t, text: lower(field.text), args: []*node{of}}, p.expect(")")
}

var extractable = map[string]bool{"year": true, "quarter": true, "month": true, "week": true, "day": true, "day_of_month": true,
	"day_of_week": true, "dow": true, "day_of_year": true, "doy": true, "year_of_week": true, "yow": true, "hour": true, "minute": true, "second": true}

func (p *parser) array(t token) (*node, error) {
	p.next()
	n := &node{op: arrayOp, at: t}
	if p.accept("]") {
		return n, nil
	}
	var err error
	if n.args, err = p.list(); err != nil {
		return nil, err
	}
	return n, p.expect("]")
}

// interval reads INTERVAL [-] '2' DAY, which is 2day.
func (p *parser) interval(t token) (*node, error) {
	negative := p.accept("-")
	if !negative {
		p.accept("+")
	}
	count, unit := p.next(), p.next()
	if count.kind != textToken {
		return nil, count.fail("expected a text with a number, not %s", count)
	}
	if unit.kind != wordToken {
		return nil, unit.fail("expected a unit such as DAY, not %s", unit)
	}
	n := &node{op: intervalOp, at: t, text: count.text + lower(unit.text)}
	if negative {
		n = &node{op: unaryOp, at: t, text: "-", args: []*node{n}}
	}
	return n, nil
}
