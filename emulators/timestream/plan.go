package timestream

import (
	"slices"
	"strconv"
	"strings"
)

// plan is a compiled SELECT.
type plan struct {
	planner  *planner
	source   source
	where    *expr
	grouped  bool
	keys     []expr
	scope    *scope
	columns  []expr
	asts     []*node // of the columns
	names    []string
	origins  []*sourceColumn
	aliased  []bool
	having   *expr
	distinct bool
	order    []orderKey
	offset   int
	limit    int
}

type orderKey struct {
	expr
	desc, nullsFirst bool
}

func (p *plan) kinds() []kind {
	kinds := make([]kind, len(p.columns))
	for i, c := range p.columns {
		kinds[i] = c.kind
	}
	return kinds
}

// selection compiles a query whose body is a SELECT.
func (pl *planner) selection(q *query, outer *scope) (*plan, error) {
	sel := q.body.selection
	p := &plan{planner: pl, source: nothing{}, distinct: sel.distinct, offset: q.offset, limit: q.limit}
	rows := &scope{planner: pl, outer: outer, depth: depthOf(outer) + 1}
	if sel.from != nil {
		var err error
		if p.source, err = pl.from(sel.from, rows); err != nil {
			return nil, err
		}
		rows.from = p.source.columns()
	}
	if sel.where != nil {
		var err error
		rows.clause = "WHERE"
		if p.where, err = rows.boolean(sel.where, "WHERE clause"); err != nil {
			return nil, err
		}
		if t, ok := p.source.(*tableSource); ok {
			t.narrow(sel.where, rows)
		}
	}
	if err := p.expand(sel); err != nil {
		return nil, err
	}
	if err := p.group(q, rows); err != nil {
		return nil, err
	}
	if err := p.selectList(); err != nil {
		return nil, err
	}
	if sel.having != nil {
		var err error
		if p.having, err = p.scope.boolean(sel.having, "HAVING clause"); err != nil {
			return nil, err
		}
	}
	return p, p.ordering(q.order, sel)
}

// maxColumns bounds the columns of a SELECT and of a join. AWS bounds a result's
// metadata by 100 KB.
// https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html
const maxColumns = 2000

// expand replaces * and table.* by columns, and names each.
func (p *plan) expand(sel *selection) error {
	for _, c := range sel.columns {
		if !c.star {
			p.asts = append(p.asts, c.expr)
			p.aliased = append(p.aliased, c.alias != "")
			switch {
			case c.alias != "":
				p.names = append(p.names, c.alias)
			case c.expr.op == columnOp:
				p.names = append(p.names, c.expr.text)
			default:
				p.names = append(p.names, "_col"+strconv.Itoa(len(p.names)))
			}
			continue
		}
		any := false
		for _, of := range p.source.columns() {
			if of.hidden || c.table != "" && !strings.EqualFold(of.table, c.table) {
				continue
			}
			any = true
			p.asts = append(p.asts, &node{op: columnOp, at: c.at, text: of.name, table: of.table})
			p.names, p.aliased = append(p.names, of.name), append(p.aliased, false)
		}
		if !any {
			return c.at.fail("SELECT * has no table '%s' to name the columns of", c.table)
		}
	}
	if len(p.asts) > maxColumns {
		return sel.columns[0].at.fail("the query has more than %d columns", maxColumns)
	}
	return nil
}

// group compiles GROUP BY; a number names a column of the select list.
func (p *plan) group(q *query, rows *scope) error {
	sel := q.body.selection
	p.scope = &scope{planner: p.planner, from: rows.from, outer: rows.outer, depth: rows.depth, keys: map[string]int{}, found: map[string]int{}}
	rows.clause = "GROUP BY"
	for _, n := range sel.group {
		i, err := position(n, len(p.asts), "GROUP BY")
		if err != nil {
			return err
		}
		if i >= 0 {
			n = p.asts[i]
		}
		k, err := rows.compile(n)
		if err != nil {
			return err
		}
		p.scope.keys[rows.canon(n)] = len(p.keys)
		p.scope.kinds = append(p.scope.kinds, k.kind)
		p.keys = append(p.keys, k)
	}
	p.grouped = sel.grouped || sel.having != nil || slices.ContainsFunc(p.asts, hasAggregate)
	for _, o := range q.order {
		p.grouped = p.grouped || hasAggregate(o.expr)
	}
	p.scope.grouped = p.grouped
	return nil
}

func hasAggregate(n *node) bool {
	found := false
	n.walk(func(n *node) {
		found = found || n.op == callOp && n.over == nil && isAggregate(n.text)
	})
	return found
}

// position is the place in a select list that a number names; -1 for what is no
// number.
func position(n *node, columns int, clause string) (int, error) {
	if n.op != numberOp {
		return -1, nil
	}
	i, err := strconv.Atoi(n.text)
	if err != nil || i < 1 || i > columns {
		return 0, n.at.fail("%s position %s is not in select list", clause, n.text)
	}
	return i - 1, nil
}

func (p *plan) selectList() error {
	p.scope.windowed = true
	for _, n := range p.asts {
		e, err := p.scope.compile(n)
		if err != nil {
			return err
		}
		p.columns = append(p.columns, e)
		var origin *sourceColumn
		if n.op == columnOp {
			origin, _ = find(p.scope.from, n)
		}
		p.origins = append(p.origins, origin)
	}
	p.scope.windowed = false
	return nil
}

// ordering compiles ORDER BY: aliases, positions, or expressions.
func (p *plan) ordering(order []ordering, sel *selection) error {
	p.scope.windowed = true
	defer func() { p.scope.windowed = false }()
	for _, o := range order {
		key := orderKey{desc: o.desc, nullsFirst: o.nullsFirst}
		i, err := position(o.expr, len(p.asts), "ORDER BY")
		if err != nil {
			return err
		}
		if i < 0 {
			i = p.selected(o.expr)
		}
		if i >= 0 {
			key.expr = p.columns[i]
		} else if sel.distinct {
			return o.expr.at.fail("For SELECT DISTINCT, ORDER BY expressions must appear in select list")
		} else if key.expr, err = p.scope.compile(p.unaliased(o.expr)); err != nil {
			return err
		}
		if k := key.kind; k.isSeries() || k == dimensionRow {
			return o.expr.at.fail("%s has no order", k)
		}
		p.order = append(p.order, key)
	}
	return nil
}

// selected finds the column that an ORDER BY expression is, by alias or by what it
// says.
func (p *plan) selected(n *node) int {
	if n.op == columnOp && n.table == "" {
		for i, name := range p.names {
			if p.aliased[i] && strings.EqualFold(name, n.text) {
				return i
			}
		}
	}
	key := p.scope.canon(n)
	return slices.IndexFunc(p.asts, func(of *node) bool { return p.scope.canon(of) == key })
}

// unaliased puts columns in the place of aliases within an expression.
func (p *plan) unaliased(n *node) *node {
	if n.op == columnOp && n.table == "" {
		if i := p.selected(n); i >= 0 {
			return p.asts[i]
		}
		return n
	}
	again := *n
	again.args = make([]*node, len(n.args))
	for i, a := range n.args {
		again.args[i] = p.unaliased(a)
	}
	return &again
}
