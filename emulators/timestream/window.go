package timestream

import (
	"sort"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// windowCall is one window function of a SELECT.
type windowCall struct {
	node      *sql.Node
	kind      value.Kind
	args      []expr
	partition []expr
	order     []orderKey
	from, to  edge
	aggregate *aggregateCall
}

// isWindow are the functions that stand only with OVER.
// https://docs.aws.amazon.com/timestream/latest/developerguide/window-functions.html
var isWindow = map[string]bool{"row_number": true, "rank": true, "dense_rank": true, "percent_rank": true, "cume_dist": true, "ntile": true,
	"lag": true, "lead": true, "first_value": true, "last_value": true, "nth_value": true}

// window compiles a call with OVER; its result is computed before the row is.
func (s *scope) window(n *sql.Node) (expr, error) {
	if !s.windowed || s.inside || s.withinOver {
		return expr{}, n.At.Fail("window functions stand only in SELECT and ORDER BY: %s", n.Text)
	}
	if !isWindow[n.Text] && !isAggregate(n.Text) {
		return expr{}, n.At.Fail("%s is no window function and no aggregate", n.Text)
	}
	s.withinOver = true
	defer func() { s.withinOver = false }()
	w := &windowCall{node: n}
	var err error
	if isAggregate(n.Text) {
		if w.aggregate, err = s.aggregation(n); err != nil {
			return expr{}, err
		}
		w.args, w.kind = w.aggregate.args, w.aggregate.kind
	} else if err := s.ranking(w); err != nil {
		return expr{}, err
	}
	for _, p := range n.Over.Partition {
		e, err := s.compile(p)
		if err != nil {
			return expr{}, err
		}
		w.partition = append(w.partition, e)
	}
	for _, o := range n.Over.Order {
		e, err := s.compile(o.Expr)
		if err != nil {
			return expr{}, err
		}
		w.order = append(w.order, orderKey{expr: e, desc: o.Desc, nullsFirst: o.NullsFirst})
	}
	if err := s.edges(w); err != nil {
		return expr{}, err
	}
	i := len(s.windows)
	s.windows = append(s.windows, w)
	return expr{kind: w.kind, eval: func(e *env) value.Value { return e.windows[i] }}, nil
}

// ranking types a window function that is no aggregate.
func (s *scope) ranking(w *windowCall) (err error) {
	n := w.node
	if n.Flag || n.Filter != nil {
		return n.At.Fail("DISTINCT and FILTER stand only in aggregates")
	}
	if w.args, _, err = s.arguments(n); err != nil {
		return err
	}
	kinds := make([]value.Kind, len(w.args))
	for i, a := range w.args {
		kinds[i] = a.kind
	}
	least, most, integers := 0, 0, 0 // arguments, and from which on they are integers
	w.kind = value.Bigint
	switch n.Text {
	case "percent_rank", "cume_dist":
		w.kind = value.Double
	case "ntile":
		least, most = 1, 1
	case "lag", "lead":
		least, most, integers = 1, 3, 1
	case "first_value", "last_value":
		least, most, integers = 1, 1, 1
	case "nth_value":
		least, most, integers = 2, 2, 1
	}
	if len(kinds) < least || len(kinds) > most || len(kinds) > integers && !value.IsInteger(kinds[integers]) {
		return unexpected(n, kinds)
	}
	if integers > 0 {
		w.kind = kinds[0]
	} else if n.IgnoreNulls {
		return n.At.Fail("IGNORE NULLS stands only behind lag, lead, first_value, last_value and nth_value")
	}
	if len(kinds) == 3 {
		var ok bool
		if w.kind, ok = value.Common(kinds[0], kinds[2]); !ok {
			return unexpected(n, kinds)
		}
	}
	return nil
}

// windowRow is a row of a partition.
type windowRow struct {
	env  *env
	keys []value.Value // of ORDER BY
}

// overWindows keeps all rows, computes the window functions, and visits the rows.
func (p *plan) overWindows(r *run, outer *env, visit func(*env) bool) {
	var rows []*env
	p.visit(r, outer, func(e *env) bool {
		again := *e
		again.row = append([]value.Value(nil), e.row...)
		again.windows = make([]value.Value, len(p.scope.windows))
		r.keep(again.row)
		r.keep(again.windows)
		rows = append(rows, &again)
		return r.err == nil
	})
	for i, w := range p.scope.windows {
		w.compute(r, rows, i)
	}
	for _, e := range rows {
		if r.err != nil || !visit(e) {
			return
		}
	}
}

// compute puts the results into each row's place i.
func (w *windowCall) compute(r *run, rows []*env, i int) {
	index := map[string]int{}
	var parts [][]windowRow
	var key []byte
	for _, e := range rows {
		key = key[:0]
		for _, p := range w.partition {
			key = p.eval(e).AppendKey(key)
		}
		at, ok := index[string(key)]
		if !ok {
			at = len(parts)
			index[string(key)] = at
			parts = append(parts, nil)
			r.hold(len(key) + perKey)
		}
		parts[at] = append(parts[at], windowRow{env: e, keys: keysOf(r, e, w.order, nil)})
		if !r.step() {
			return
		}
	}
	for _, part := range parts {
		sort.SliceStable(part, func(a, b int) bool { return ordered(part[a].keys, part[b].keys, w.order) < 0 })
		w.part(r, part, i)
		if r.err != nil {
			return
		}
	}
}

// part computes one partition, whose rows are in order. Rows that are equal in
// order are peers.
func (w *windowCall) part(r *run, part []windowRow, i int) {
	run := frameRun{call: w, run: r, part: part}
	for at := range part {
		if at == 0 || ordered(part[at-1].keys, part[at].keys, w.order) != 0 {
			run.first, run.dense = at, run.dense+1
			run.last = at
			for run.last+1 < len(part) && ordered(part[at].keys, part[run.last+1].keys, w.order) == 0 {
				run.last++
			}
		}
		if !r.step() {
			return
		}
		v := run.value(at)
		part[at].env.windows[i] = v
		r.hold(v.Size() - value.Null.Size())
	}
	run.drop()
}
