package sql

// from reads items that joins or commas put together.
func (p *parser) from() (*From, error) {
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
		left = &From{At: t, Join: &Join{Left: left, Right: right}}
	}
	return left, nil
}

func (p *parser) joined() (*From, error) {
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
		j.Left = left
		if j.Right, err = p.item(); err != nil {
			return nil, err
		}
		if conditional {
			if err := p.condition(j); err != nil {
				return nil, err
			}
		}
		left = &From{At: t, Join: j}
	}
}

// joinType reads the words of a join; conditional is that ON or USING follows. No
// join is nil.
func (p *parser) joinType() (j *Join, conditional bool, err error) {
	t := p.peek()
	switch {
	case p.accept("CROSS"):
		return &Join{}, false, p.expect("JOIN")
	case t.is("NATURAL"):
		return nil, false, t.Fail("NATURAL JOIN is not implemented by Shakedown")
	case p.accept("JOIN"):
		return &Join{}, true, nil
	case p.accept("INNER"):
		return &Join{}, true, p.expect("JOIN")
	case t.isOneOf([]string{"LEFT", "RIGHT", "FULL"}):
		p.next()
		p.accept("OUTER")
		return &Join{OuterLeft: !t.is("RIGHT"), OuterRight: !t.is("LEFT")}, true, p.expect("JOIN")
	}
	return nil, false, nil
}

func (p *parser) condition(j *Join) (err error) {
	if p.accept("USING") {
		if !p.peek().is("(") {
			return p.expect("(")
		}
		j.Using, err = p.names()
		return err
	}
	if err := p.expect("ON"); err != nil {
		return err
	}
	j.On, err = p.expression()
	return err
}

// item reads "database"."table", a query's name, (query), (join), UNNEST(…), each
// [AS] alias [(columns)].
func (p *parser) item() (*From, error) {
	defer func() { p.depth-- }()
	if err := p.deeper(); err != nil {
		return nil, err
	}
	f := &From{At: p.peek()}
	var err error
	switch {
	case p.accept("UNNEST"):
		err = p.unnest(f)
	case p.peek().is("(") && p.ahead(1).isOneOf([]string{"SELECT", "WITH", "VALUES", "("}):
		p.next()
		if f.Query, err = p.query(); err == nil {
			err = p.expect(")")
		}
	case p.accept("("):
		if f, err = p.from(); err == nil {
			err = p.expect(")")
		}
		if err != nil || f.Join != nil {
			return f, err
		}
	case f.At.is("LATERAL"), f.At.is("TABLE") && p.ahead(1).is("("):
		return nil, f.At.Fail("%s is not implemented by Shakedown", f.At.upper())
	default:
		if f.Name, err = p.name(`"database"."table"`); err == nil && p.accept(".") {
			f.Database = f.Name
			f.Name, err = p.name("a table's name")
		}
	}
	if err != nil {
		return nil, err
	}
	return f, p.named(f)
}

// named reads [[AS] alias [(columns)]] behind an item.
func (p *parser) named(f *From) (err error) {
	if t := p.peek(); t.is("TABLESAMPLE") {
		return t.Fail("TABLESAMPLE is not implemented by Shakedown")
	}
	alias, err := p.alias()
	if err != nil || alias == "" {
		return err
	}
	f.Alias = alias
	f.Columns, err = p.names()
	return err
}

func (p *parser) unnest(f *From) (err error) {
	if err := p.expect("("); err != nil {
		return err
	}
	if f.Unnest, err = p.list(); err != nil {
		return err
	}
	if err := p.expect(")"); err != nil {
		return err
	}
	if p.peek().is("WITH") {
		p.next()
		f.Ordinality = true
		return p.expect("ORDINALITY")
	}
	return nil
}
