package timestream

import (
	"context"
	"maps"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// relation is a compiled query: the columns of its result, and its rows.
type relation struct {
	names   []string
	kinds   []value.Kind
	origins []*sourceColumn // of the columns that are a table's as they are
	aliased []bool
	rows    func(r *run, outer *env) [][]value.Value
	depth   int
	// correlated is that its rows depend on the row of a query around it.
	correlated bool
}

// in answers the rows; those that depend on no other row are kept for the run, unless
// an error has left them incomplete: TRY may go on behind it.
func (rel *relation) in(r *run, outer *env) [][]value.Value {
	if r.err != nil { // each of many relations would be looked at again
		return nil
	}
	if rel.correlated {
		return rel.rows(r, outer)
	}
	rows, ok := r.kept[rel]
	if !ok {
		if rows = rel.rows(r, outer); r.err == nil {
			r.kept[rel] = rows
		}
	}
	return rows
}

// planner compiles one query's text.
type planner struct {
	state  *State
	now    int64
	with   map[string]*relation
	active []*relation // that are being compiled, the outermost first
	// tables are those that the query has named, with what it sees of them.
	tables map[*table][]series
}

// newPlanner plans at an instant.
func newPlanner(s *State, now int64) *planner {
	return &planner{state: s, now: now, tables: map[*table][]series{}}
}

// rows is what the query sees of a table, however often it names it: what was there
// the first time. The caller holds the lock.
func (p *planner) rows(t *table) []series {
	if _, ok := p.tables[t]; !ok {
		p.tables[t] = t.snapshot()
	}
	return p.tables[t]
}

// maxConstant is the work of a constant that is evaluated before its query is: a query
// may have thousands of them.
const maxConstant = 1 << 16

// constantRun is a run to evaluate constants in.
func constantRun(now int64) *run {
	r := newRun(context.Background(), now)
	r.work = maxWork - maxConstant
	return r
}

// correlate notes that a name was found in a query at a depth: whatever is compiled
// deeper depends on its rows.
func (p *planner) correlate(depth int) {
	for _, rel := range p.active {
		if rel.depth > depth {
			rel.correlated = true
		}
	}
}

// query compiles a query; outer is the scope around a sub-query.
func (p *planner) query(q *sql.Query, outer *scope) (*relation, error) {
	rel := &relation{depth: depthOf(outer) + 1}
	p.active = append(p.active, rel)
	around := p.with
	defer func() { p.active, p.with = p.active[:len(p.active)-1], around }()
	if err := p.ctes(q.With, outer); err != nil {
		return nil, err
	}
	if q.Body.Selection != nil {
		plan, err := p.selection(q, outer)
		if err != nil {
			return nil, err
		}
		rel.names, rel.kinds, rel.origins, rel.aliased, rel.rows = plan.names, plan.kinds(), plan.origins, plan.aliased, plan.run
		return rel, nil
	}
	inner, err := p.body(q.Body, outer)
	if err != nil {
		return nil, err
	}
	order, err := p.outputOrder(q.Order, inner, outer)
	if err != nil {
		return nil, err
	}
	rel.names, rel.kinds = inner.names, inner.kinds
	rel.rows = func(r *run, around *env) [][]value.Value {
		var rows []sortable
		for _, row := range inner.in(r, around) {
			if !r.step() {
				break
			}
			rows = append(rows, sortable{row, keysOf(r, &env{run: r, outer: around, row: row}, order, row)})
		}
		return cut(sorted(r, rows, order), q.Offset, q.Limit)
	}
	return rel, nil
}

func depthOf(s *scope) int {
	if s == nil {
		return -1
	}
	return s.depth
}

// ctes compiles WITH: each query sees those before it.
func (p *planner) ctes(with []sql.CTE, outer *scope) error {
	if len(with) > 0 {
		p.with = maps.Clone(p.with)
	}
	if p.with == nil {
		p.with = map[string]*relation{}
	}
	named := map[string]bool{}
	for _, c := range with {
		if named[c.Name] {
			return c.At.Fail("WITH query name '%s' specified more than once", c.Name)
		}
		named[c.Name] = true
		rel, err := p.query(c.Query, outer)
		if err != nil {
			return err
		}
		if rel, err = rel.renamed(c.At, c.Columns); err != nil {
			return err
		}
		p.with[sql.Lower(c.Name)] = rel
	}
	return nil
}

// renamed is the relation under other column names.
func (rel *relation) renamed(at sql.Token, names []string) (*relation, error) {
	if names == nil {
		return rel, nil
	}
	if len(names) != len(rel.names) {
		return nil, at.Fail("Column alias list has %d entries but the query has %d columns", len(names), len(rel.names))
	}
	again := *rel
	again.names = names
	again.rows = rel.in
	return &again, nil
}

// outputOrder compiles ORDER BY of a result without a SELECT of its own.
func (p *planner) outputOrder(order []sql.Ordering, rel *relation, outer *scope) ([]orderKey, error) {
	s := &scope{planner: p, outer: outer, depth: depthOf(outer) + 1, from: newRowSource(rel, "").cols, clause: "ORDER BY"}
	var keys []orderKey
	for _, o := range order {
		key := orderKey{desc: o.Desc, nullsFirst: o.NullsFirst}
		i, err := position(o.Expr, len(rel.names), "ORDER BY")
		switch {
		case err != nil:
			return nil, err
		case i >= 0:
			key.expr, key.column = expr{kind: rel.kinds[i], eval: func(e *env) value.Value { return e.row[i] }}, i+1
		default:
			if key.expr, err = s.compile(o.Expr); err != nil {
				return nil, err
			}
		}
		keys = append(keys, key)
	}
	return keys, nil
}
