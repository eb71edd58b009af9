package sql

// Statement is one of a query, SHOW, or DESCRIBE of a table.
type Statement struct {
	Query    *Query
	Show     *Show
	Describe *From
}

// Show is SHOW DATABASES [LIKE p], SHOW TABLES [FROM db] [LIKE p] or SHOW MEASURES
// FROM db.table [LIKE p].
type Show struct {
	What     string  // DATABASES, TABLES or MEASURES
	At       Token   // of Database
	Database string  // empty is all
	Table    *From   // of MEASURES
	Like     *string // nil is all
}

// Parse reads a statement. Errors are ValidationExceptions with the position.
// https://docs.aws.amazon.com/timestream/latest/developerguide/supported-sql-constructs.html
func Parse(text string) (*Statement, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	s := &Statement{}
	switch t := p.peek(); {
	case t.is("SHOW"):
		p.next()
		s.Show, err = p.show()
	case t.is("DESCRIBE"), t.is("DESC"):
		p.next()
		s.Describe, err = p.tableName()
	case t.is("UNLOAD"), t.is("EXPLAIN"):
		err = t.Fail("%s is not implemented by Shakedown", t.upper())
	default:
		s.Query, err = p.query()
	}
	if err != nil {
		return nil, err
	}
	return s, p.end()
}

func (p *parser) end() error {
	p.accept(";")
	if t := p.peek(); t.kind != endToken {
		return t.Fail("%s is not implemented by Shakedown here", t)
	}
	return nil
}

// tableName reads "database"."table".
func (p *parser) tableName() (*From, error) {
	at := p.peek()
	f, err := p.item()
	if err == nil && (f.Database == "" || f.Alias != "") {
		err = at.Fail(`expected "database"."table"`)
	}
	return f, err
}

func (p *parser) show() (*Show, error) {
	s := &Show{}
	var err error
	switch t := p.next(); {
	case t.is("DATABASES"), t.is("SCHEMAS"):
		s.What = "DATABASES"
	case t.is("TABLES"):
		s.What = "TABLES"
		if p.accept("FROM") {
			s.At = p.peek()
			s.Database, err = p.name("a database's name")
		}
	case t.is("MEASURES"):
		s.What = "MEASURES"
		if err = p.expect("FROM"); err == nil {
			s.Table, err = p.tableName()
		}
	default:
		err = t.Fail("expected DATABASES, TABLES or MEASURES, not %s", t)
	}
	if err != nil || !p.accept("LIKE") {
		return s, err
	}
	t := p.next()
	if t.kind != textToken {
		return nil, t.Fail("expected a pattern, not %s", t)
	}
	s.Like = &t.text
	return s, nil
}
