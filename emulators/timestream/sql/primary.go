package sql

// primary reads what has no operator around it.
func (p *parser) primary() (*Node, error) {
	t := p.next()
	switch t.kind {
	case textToken:
		return &Node{Op: TextOp, At: t, Text: t.text}, nil
	case numberToken:
		return &Node{Op: NumberOp, At: t, Text: t.text}, nil
	case intervalToken:
		return &Node{Op: IntervalOp, At: t, Text: t.text}, nil
	case quotedToken:
		return p.qualified(t)
	case symbolToken:
		if t.text == "(" {
			return p.parenthesis(t)
		}
	case wordToken:
		return p.word(t)
	}
	return nil, t.Fail("expected an expression, not %s", t)
}

// parenthesis reads (expr), (expr, …), (query) and (names) -> expr.
func (p *parser) parenthesis(t Token) (*Node, error) {
	if names := p.lambdaNames(); names != nil {
		return p.lambda(t, names)
	}
	if p.peek().isOneOf(queryWords) {
		sub, err := p.query()
		if err != nil {
			return nil, err
		}
		return &Node{Op: ScalarOp, At: t, Query: sub}, p.expect(")")
	}
	list, err := p.list()
	if err != nil {
		return nil, err
	}
	if len(list) == 1 {
		return list[0], p.expect(")")
	}
	return &Node{Op: RowOp, At: t, Args: list}, p.expect(")")
}

// qualified reads column or table.column, or a parameter of a lambda.
func (p *parser) qualified(t Token) (*Node, error) {
	if p.isLocal(t.text) {
		return &Node{Op: LocalOp, At: t, Text: Lower(t.text)}, nil
	}
	if !p.accept(".") {
		return &Node{Op: ColumnOp, At: t, Text: t.text}, nil
	}
	name, err := p.name("a column's name")
	if err != nil {
		return nil, err
	}
	if dot := p.peek(); dot.is(".") {
		// "database"."table".column
		p.next()
		column, err := p.name("a column's name")
		return &Node{Op: ColumnOp, At: t, Table: name, Text: column}, err
	}
	return &Node{Op: ColumnOp, At: t, Table: t.text, Text: name}, nil
}

// word reads what begins with a word: a literal, a special form, a call or a column.
func (p *parser) word(t Token) (*Node, error) {
	behind := p.peek()
	switch word := t.upper(); word {
	case "TRUE", "FALSE":
		return &Node{Op: BoolOp, At: t, Text: word}, nil
	case "NULL":
		return &Node{Op: NullOp, At: t}, nil
	case "CAST":
		return p.cast(t, false)
	case "TRY_CAST":
		return p.cast(t, true)
	case "CASE":
		return p.cases(t)
	case "EXTRACT":
		return p.extract(t)
	case "EXISTS":
		return p.exists(t)
	case "ARRAY":
		if behind.is("[") {
			return p.array(t)
		}
	case "TIMESTAMP", "DATE", "TIME", "DOUBLE", "REAL", "BIGINT", "INTEGER", "INT", "BOOLEAN", "VARCHAR":
		if behind.kind == textToken {
			p.next()
			return &Node{Op: TypedOp, At: t, Text: word, Args: []*Node{{Op: TextOp, At: behind, Text: behind.text}}}, nil
		}
	case "INTERVAL":
		if behind.kind == textToken || behind.is("-") || behind.is("+") {
			return p.interval(t)
		}
	case "ROW":
		if behind.is("(") {
			return p.row(t)
		}
	case "CURRENT_DATE", "CURRENT_TIME", "CURRENT_TIMESTAMP", "LOCALTIME", "LOCALTIMESTAMP":
		return &Node{Op: CallOp, At: t, Text: Lower(t.text)}, nil
	}
	if isKeyword(t.text) {
		return nil, t.Fail("expected an expression, not %s", t)
	}
	switch {
	case behind.is("("):
		return p.call(t)
	case behind.is("->"):
		return p.lambda(t, []string{Lower(t.text)})
	}
	return p.qualified(t)
}

// exists reads (query).
func (p *parser) exists(t Token) (*Node, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	sub, err := p.query()
	if err != nil {
		return nil, err
	}
	return &Node{Op: ExistsOp, At: t, Query: sub}, p.expect(")")
}

func (p *parser) cast(t Token, try bool) (*Node, error) {
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
	to, err := p.typeName()
	if err != nil {
		return nil, err
	}
	return &Node{Op: CastOp, At: of, Text: to.String(), Type: to, Flag: try, Args: []*Node{inner}}, p.expect(")")
}

// cases reads CASE [x] WHEN … THEN … [ELSE …] END.
func (p *parser) cases(t Token) (*Node, error) {
	n := &Node{Op: CaseOp, At: t}
	if !p.peek().is("WHEN") {
		operand, err := p.expression()
		if err != nil {
			return nil, err
		}
		n.Op, n.Args = SwitchOp, []*Node{operand}
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
		n.Args = append(n.Args, condition, then)
	}
	if p.accept("ELSE") {
		other, err := p.expression()
		if err != nil {
			return nil, err
		}
		n.Args = append(n.Args, other)
	}
	return n, p.expect("END")
}

// extract reads EXTRACT(field FROM x), which is field(x).
func (p *parser) extract(t Token) (*Node, error) {
	if err := p.expect("("); err != nil {
		return nil, err
	}
	field := p.next()
	if field.kind != wordToken {
		return nil, field.Fail("expected a field, not %s", field)
	}
	if !extractable[Lower(field.text)] {
		return nil, field.Fail("EXTRACT has no field %s", field.upper())
	}
	if err := p.expect("FROM"); err != nil {
		return nil, err
	}
	of, err := p.expression()
	if err != nil {
		return nil, err
	}
	return &Node{Op: CallOp, At: t, Text: Lower(field.text), Args: []*Node{of}}, p.expect(")")
}

var extractable = map[string]bool{"year": true, "quarter": true, "month": true, "week": true, "day": true, "day_of_month": true,
	"day_of_week": true, "dow": true, "day_of_year": true, "doy": true, "year_of_week": true, "yow": true, "hour": true, "minute": true, "second": true}

func (p *parser) array(t Token) (*Node, error) {
	p.next()
	n := &Node{Op: ArrayOp, At: t}
	if p.accept("]") {
		return n, nil
	}
	var err error
	if n.Args, err = p.list(); err != nil {
		return nil, err
	}
	return n, p.expect("]")
}

// row reads (x, …) behind ROW.
func (p *parser) row(t Token) (*Node, error) {
	p.next()
	list, err := p.list()
	if err != nil {
		return nil, err
	}
	return &Node{Op: RowOp, At: t, Args: list}, p.expect(")")
}

// interval reads INTERVAL [-] '2' DAY, which is 2day.
func (p *parser) interval(t Token) (*Node, error) {
	negative := p.accept("-")
	if !negative {
		p.accept("+")
	}
	count, unit := p.next(), p.next()
	if count.kind != textToken {
		return nil, count.Fail("expected a text with a number, not %s", count)
	}
	if unit.kind != wordToken {
		return nil, unit.Fail("expected a unit such as DAY, not %s", unit)
	}
	n := &Node{Op: IntervalOp, At: t, Text: count.text + Lower(unit.text)}
	if negative {
		n = &Node{Op: UnaryOp, At: t, Text: "-", Args: []*Node{n}}
	}
	return n, nil
}
