package sql

import (
	"slices"
	"strconv"
	"strings"
)

// maxDepth bounds how deep expressions and queries may nest.
const maxDepth = 100

type parser struct {
	tokens []Token
	at     int
	depth  int
	locals [][]string // the parameters of the lambdas around
}

func (p *parser) peek() Token { return p.ahead(0) }

func (p *parser) ahead(n int) Token { return p.tokens[min(p.at+n, len(p.tokens)-1)] }

func (p *parser) next() Token {
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

func (p *parser) expect(texts ...string) error {
	for _, text := range texts {
		if t := p.peek(); !t.is(text) {
			return t.Fail("expected '%s', not %s", text, t)
		}
		p.next()
	}
	return nil
}

// deeper enters one level of nesting; the caller leaves it with p.depth--.
func (p *parser) deeper() error {
	if p.depth++; p.depth > maxDepth {
		return p.peek().Fail("the query is nested deeper than %d", maxDepth)
	}
	return nil
}

var keywords = strings.Fields(`FROM WHERE GROUP HAVING ORDER LIMIT AS AND OR NOT IN LIKE BETWEEN IS NULL BY ASC DESC UNION JOIN ON
	OVER CASE WHEN THEN ELSE END SELECT LEFT RIGHT INNER CROSS FULL WITH EXCEPT INTERSECT OFFSET NULLS USING OUTER NATURAL EXISTS
	CAST EXTRACT DISTINCT VALUES UNNEST ESCAPE DESCRIBE`)

func isKeyword(text string) bool { return slices.Contains(keywords, strings.ToUpper(text)) }

// name reads an identifier.
func (p *parser) name(what string) (string, error) {
	t := p.next()
	if t.kind != quotedToken && (t.kind != wordToken || isKeyword(t.text)) {
		return "", t.Fail("expected %s, not %s", what, t)
	}
	return t.text, nil
}

// alias reads [AS] name where one is there.
func (p *parser) alias() (string, error) {
	t := p.peek()
	if p.accept("AS") || t.kind == quotedToken || t.kind == wordToken && !isKeyword(t.text) {
		return p.name("a name")
	}
	return "", nil
}

// names reads (name, …) where a parenthesis is there.
func (p *parser) names() ([]string, error) {
	if !p.accept("(") {
		return nil, nil
	}
	var names []string
	for {
		name, err := p.name("a column's name")
		if err != nil {
			return nil, err
		}
		names = append(names, name)
		if !p.accept(",") {
			return names, p.expect(")")
		}
	}
}

// query reads [WITH …] body [ORDER BY …] [OFFSET …] [LIMIT …].
func (p *parser) query() (*Query, error) {
	defer func() { p.depth-- }()
	if err := p.deeper(); err != nil {
		return nil, err
	}
	q := &Query{Limit: -1}
	var err error
	if p.accept("WITH") {
		if q.With, err = p.ctes(); err != nil {
			return nil, err
		}
	}
	if q.Body, err = p.union(); err != nil {
		return nil, err
	}
	if p.peek().is("ORDER") {
		if q.Order, err = p.ordering(); err != nil {
			return nil, err
		}
	}
	if p.accept("OFFSET") {
		if q.Offset, err = p.count(); err != nil {
			return nil, err
		}
		if !p.accept("ROWS") {
			p.accept("ROW")
		}
	}
	if p.accept("LIMIT") && !p.accept("ALL") {
		q.Limit, err = p.count()
	}
	return q, err
}

// count reads a number of rows.
func (p *parser) count() (int, error) {
	t := p.next()
	n, err := strconv.Atoi(t.text)
	if t.kind != numberToken || err != nil {
		return 0, t.Fail("expected a number of rows, not %s", t)
	}
	return n, nil
}

func (p *parser) ctes() ([]CTE, error) {
	if t := p.peek(); t.is("RECURSIVE") {
		return nil, t.Fail("WITH RECURSIVE is not implemented by Shakedown")
	}
	var with []CTE
	for {
		c := CTE{At: p.peek()}
		var err error
		if c.Name, err = p.name("a query's name"); err != nil {
			return nil, err
		}
		if c.Columns, err = p.names(); err != nil {
			return nil, err
		}
		if err = p.expect("AS", "("); err != nil {
			return nil, err
		}
		if c.Query, err = p.query(); err != nil {
			return nil, err
		}
		if err = p.expect(")"); err != nil {
			return nil, err
		}
		with = append(with, c)
		if !p.accept(",") {
			return with, nil
		}
	}
}

// union reads bodies with UNION and EXCEPT between them; INTERSECT binds tighter.
func (p *parser) union() (*Body, error) {
	return p.bodies(func() (*Body, error) { return p.bodies(p.body, "INTERSECT") }, "UNION", "EXCEPT")
}

func (p *parser) bodies(operand func() (*Body, error), operators ...string) (*Body, error) {
	left, err := operand()
	if err != nil {
		return nil, err
	}
	for p.peek().isOneOf(operators) {
		t := p.next()
		b := &Body{At: t, Op: t.upper(), Left: left, All: p.accept("ALL")}
		if !b.All {
			p.accept("DISTINCT")
		}
		if b.Right, err = operand(); err != nil {
			return nil, err
		}
		left = b
	}
	return left, nil
}

func (p *parser) body() (*Body, error) {
	b := &Body{At: p.peek()}
	var err error
	switch {
	case p.accept("("):
		if b.Query, err = p.query(); err != nil {
			return nil, err
		}
		return b, p.expect(")")
	case p.accept("VALUES"):
		b.Values, err = p.values()
	case p.accept("SELECT"):
		b.Selection, err = p.selection()
	default:
		err = b.At.Fail("expected 'SELECT', not %s", b.At)
	}
	return b, err
}

// values reads VALUES rows: an expression is a row of one.
func (p *parser) values() ([][]*Node, error) {
	list, err := p.list()
	if err != nil {
		return nil, err
	}
	rows := make([][]*Node, len(list))
	for i, n := range list {
		if rows[i] = []*Node{n}; n.Op == RowOp {
			rows[i] = n.Args
		}
		if len(rows[i]) != len(rows[0]) {
			return nil, n.At.Fail("Values rows have mismatched sizes: %d vs %d", len(rows[0]), len(rows[i]))
		}
	}
	return rows, nil
}

func (p *parser) selection() (*Selection, error) {
	s := &Selection{Distinct: p.accept("DISTINCT")}
	if !s.Distinct {
		p.accept("ALL")
	}
	var err error
	if s.Columns, err = p.columns(); err != nil {
		return nil, err
	}
	if p.accept("FROM") {
		if s.From, err = p.from(); err != nil {
			return nil, err
		}
	}
	if p.accept("WHERE") {
		if s.Where, err = p.expression(); err != nil {
			return nil, err
		}
	}
	if p.accept("GROUP") {
		if err := p.groups(s); err != nil {
			return nil, err
		}
	}
	if p.accept("HAVING") {
		if s.Having, err = p.expression(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (p *parser) columns() ([]Column, error) {
	var columns []Column
	for {
		c := Column{At: p.peek()}
		var err error
		switch {
		case p.accept("*"):
			c.Star = true
		case p.ahead(1).is(".") && p.ahead(2).is("*"):
			c.Star, c.Table = true, p.next().text
			p.next()
			p.next()
		default:
			if c.Expr, err = p.expression(); err != nil {
				return nil, err
			}
			if c.Alias, err = p.alias(); err != nil {
				return nil, err
			}
		}
		columns = append(columns, c)
		if !p.accept(",") {
			return columns, nil
		}
	}
}

// groups reads BY expr, … | ().
func (p *parser) groups(s *Selection) error {
	if err := p.expect("BY"); err != nil {
		return err
	}
	if t := p.peek(); t.isOneOf([]string{"GROUPING", "CUBE", "ROLLUP"}) {
		return t.Fail("GROUP BY %s is not implemented by Shakedown", t.upper())
	}
	if !p.accept("ALL") {
		p.accept("DISTINCT")
	}
	s.Grouped = true
	if p.peek().is("(") && p.ahead(1).is(")") {
		p.next()
		p.next()
		return nil
	}
	list, err := p.list()
	for _, n := range list {
		if n.Op == RowOp {
			s.Group = append(s.Group, n.Args...)
			continue
		}
		s.Group = append(s.Group, n)
	}
	return err
}

// ordering reads ORDER BY expr [ASC|DESC] [NULLS FIRST|LAST], ….
func (p *parser) ordering() ([]Ordering, error) {
	if err := p.expect("ORDER", "BY"); err != nil {
		return nil, err
	}
	var order []Ordering
	for {
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		o := Ordering{Expr: e, Desc: p.accept("DESC")}
		if !o.Desc {
			p.accept("ASC")
		}
		if p.accept("NULLS") {
			if o.NullsFirst = p.accept("FIRST"); !o.NullsFirst {
				if err := p.expect("LAST"); err != nil {
					return nil, err
				}
			}
		}
		order = append(order, o)
		if !p.accept(",") {
			return order, nil
		}
	}
}

func (p *parser) list() ([]*Node, error) {
	var list []*Node
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
