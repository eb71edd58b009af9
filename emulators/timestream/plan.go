package timestream

import (
	"math"
	"sort"
	"strconv"
	"strings"
)

// result is a query's answer: columns and rows.
type result struct {
	names []string
	kinds []kind
	rows  [][]value
}

// plan is a compiled query.
type plan struct {
	query   *query
	table   *table
	where   *expr
	grouped bool
	keys    []expr
	scope   *scope
	columns []expr
	names   []string
	having  *expr
	order   []orderKey
	low     int64 // time range that WHERE allows
	high    int64
}

type orderKey struct {
	expr
	desc bool
}

// compileQuery types a query against its table.
func compileQuery(q *query, t *table, now int64) (*plan, error) {
	p := &plan{query: q, table: t, low: math.MinInt64, high: math.MaxInt64}
	rows := &scope{table: t, where: true}
	if q.where != nil {
		w, err := rows.compile(q.where)
		if err != nil {
			return nil, err
		}
		if w.kind != boolean && w.kind != unknown {
			return nil, q.where.at.fail("WHERE clause must evaluate to a boolean: actual type %s", w.kind)
		}
		p.where = &w
		p.narrow(q.where, rows, now)
	}
	if err := p.group(rows); err != nil {
		return nil, err
	}
	if err := p.selectList(); err != nil {
		return nil, err
	}
	if q.having != nil {
		h, err := p.scope.compile(q.having)
		if err != nil {
			return nil, err
		}
		if h.kind != boolean {
			return nil, q.having.at.fail("HAVING clause must evaluate to a boolean: actual type %s", h.kind)
		}
		p.having = &h
	}
	return p, p.ordering()
}

// narrow finds the bounds of time among the conditions that must all hold.
func (p *plan) narrow(n *node, s *scope, now int64) {
	if n.op != binaryOp {
		return
	}
	if n.text == "AND" {
		p.narrow(n.args[0], s, now)
		p.narrow(n.args[1], s, now)
		return
	}
	if n.args[0].op != columnOp || n.args[0].text != "time" {
		return
	}
	bound, err := s.compile(n.args[1])
	if err != nil || !bound.constant {
		return
	}
	v := bound.eval(&env{now: now})
	if v.null || v.kind != timestamp {
		return
	}
	switch n.text {
	case ">", ">=", "=":
		p.low = max(p.low, v.i)
	}
	switch n.text {
	case "<", "<=", "=":
		p.high = min(p.high, v.i)
	}
}

// group compiles GROUP BY; a number names a column of the select list.
func (p *plan) group(rows *scope) error {
	p.scope = &scope{table: p.table, keys: map[string]int{}, found: map[string]int{}}
	rows.where = false
	for _, n := range p.query.group {
		if n.op == numberOp {
			i, err := strconv.Atoi(n.text)
			if err != nil || i < 1 || i > len(p.query.columns) {
				return n.at.fail("GROUP BY position %s is not in select list", n.text)
			}
			n = p.query.columns[i-1].expr
		}
		k, err := rows.compile(n)
		if err != nil {
			return err
		}
		p.scope.keys[n.key()] = len(p.keys)
		p.scope.kinds = append(p.scope.kinds, k.kind)
		p.keys = append(p.keys, k)
	}
	p.grouped = len(p.keys) > 0 || p.query.having != nil
	for _, c := range p.query.columns {
		p.grouped = p.grouped || hasAggregate(c.expr)
	}
	p.scope.grouped = p.grouped
	return nil
}

func hasAggregate(n *node) bool {
	if n.op == callOp && isAggregate(n.text) {
		return true
	}
	for _, a := range n.args {
		if hasAggregate(a) {
			return true
		}
	}
	return false
}

func (p *plan) selectList() error {
	columns := p.query.columns
	if p.query.star {
		if p.grouped {
			return p.query.from.fail("SELECT * cannot stand with GROUP BY")
		}
		for _, name := range p.table.columnNames() {
			columns = append(columns, column{expr: &node{op: columnOp, text: name, at: p.query.from}})
		}
		p.query.columns = columns
	}
	for i, c := range columns {
		e, err := p.scope.compile(c.expr)
		if err != nil {
			return err
		}
		p.columns = append(p.columns, e)
		switch {
		case c.alias != "":
			p.names = append(p.names, c.alias)
		case c.expr.op == columnOp:
			p.names = append(p.names, c.expr.text)
		default:
			p.names = append(p.names, "_col"+strconv.Itoa(i))
		}
	}
	return nil
}

// columnNames are those of SELECT *: dimensions, measure_name, time and a column
// for each type of measure there is.
func (t *table) columnNames() []string {
	var names []string
	for d := range t.dims {
		names = append(names, d)
	}
	sort.Strings(names)
	names = append(names, "measure_name", "time")
	there := map[kind]bool{}
	for _, s := range t.order {
		there[s.kind] = true
	}
	for _, k := range []kind{double, bigint, varchar, boolean, timestamp} {
		if there[k] {
			names = append(names, "measure_value::"+strings.ToLower(k.String()))
		}
	}
	return names
}

// ordering compiles ORDER BY: an alias, a position, or an expression.
func (p *plan) ordering() error {
	for _, o := range p.query.order {
		key := orderKey{desc: o.desc}
		if i := p.named(o.expr); i >= 0 {
			key.expr = p.columns[i]
		} else if o.expr.op == numberOp {
			return o.expr.at.fail("ORDER BY position %s is not in select list", o.expr.text)
		} else {
			e, err := p.scope.compile(o.expr)
			if err != nil {
				return err
			}
			key.expr = e
		}
		p.order = append(p.order, key)
	}
	return nil
}

func (p *plan) named(n *node) int {
	for i := range p.columns {
		if n.op == columnOp && p.query.columns[i].alias == n.text || n.op == numberOp && n.text == strconv.Itoa(i+1) {
			return i
		}
	}
	return -1
}
