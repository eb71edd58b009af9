package timestream

import (
	"slices"
	"strconv"
	"strings"
)

// maxDepth bounds how deep expressions may nest.
const maxDepth = 100

type parser struct {
	tokens []token
	at     int
	depth  int
}

// parse reads a query. Errors are ValidationExceptions with the position.
func parse(text string) (*query, error) {
	tokens, err := lex(text)
	if err != nil {
		return nil, err
	}
	p := &parser{tokens: tokens}
	q, err := p.query()
	if err != nil {
		return nil, err
	}
	p.accept(";")
	if t := p.peek(); t.kind != endToken {
		return nil, t.fail("%s is not implemented by Shakedown here", t)
	}
	return q, nil
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

func (p *parser) query() (*query, error) {
	q := &query{limit: -1}
	if t := p.peek(); !t.is("SELECT") {
		return nil, t.fail("expected 'SELECT', not %s (other statements and WITH are not implemented by Shakedown)", t)
	}
	p.next()
	if t := p.peek(); t.is("DISTINCT") {
		return nil, t.fail("SELECT DISTINCT is not implemented by Shakedown")
	}
	if err := p.columns(q); err != nil {
		return nil, err
	}
	if err := p.expect("FROM"); err != nil {
		return nil, err
	}
	if err := p.from(q); err != nil {
		return nil, err
	}
	return q, p.clauses(q)
}

func (p *parser) columns(q *query) error {
	if p.accept("*") {
		q.star = true
		return nil
	}
	for {
		e, err := p.expression()
		if err != nil {
			return err
		}
		c := column{expr: e}
		if p.accept("AS") || p.peek().kind == quotedToken || p.peek().kind == wordToken && !isKeyword(p.peek().text) {
			t := p.next()
			if t.kind != wordToken && t.kind != quotedToken {
				return t.fail("expected a column's name, not %s", t)
			}
			c.alias = t.text
		}
		q.columns = append(q.columns, c)
		if !p.accept(",") {
			return nil
		}
	}
}

var keywords = []string{"FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "AS", "AND", "OR", "NOT", "IN", "LIKE",
	"BETWEEN", "IS", "NULL", "BY", "ASC", "DESC", "UNION", "JOIN", "ON", "OVER", "CASE", "WHEN", "THEN", "ELSE", "END", "SELECT",
	"LEFT", "RIGHT", "INNER", "CROSS", "FULL", "WITH", "EXCEPT", "INTERSECT", "OFFSET", "NULLS"}

func isKeyword(text string) bool { return slices.Contains(keywords, strings.ToUpper(text)) }

func (p *parser) from(q *query) error {
	q.from = p.peek()
	name := func() (string, error) {
		t := p.next()
		if t.is("(") {
			return "", t.fail("sub-queries are not implemented by Shakedown")
		}
		if t.kind != quotedToken && (t.kind != wordToken || isKeyword(t.text)) {
			return "", t.fail("expected \"database\".\"table\", not %s", t)
		}
		return t.text, nil
	}
	var err error
	if q.database, err = name(); err != nil {
		return err
	}
	if err = p.expect("."); err != nil {
		return err
	}
	if q.table, err = name(); err != nil {
		return err
	}
	if t := p.peek(); t.is(",") || t.is("JOIN") || t.is("LEFT") || t.is("RIGHT") || t.is("INNER") || t.is("CROSS") || t.is("FULL") {
		return t.fail("joins are not implemented by Shakedown")
	}
	return nil
}

func (p *parser) clauses(q *query) (err error) {
	if p.accept("WHERE") {
		if q.where, err = p.expression(); err != nil {
			return err
		}
	}
	if p.accept("GROUP") {
		if err := p.expect("BY"); err != nil {
			return err
		}
		if q.group, err = p.list(); err != nil {
			return err
		}
	}
	if p.accept("HAVING") {
		if q.having, err = p.expression(); err != nil {
			return err
		}
	}
	if p.accept("ORDER") {
		if err := p.expect("BY"); err != nil {
			return err
		}
		if err := p.ordering(q); err != nil {
			return err
		}
	}
	if p.accept("LIMIT") {
		t := p.next()
		n, err := strconv.Atoi(t.text)
		if t.kind != numberToken || err != nil {
			return t.fail("expected a number of rows, not %s", t)
		}
		q.limit = n
	}
	return nil
}

func (p *parser) ordering(q *query) error {
	for {
		e, err := p.expression()
		if err != nil {
			return err
		}
		o := ordering{expr: e}
		if p.accept("DESC") {
			o.desc = true
		} else {
			p.accept("ASC")
		}
		if t := p.peek(); t.is("NULLS") {
			return t.fail("NULLS FIRST and NULLS LAST are not implemented by Shakedown")
		}
		q.order = append(q.order, o)
		if !p.accept(",") {
			return nil
		}
	}
}

func (p *parser) list() ([]*node, error) {
	var list []*node
	for {
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		list = append(list, e)
		if !p.accept(",") {
			return list, nil
		}
	}
}
