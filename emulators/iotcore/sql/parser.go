package sql

import "fmt"

type parser struct {
	tokens []token
	at     int
	depth  int
	// old is that the version is 2015-10-08.
	old       bool
	variables []string // of SET, in its order
	fetches   []Fetch  // the calls of functions that ask other services
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

// The SQL versions of AWS; a rule that names none has the first (AWS.md §2).
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-sql-version.html
const (
	Version2015 = "2015-10-08"
	Version2016 = "2016-03-23"
)

// Parse reads a statement of version 2016-03-23. Errors are *Error with the
// position; a function that is not there is one of them, by name.
func Parse(text string) (*Statement, error) { return ParseVersion(Version2016, text) }

// ParseVersion reads a statement of one of the two versions.
func ParseVersion(version, text string) (*Statement, error) {
	if version != Version2015 && version != Version2016 {
		return nil, &Error{1, fmt.Sprintf("SQL version %q is not implemented by Shakedown, only %s and %s", version, Version2016, Version2015)}
	}
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens, old: version == Version2015}
	s := &Statement{old: p.old}
	if s.set, err = p.set(); err != nil {
		return nil, err
	}
	if err := p.expect("SELECT"); err != nil {
		return nil, err
	}
	if s.selection, err = p.selection(); err != nil {
		return nil, err
	}
	if p.accept("FROM") {
		if s.filter, err = p.filter(); err != nil {
			return nil, err
		}
	}
	if s.where, err = p.where(); err != nil {
		return nil, err
	}
	if t := p.peek(); t.kind != endToken {
		return nil, t.fail("unexpected %s", t)
	}
	s.variables, s.fetches = p.variables, p.fetches
	return s, nil
}

// filter reads the topic filter of FROM.
func (p *parser) filter() (string, error) {
	from := p.next()
	if from.kind != textToken || from.text == "" {
		return "", from.fail("expected a topic filter in quotes, not %s", from)
	}
	if err := checkFilter(from.text); err != nil {
		return "", from.fail("%s", err)
	}
	return from.text, nil
}

func (p *parser) where() (node, error) {
	if !p.accept("WHERE") {
		return nil, nil
	}
	return p.expression()
}

func (p *parser) selection() (selection, error) {
	var s selection
	if p.isValueKeyword() {
		p.next()
		if t := p.peek(); t.is("*") {
			return s, t.fail("SELECT VALUE * is not implemented by Shakedown")
		}
		var err error
		s.value, err = p.expression()
		return s, err
	}
	for {
		it, err := p.item()
		if err != nil {
			return s, err
		}
		s.items = append(s.items, it)
		if !p.accept(",") {
			return s, nil
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
	case next.kind == endToken, next.oneOf([]string{",", ".", ")", "FROM", "WHERE", "AS", "+", "/", "%", "=", "<>", "!=", "<", "<=", ">", ">=", "IN", "AND", "OR"}):
		return false
	case next.is("*"):
		return p.tokens[p.at+2].is("FROM")
	case next.is("-"):
		return p.namelessColumn()
	}
	return true
}

// namelessColumn tells that the column ends with FROM, without a name and without
// another column: brackets are passed over.
func (p *parser) namelessColumn() bool {
	depth := 0
	for _, t := range p.tokens[p.at:] {
		switch {
		case t.oneOf([]string{"(", "[", "{"}):
			depth++
		case t.oneOf([]string{")", "]", "}"}):
			depth--
		case depth == 0 && t.oneOf([]string{",", "AS", "FROM"}):
			return t.is("FROM")
		}
		if depth < 0 {
			return false
		}
	}
	return false
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
	switch field := e.(type) {
	case *path:
		return item{expr: e, path: field.names[len(field.names)-1:]}, nil
	case *variable: // @decoded.reading is named reading, as on the page SET clause
		if n := len(field.names); n > 0 {
			return item{expr: e, path: field.names[n-1:]}, nil
		}
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
