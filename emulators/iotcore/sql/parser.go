package sql

type parser struct {
	tokens []token
	at     int
	depth  int
}

func (p *parser) peek() token { return p.tokens[p.at] }

func (p *parser) next() token {
	t := p.tokens[p.at]
	if t.kind != endToken {
		p.at++
	}
	return t
}

func (p *parser) accept(text string) bool {
	if p.peek().is(text) {
		p.next()
		return true
	}
	return false
}

func (p *parser) expect(text string) error {
	if t := p.peek(); !t.is(text) {
		return t.fail("expected '%s', not %s", text, t)
	}
	p.next()
	return nil
}

// Parse reads a statement. Errors are *Error with the position; a function that
// is not there is one of them, by name.
func Parse(text string) (*Statement, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	if t := p.peek(); t.is("SET") {
		return nil, t.fail("SET is not implemented by Shakedown")
	}
	if err := p.expect("SELECT"); err != nil {
		return nil, err
	}
	s := &Statement{}
	if err := p.selection(s); err != nil {
		return nil, err
	}
	if err := p.expect("FROM"); err != nil {
		return nil, err
	}
	from := p.next()
	if from.kind != textToken || from.text == "" {
		return nil, from.fail("expected a topic filter in quotes, not %s", from)
	}
	if err := checkFilter(from.text); err != nil {
		return nil, from.fail("%s", err)
	}
	s.filter = from.text
	if p.accept("WHERE") {
		if s.where, err = p.expression(); err != nil {
			return nil, err
		}
	}
	if t := p.peek(); t.kind != endToken {
		return nil, t.fail("unexpected %s", t)
	}
	return s, nil
}

func (p *parser) selection(s *Statement) error {
	if p.isValueKeyword() {
		p.next()
		if t := p.peek(); t.is("*") {
			return t.fail("SELECT VALUE * is not implemented by Shakedown")
		}
		var err error
		s.value, err = p.expression()
		return err
	}
	for {
		it, err := p.item()
		if err != nil {
			return err
		}
		s.items = append(s.items, it)
		if !p.accept(",") {
			return nil
		}
	}
}

// isValueKeyword tells SELECT VALUE expr from a column whose path begins with
// value, as in SELECT value.x AS v and SELECT value - 1 AS v.
func (p *parser) isValueKeyword() bool {
	if t := p.peek(); t.kind != wordToken || !t.is("VALUE") {
		return false
	}
	next := p.tokens[p.at+1]
	switch {
	case next.kind == endToken, next.oneOf([]string{",", ".", "FROM", "AS", "+", "/", "%", "=", "<>", "!=", "<", "<=", ">", ">=", "IN", "AND", "OR"}):
		return false
	case next.is("*"):
		return p.tokens[p.at+2].is("FROM")
	case next.is("-"):
		ahead := &parser{tokens: p.tokens, at: p.at + 1}
		_, err := ahead.expression()
		return err == nil && ahead.peek().is("FROM")
	}
	return true
}

func (p *parser) item() (item, error) {
	if p.accept("*") {
		if !p.accept("AS") {
			return item{star: true}, nil
		}
		path, err := p.alias()
		return item{expr: wholePayload{}, path: path}, err
	}
	start := p.peek()
	e, err := p.expression()
	if err != nil {
		return item{}, err
	}
	if p.accept("AS") {
		path, err := p.alias()
		return item{expr: e, path: path}, err
	}
	if field, ok := e.(*path); ok {
		return item{expr: e, path: field.names[len(field.names)-1:]}, nil
	}
	if _, ok := e.(*objectLiteral); ok {
		return item{expr: e}, nil
	}
	return item{}, start.fail("an expression that is not a path needs a name (AS …): AWS's own name for it is not implemented by Shakedown")
}

func (p *parser) alias() ([]string, error) {
	var names []string
	for {
		t := p.next()
		if t.kind != wordToken && t.kind != textToken || t.text == "" {
			return nil, t.fail("expected a name, not %s", t)
		}
		names = append(names, t.text)
		if !p.accept(".") {
			return names, nil
		}
	}
}
