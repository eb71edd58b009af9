package timestream

import (
	"slices"
	"strconv"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
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
	asts     []*sql.Node // of the columns
	names    []string
	origins  []*sourceColumn
	aliased  []bool
	having   *expr
	distinct bool
	order    []orderKey
	offset   int
	limit    int
}

// orderKey is an expression of ORDER BY; column is 1 for the first column of the result,
// which it may be, or 0.
type orderKey struct {
	expr
	column           int
	desc, nullsFirst bool
}

func (p *plan) kinds() []value.Kind {
	kinds := make([]value.Kind, len(p.columns))
	for i, c := range p.columns {
		kinds[i] = c.kind
	}
	return kinds
}

// selection compiles a query whose body is a SELECT.
func (pl *planner) selection(q *sql.Query, outer *scope) (*plan, error) {
	sel := q.Body.Selection
	p := &plan{planner: pl, source: nothing{}, distinct: sel.Distinct, offset: q.Offset, limit: q.Limit}
	rows := &scope{planner: pl, outer: outer, depth: depthOf(outer) + 1}
	if sel.From != nil {
		var err error
		if p.source, err = pl.from(sel.From, rows); err != nil {
			return nil, err
		}
		rows.from = p.source.columns()
	}
	if sel.Where != nil {
		var err error
		rows.clause = "WHERE"
		if p.where, err = rows.boolean(sel.Where, "WHERE clause"); err != nil {
			return nil, err
		}
		if t, ok := p.source.(*tableSource); ok {
			t.narrow(sel.Where, rows)
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
	if sel.Having != nil {
		var err error
		if p.having, err = p.scope.boolean(sel.Having, "HAVING clause"); err != nil {
			return nil, err
		}
	}
	return p, p.ordering(q.Order, sel)
}

// maxColumns bounds the columns of a SELECT and of a join. AWS bounds a result's
// metadata by 100 KB.
// https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html
const maxColumns = 2000

// expand replaces * and table.* by columns, and names each.
func (p *plan) expand(sel *sql.Selection) error {
	for _, c := range sel.Columns {
		if !c.Star {
			p.asts = append(p.asts, c.Expr)
			p.aliased = append(p.aliased, c.Alias != "")
			switch {
			case c.Alias != "":
				p.names = append(p.names, c.Alias)
			case c.Expr.Op == sql.ColumnOp || c.Expr.Op == sql.FieldOp:
				p.names = append(p.names, c.Expr.Text)
			default:
				p.names = append(p.names, "_col"+strconv.Itoa(len(p.names)))
			}
			continue
		}
		any := false
		for _, of := range p.source.columns() {
			if of.hidden || c.Table != "" && !strings.EqualFold(of.table, c.Table) {
				continue
			}
			any = true
			p.asts = append(p.asts, &sql.Node{Op: sql.ColumnOp, At: c.At, Text: of.name, Table: of.table})
			p.names, p.aliased = append(p.names, of.name), append(p.aliased, false)
		}
		if !any {
			return c.At.Fail("SELECT * has no table '%s' to name the columns of", c.Table)
		}
	}
	if len(p.asts) > maxColumns {
		return sel.Columns[0].At.Fail("the query has more than %d columns", maxColumns)
	}
	return nil
}

// group compiles GROUP BY; a number names a column of the select list.
func (p *plan) group(q *sql.Query, rows *scope) error {
	sel := q.Body.Selection
	p.scope = &scope{planner: p.planner, from: rows.from, outer: rows.outer, depth: rows.depth, keys: map[string]int{}, found: map[string]int{}}
	rows.clause = "GROUP BY"
	for _, n := range sel.Group {
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
	p.grouped = sel.Grouped || sel.Having != nil || slices.ContainsFunc(p.asts, hasAggregate)
	for _, o := range q.Order {
		p.grouped = p.grouped || hasAggregate(o.Expr)
	}
	p.scope.grouped = p.grouped
	return nil
}

func hasAggregate(n *sql.Node) bool {
	found := false
	n.Walk(func(n *sql.Node) {
		found = found || n.Op == sql.CallOp && n.Over == nil && isAggregate(n.Text)
	})
	return found
}

// position is the place in a select list that a number names; -1 for what is no
// number.
func position(n *sql.Node, columns int, clause string) (int, error) {
	if n.Op != sql.NumberOp {
		return -1, nil
	}
	i, err := strconv.Atoi(n.Text)
	if err != nil || i < 1 || i > columns {
		return 0, n.At.Fail("%s position %s is not in select list", clause, n.Text)
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
		if n.Op == sql.ColumnOp {
			origin, _ = find(p.scope.from, n)
		}
		p.origins = append(p.origins, origin)
	}
	p.scope.windowed = false
	return nil
}

// ordering compiles ORDER BY: aliases, positions, or expressions.
func (p *plan) ordering(order []sql.Ordering, sel *sql.Selection) error {
	p.scope.windowed = true
	defer func() { p.scope.windowed = false }()
	for _, o := range order {
		key := orderKey{desc: o.Desc, nullsFirst: o.NullsFirst}
		i, err := position(o.Expr, len(p.asts), "ORDER BY")
		if err != nil {
			return err
		}
		if i < 0 {
			i = p.selected(o.Expr)
		}
		if i >= 0 {
			key.expr, key.column = p.columns[i], i+1
		} else if sel.Distinct {
			return o.Expr.At.Fail("For SELECT DISTINCT, ORDER BY expressions must appear in select list")
		} else if key.expr, err = p.scope.compile(p.unaliased(o.Expr)); err != nil {
			return err
		}
		if k := key.kind; !k.Ordered() {
			return o.Expr.At.Fail("%s has no order", k)
		}
		p.order = append(p.order, key)
	}
	return nil
}

// selected finds the column that an ORDER BY expression is, by alias or by what it
// says.
func (p *plan) selected(n *sql.Node) int {
	if n.Op == sql.ColumnOp && n.Table == "" {
		for i, name := range p.names {
			if p.aliased[i] && strings.EqualFold(name, n.Text) {
				return i
			}
		}
	}
	key := p.scope.canon(n)
	return slices.IndexFunc(p.asts, func(of *sql.Node) bool { return p.scope.canon(of) == key })
}

// unaliased puts columns in the place of aliases within an expression.
func (p *plan) unaliased(n *sql.Node) *sql.Node {
	if n.Op == sql.ColumnOp && n.Table == "" {
		if i := p.selected(n); i >= 0 {
			return p.asts[i]
		}
		return n
	}
	again := *n
	again.Args = make([]*sql.Node, len(n.Args))
	for i, a := range n.Args {
		again.Args[i] = p.unaliased(a)
	}
	return &again
}
