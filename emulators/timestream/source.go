package timestream

import (
	"maps"
	"math"
	"slices"
	"sort"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// source is a FROM clause: its columns, and a walk over its rows that ends when
// visit answers false. An env belongs to the walk; who keeps it copies it.
type source interface {
	columns() []*sourceColumn
	scan(r *run, outer *env, visit func(*env) bool)
}

// nothing is no FROM clause: one row without columns.
type nothing struct{}

func (nothing) columns() []*sourceColumn { return nil }

func (nothing) scan(r *run, outer *env, visit func(*env) bool) { visit(&env{run: r, outer: outer}) }

// tableSource is a table as it was when the query began. Rows come by series and
// time, those between low and high.
type tableSource struct {
	database  string
	table     *table // its name and what describes it
	series    []series
	cols      []*sourceColumn
	time      *sourceColumn
	low, high int64
}

// newTableSource has what the table keeps: nothing older than its magnetic retention.
// The caller holds the lock.
func newTableSource(f *sql.From, t *table, rows []series, now int64) *tableSource {
	s := &tableSource{database: f.Database, table: t, series: rows, low: now - int64(t.magneticAge()), high: math.MaxInt64}
	add := func(name string, k value.Kind, hidden bool, eval func(*env) value.Value) {
		s.cols = append(s.cols, &sourceColumn{table: f.Name, name: name, kind: k, hidden: hidden, eval: eval, origin: s})
	}
	for _, name := range t.dimensionNames() {
		add(name, value.Varchar, false, func(e *env) value.Value {
			text, ok := e.series.dimension(name)
			return value.Value{Kind: value.Varchar, S: text, Null: !ok}
		})
	}
	add("measure_name", value.Varchar, false, func(e *env) value.Value { return value.OfText(e.series.measure) })
	add("time", value.Timestamp, false, func(e *env) value.Value { return value.OfTime(e.at) })
	s.time = s.cols[len(s.cols)-1]
	there := t.measureKinds()
	for _, k := range []value.Kind{value.Double, value.Bigint, value.Varchar, value.Boolean, value.Timestamp} {
		add("measure_value::"+strings.ToLower(k.String()), k, !there[k], func(e *env) value.Value {
			if e.series.kind != k {
				return value.NullOf(k)
			}
			return e.point.value(k)
		})
	}
	for _, name := range slices.Sorted(maps.Keys(t.measures)) {
		k := t.measures[name]
		add(name, k, false, func(e *env) value.Value { return e.point.measured(name, k) })
	}
	return s
}

func (t *table) dimensionNames() []string {
	var names []string
	for d := range t.dims {
		names = append(names, d)
	}
	sort.Strings(names)
	return names
}

func (t *table) measureKinds() map[value.Kind]bool {
	there := map[value.Kind]bool{}
	for _, s := range t.order {
		there[s.kind] = true
	}
	return there
}

func (s *tableSource) columns() []*sourceColumn { return s.cols }

func (s *tableSource) scan(r *run, outer *env, visit func(*env) bool) {
	e := &env{run: r, outer: outer}
	for i := range s.series {
		one := &s.series[i]
		from, _ := one.find(s.low)
		e.series = one
		for i := from; i < one.len() && one.plain[i].at <= s.high; i++ {
			e.at, e.point = one.plain[i].at, one.get(i)
			if !r.step() || !visit(e) {
				return
			}
		}
	}
}

// narrow takes over the bounds of time among conditions that must all hold.
func (s *tableSource) narrow(n *sql.Node, in *scope) {
	if n.Op == sql.BetweenOp && !n.Flag {
		s.narrow(&sql.Node{Op: sql.BinaryOp, At: n.At, Text: ">=", Args: n.Args[:2]}, in)
		s.narrow(&sql.Node{Op: sql.BinaryOp, At: n.At, Text: "<=", Args: []*sql.Node{n.Args[0], n.Args[2]}}, in)
		return
	}
	if n.Op != sql.BinaryOp {
		return
	}
	if n.Text == "AND" {
		s.narrow(n.Args[0], in)
		s.narrow(n.Args[1], in)
		return
	}
	if n.Args[0].Op != sql.ColumnOp {
		return
	}
	if c, err := find(s.cols, n.Args[0]); err != nil || c != s.time {
		return
	}
	bound, err := in.compile(n.Args[1])
	if err != nil || !bound.constant {
		return
	}
	once := constantRun(in.planner.now)
	v := bound.eval(&env{run: once})
	if once.err != nil || v.Null || v.Kind != value.Timestamp {
		return
	}
	switch n.Text {
	case ">", ">=", "=":
		s.low = max(s.low, v.I)
	}
	switch n.Text {
	case "<", "<=", "=":
		s.high = min(s.high, v.I)
	}
}

// rowSource is a sub-query or a WITH query.
type rowSource struct {
	relation *relation
	cols     []*sourceColumn
}

func newRowSource(rel *relation, table string) *rowSource {
	s := &rowSource{relation: rel}
	for i, name := range rel.names {
		s.cols = append(s.cols, &sourceColumn{table: table, name: name, kind: rel.kinds[i], eval: func(e *env) value.Value { return e.row[i] }})
	}
	return s
}

func (s *rowSource) columns() []*sourceColumn { return s.cols }

func (s *rowSource) scan(r *run, outer *env, visit func(*env) bool) {
	e := &env{run: r, outer: outer}
	for _, row := range s.relation.in(r, outer) {
		e.row = row
		if !r.step() || !visit(e) {
			return
		}
	}
}
