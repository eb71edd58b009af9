package timestream

// from reads items that joins or commas put together.
func (p *parser) from() (*from, error) {
	left, err := p.joined()
	if err != nil {
		return nil, err
	}
	for p.peek().is(",") {
		t := p.next()
		right, err := p.joined()
		if err != nil {
			return nil, err
		}
		left = &from{at: t, join: &join{left: left, right: right}}
	}
	return left, nil
}

func (p *parser) joined() (*from, error) {
	left, err := p.item()
	if err != nil {
		return nil, err
	}
	for {
		t := p.peek()
		j, conditional, err := p.joinType()
		if err != nil || j == nil {
			return left, err
		}
		j.left = left
		if j.right, err = p.item(); err != nil {
			return nil, err
		}
		if conditional {
			if err := p.condition(j); err != nil {
				return nil, err
			}
		}
		left = &from{at: t, join: j}
	}
}

// joinType reads the words of a join; conditional is that ON or USING follows. No
// join is nil.
func (p *parser) joinType() (j *join, conditional bool, err error) {
	t := p.peek()
	switch {
	case p.accept("CROSS"):
		return &join{}, false, p.expect("JOIN")
	case t.is("NATURAL"):
		return nil, false, t.fail("NATURAL JOIN is not implemented by Shakedown")
	case p.accept("JOIN"):
		return &join{}, true, nil
	case p.accept("INNER"):
		return &join{}, true, p.expect("JOIN")
	case t.isOneOf([]string{"LEFT", "RIGHT", "FULL"}):
		p.next()
		p.accept("OUTER")
		return &join{outerLeft: !t.is("RIGHT"), outerRight: !t.is("LEFT")}, true, p.expect("JOIN")
	}
	return nil, false, nil
}

func (p *parser) condition(j *join) (err error) {
	if p.accept("USING") {
		if !p.peek().is("(") {
			return p.expect("(")
		}
		j.using, err = p.names()
		return err
	}
	if err := p.expect("ON"); err != nil {
		return err
	}
	j.on, err = p.expression()
	return err
}

// item reads "database"."table", a query's name, (query), (join), UNNEST(…), each
// [AS] alias [(columns)].
func (p *parser) item() (*from, error) {
	defer func() { p.depth-- }()
	if err := p.deeper(); err != nil {
		return nil, err
	}
	f := &from{at: p.peek()}
	var err error
	switch {
	case p.accept("UNNEST"):
		err = p.unnest(f)
	case p.peek().is("(") && p.ahead(1).isOneOf([]string{"SELECT", "WITH", "VALUES", "("}):
		p.next()
		if f.query, err = p.query(); err == nil {
			err = p.expect(")")
		}
	case p.accept("("):
		if f, err = p.from(); err == nil {
			err = p.expect(")")
		}
		if err != nil || f.join != nil {
			return f, err
		}
	case f.at.is("LATERAL"), f.at.is("TABLE") && p.ahead(1).is("("):
		return nil, f.at.fail("%s is not implemented by Shakedown", f.at.upper())
	default:
		if f.name, err = p.name(`"database"."table"`); err == nil && p.accept(".") {
			f.database = f.name
			f.name, err = p.name("a table's name")
		}
	}
	if err != nil {
		return nil, err
	}
	if t := p.peek(); t.is("TABLESAMPLE") {
		return nil, t.fail("TABLESAMPLE is not implemented by Shakedown")
	}
	if alias, err := p.alias(); err != nil {
		return nil, err
	} else if alias != "" {
		f.alias = alias
		if f.columns, err = p.names(); err != nil {
			return nil, err
		}
	}
	return f, nil
}

func (p *parser) unnest(f *from) (err error) {
	if err := p.expect("("); err != nil {
		return err
	}
	if f.unnest, err = p.list(); err != nil {
		return err
	}
	if err := p.expect(")"); err != nil {
		return err
	}
	if p.peek().is("WITH") {
		p.next()
		f.ordinality = true
		return p.expect("ORDINALITY")
	}
	return nil
}
