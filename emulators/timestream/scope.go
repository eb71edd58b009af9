package timestream

import (
	"fmt"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// expr is a typed expression that can be evaluated on a row.
type expr struct {
	kind value.Kind
	eval func(*env) value.Value
	// constant expressions need no row.
	constant bool
}

// env is what an expression sees: a row of a table or of another source, or a
// group's keys and aggregates; with the results of window functions, and the row
// of the query around a sub-query.
type env struct {
	run     *run
	outer   *env
	series  *series
	at      int64
	point   point
	row     []value.Value
	keys    []value.Value
	sums    []aggregate
	windows []value.Value
	locals  []value.Value // the arguments of lambdas, the innermost last
}

// scope is what names mean while expressions of one SELECT are compiled.
type scope struct {
	planner *planner
	from    []*sourceColumn
	outer   *scope
	depth   int
	// grouped is that rows have been put into groups: columns must be keys or
	// stand inside aggregates.
	grouped bool
	keys    map[string]int // group expressions by canonical form
	kinds   []value.Kind   // of keys
	calls   []*aggregateCall
	found   map[string]int // aggregates by canonical form
	canons  map[*sql.Node]string
	inside  bool   // inside an aggregate's argument
	clause  string // where aggregates cannot stand
	// windows are the window functions, where they can stand.
	windows    []*windowCall
	windowed   bool
	withinOver bool
	locals     []parameter // of the lambdas around, the innermost last
}

// sourceColumn is a column of a FROM clause.
type sourceColumn struct {
	table, name string
	kind        value.Kind
	hidden      bool // not in SELECT *
	eval        func(*env) value.Value
	// origin is the table it is of, for PrepareQuery.
	origin *tableSource
}

// find finds a column by name: as it is written, or else without its case.
func find(columns []*sourceColumn, n *sql.Node) (*sourceColumn, error) {
	var found *sourceColumn
	for _, same := range []func(a, b string) bool{func(a, b string) bool { return a == b }, strings.EqualFold} {
		for _, c := range columns {
			if !same(c.name, n.Text) || n.Table != "" && !same(c.table, n.Table) {
				continue
			}
			if found != nil {
				return nil, n.At.Fail("Column '%s' is ambiguous", n.Text)
			}
			found = c
		}
		if found != nil {
			return found, nil
		}
	}
	return nil, nil
}

// column compiles a name, if need be one of a query around this one.
func (s *scope) column(n *sql.Node) (expr, error) {
	c, err := find(s.from, n)
	if err != nil {
		return expr{}, err
	}
	if c != nil {
		if s.grouped && !s.inside {
			return expr{}, n.At.Fail("'%s' must be an aggregate expression or appear in GROUP BY clause", n.Text)
		}
		return expr{kind: c.kind, eval: c.eval}, nil
	}
	for o := s.outer; o != nil; o = o.outer {
		if c, _ := find(o.from, n); c == nil {
			continue
		}
		s.planner.correlate(o.depth)
		levels := s.depth - o.depth
		e, err := o.compile(n)
		if err != nil {
			return expr{}, err
		}
		return expr{kind: e.kind, eval: func(row *env) value.Value {
			for range levels {
				row = row.outer
			}
			return e.eval(row)
		}}, nil
	}
	if n.Table == "" {
		return expr{}, n.At.Fail("Column '%s' does not exist", n.Text)
	}
	// What looks like a table may be a column with rows.
	if row, err := s.compile(&sql.Node{Op: sql.ColumnOp, At: n.At, Text: n.Table}); err == nil && row.kind.IsRow() {
		return fieldOf(row, n)
	}
	return expr{}, n.At.Fail("Column '%s.%s' does not exist", n.Table, n.Text)
}

// canon is an expression's canonical form in this scope. Each is computed once: an
// expression may be as long as a query.
func (s *scope) canon(n *sql.Node) string {
	key, ok := s.canons[n]
	if ok {
		return key
	}
	if n.Op != sql.ColumnOp {
		key = n.Key(s.canon)
	} else if c, _ := find(s.from, n); c != nil {
		key = fmt.Sprintf("%p", c)
	} else {
		key = sql.Lower(n.Table + "." + n.Text)
	}
	if s.canons == nil {
		s.canons = map[*sql.Node]string{}
	}
	s.canons[n] = key
	return key
}

// boolean compiles a condition.
func (s *scope) boolean(n *sql.Node, what string) (*expr, error) {
	e, err := s.compile(n)
	if err != nil {
		return nil, err
	}
	if e.kind != value.Boolean && e.kind != value.Unknown {
		return nil, n.At.Fail("%s must evaluate to a boolean: actual type %s", what, e.kind)
	}
	return &e, nil
}
