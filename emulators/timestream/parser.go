package timestream

import (
	"slices"
	"strconv"
	"strings"
)

// maxDepth bounds how deep expressions and queries may nest.
const maxDepth = 100

type parser struct {
	tokens []token
	at     int
	depth  int
}

func (p *parser) peek() token { return p.ahead(0) }

func (p *parser) ahead(n int) token { return p.tokens[min(p.at+n, len(p.tokens)-1)] }

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

func (p *parser) expect(texts ...string) error {
	for _, text := range texts {
		if t := p.peek(); !t.is(text) {
			return t.fail("expected '%s', not %s", text, t)
		}
		p.next()
	}
	return nil
}

// deeper enters one level of nesting; the caller leaves it with p.depth--.
func (p *parser) deeper() error {
	if p.depth++; p.depth > maxDepth {
		return p.peek().fail("the query is nested deeper than %d", maxDepth)
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
		return "", t.fail("expected %s, not %s", what, t)
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
func (p *parser) query() (*query, error) {
	defer func() { p.depth-- }()
	if err := p.deeper(); err != nil {
		return nil, err
	}
	q := &query{limit: -1}
	var err error
	if p.accept("WITH") {
		if q.with, err = p.ctes(); err != nil {
			return nil, err
		}
	}
	if q.body, err = p.union(); err != nil {
		return nil, err
	}
	if p.peek().is("ORDER") {
		if q.order, err = p.ordering(); err != nil {
			return nil, err
		}
	}
	if p.accept("OFFSET") {
		if q.offset, err = p.count(); err != nil {
			return nil, err
		}
		if !p.accept("ROWS") {
			p.accept("ROW")
		}
	}
	if p.accept("LIMIT") && !p.accept("ALL") {
		q.limit, err = p.count()
	}
	return q, err
}

// count reads a number of rows.
func (p *parser) count() (int, error) {
	t := p.next()
	n, err := strconv.Atoi(t.text)
	if t.kind != numberToken || err != nil {
		return 0, t.fail("expected a number of rows, not %s", t)
	}
	return n, nil
}

func (p *parser) ctes() ([]cte, error) {
	if t := p.peek(); t.is("RECURSIVE") {
		return nil, t.fail("WITH RECURSIVE is not implemented by Shakedown")
	}
	var with []cte
	for {
		c := cte{at: p.peek()}
		var err error
		if c.name, err = p.name("a query's name"); err != nil {
			return nil, err
		}
		if c.columns, err = p.names(); err != nil {
			return nil, err
		}
		if err = p.expect("AS", "("); err != nil {
			return nil, err
		}
		if c.query, err = p.query(); err != nil {
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
func (p *parser) union() (*body, error) {
	return p.bodies(func() (*body, error) { return p.bodies(p.body, "INTERSECT") }, "UNION", "EXCEPT")
}

func (p *parser) bodies(operand func() (*body, error), operators ...string) (*body, error) {
	left, err := operand()
	if err != nil {
		return nil, err
	}
	for p.peek().isOneOf(operators) {
		t := p.next()
		b := &body{at: t, op: t.upper(), left: left, all: p.accept("ALL")}
		if !b.all {
			p.accept("DISTINCT")
		}
		if b.right, err = operand(); err != nil {
			return nil, err
		}
		left = b
	}
	return left, nil
}

func (p *parser) body() (*body, error) {
	b := &body{at: p.peek()}
	var err error
	switch {
	case p.accept("("):
		if b.query, err = p.query(); err != nil {
			return nil, err
		}
		return b, p.expect(")")
	case p.accept("VALUES"):
		b.values, err = p.values()
	case p.accept("SELECT"):
		b.selection, err = p.selection()
	default:
		err = b.at.fail("expected 'SELECT', not %s", b.at)
	}
	return b, err
}

// values reads VALUES rows: an expression is a row of one.
func (p *parser) values() ([][]*node, error) {
	list, err := p.list()
	if err != nil {
		return nil, err
	}
	rows := make([][]*node, len(list))
	for i, n := range list {
		if rows[i] = []*node{n}; n.op == rowOp {
			rows[i] = n.args
		}
		if len(rows[i]) != len(rows[0]) {
			return nil, n.at.fail("Values rows have mismatched sizes: %d vs %d", len(rows[0]), len(rows[i]))
		}
	}
	return rows, nil
}

func (p *parser) selection() (*selection, error) {
	s := &selection{distinct: p.accept("DISTINCT")}
	if !s.distinct {
		p.accept("ALL")
	}
	var err error
	if s.columns, err = p.columns(); err != nil {
		return nil, err
	}
	if p.accept("FROM") {
		if s.from, err = p.from(); err != nil {
			return nil, err
		}
	}
	if p.accept("WHERE") {
		if s.where, err = p.expression(); err != nil {
			return nil, err
		}
	}
	if p.accept("GROUP") {
		if err := p.groups(s); err != nil {
			return nil, err
		}
	}
	if p.accept("HAVING") {
		if s.having, err = p.expression(); err != nil {
			return nil, err
		}
	}
	return s, nil
}

func (p *parser) columns() ([]column, error) {
	var columns []column
	for {
		c := column{at: p.peek()}
		var err error
		switch {
		case p.accept("*"):
			c.star = true
		case p.ahead(1).is(".") && p.ahead(2).is("*"):
			c.star, c.table = true, p.next().text
			p.next()
			p.next()
		default:
			if c.expr, err = p.expression(); err != nil {
				return nil, err
			}
			if c.alias, err = p.alias(); err != nil {
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
func (p *parser) groups(s *selection) error {
	if err := p.expect("BY"); err != nil {
		return err
	}
	if t := p.peek(); t.isOneOf([]string{"GROUPING", "CUBE", "ROLLUP"}) {
		return t.fail("GROUP BY %s is not implemented by Shakedown", t.upper())
	}
	if !p.accept("ALL") {
		p.accept("DISTINCT")
	}
	s.grouped = true
	if p.peek().is("(") && p.ahead(1).is(")") {
		p.next()
		p.next()
		return nil
	}
	list, err := p.list()
	for _, n := range list {
		if n.op == rowOp {
			s.group = append(s.group, n.args...)
			continue
		}
		s.group = append(s.group, n)
	}
	return err
}

// ordering reads ORDER BY expr [ASC|DESC] [NULLS FIRST|LAST], ….
func (p *parser) ordering() ([]ordering, error) {
	if err := p.expect("ORDER", "BY"); err != nil {
		return nil, err
	}
	var order []ordering
	for {
		e, err := p.expression()
		if err != nil {
			return nil, err
		}
		o := ordering{expr: e, desc: p.accept("DESC")}
		if !o.desc {
			p.accept("ASC")
		}
		if p.accept("NULLS") {
			if o.nullsFirst = p.accept("FIRST"); !o.nullsFirst {
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
