package timestream

import (
	"sort"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// sortable is a row of a result with what it is sorted by.
type sortable struct{ values, keys []value.Value }

// perKey is about how many bytes a key of a map takes beside its own. What a group or a
// row takes beside its values is not counted: it is a few times 64 bytes, as they are.
const perKey = 48

// made evaluates expressions to values that are kept, and answers how many bytes those
// are. It stops as soon as they are too many: one row may have thousands of long texts.
func made(r *run, e *env, exprs []expr, values []value.Value) (bytes int) {
	for i, x := range exprs {
		values[i] = x.eval(e)
		n := values[i].Size()
		bytes += n
		if r.hold(n); r.err != nil {
			break
		}
	}
	return bytes
}

// run executes the plan; the caller holds the lock.
func (p *plan) run(r *run, outer *env) [][]value.Value {
	var rows []sortable
	seen := map[string]bool{}
	var key []byte
	// Without an order the first rows are the result.
	enough := -1
	if p.limit >= 0 && len(p.order) == 0 {
		enough = p.offset + p.limit
	}
	emit := func(e *env) bool {
		if enough >= 0 && len(rows) >= enough {
			return false
		}
		row := sortable{values: make([]value.Value, len(p.columns))}
		bytes := made(r, e, p.columns, row.values)
		if r.err != nil {
			return false
		}
		if p.distinct {
			key = appendKeys(key[:0], row.values)
			if seen[string(key)] {
				r.hold(-bytes)
				return r.err == nil
			}
			seen[string(key)] = true
			r.hold(len(key) + perKey)
		}
		row.keys = keysOf(r, e, p.order, row.values)
		rows = append(rows, row)
		return r.err == nil
	}
	if len(p.scope.windows) > 0 {
		p.overWindows(r, outer, emit)
	} else {
		p.visit(r, outer, emit)
	}
	return cut(sorted(r, rows, p.order), p.offset, p.limit)
}

// keysOf is what a row is sorted by: of its columns, as they are in it, or computed.
func keysOf(r *run, e *env, order []orderKey, row []value.Value) []value.Value {
	if len(order) == 0 {
		return nil
	}
	keys := make([]value.Value, len(order))
	for i, o := range order {
		if o.column > 0 {
			keys[i] = row[o.column-1]
			r.hold(64) // what is in it is counted
			continue
		}
		keys[i] = o.eval(e)
		r.keep(keys[i : i+1])
		if r.err != nil {
			break
		}
	}
	return keys
}

// visit walks over the rows, or groups, that WHERE and HAVING let through.
func (p *plan) visit(r *run, outer *env, visit func(*env) bool) {
	if !p.grouped {
		p.source.scan(r, outer, func(e *env) bool {
			return p.where != nil && !p.where.eval(e).IsTrue() || visit(e)
		})
		return
	}
	for _, g := range p.groups(r, outer) {
		if p.having != nil && !p.having.eval(g).IsTrue() {
			continue
		}
		if !r.step() || !visit(g) {
			return
		}
	}
}

// sorted sorts stably. Null comes last in both directions unless said otherwise,
// as in Trino.
func sorted(r *run, rows []sortable, order []orderKey) [][]value.Value {
	if len(order) > 0 && r.err == nil {
		sort.SliceStable(rows, func(i, j int) bool { return ordered(rows[i].keys, rows[j].keys, order) < 0 })
	}
	values := make([][]value.Value, len(rows))
	for i, row := range rows {
		values[i] = row.values
	}
	return values
}

// ordered compares two rows by their keys.
func ordered(a, b []value.Value, order []orderKey) int {
	for k, o := range order {
		x, y := a[k], b[k]
		if x.Null || y.Null {
			if x.Null == y.Null {
				continue
			}
			if x.Null == o.nullsFirst {
				return -1
			}
			return 1
		}
		c := value.Compare(x, y)
		if c == 0 {
			continue
		}
		if o.desc {
			return -c
		}
		return c
	}
	return 0
}

// cut keeps limit rows behind offset; -1 is all.
func cut(rows [][]value.Value, offset, limit int) [][]value.Value {
	rows = rows[min(offset, len(rows)):]
	if limit >= 0 {
		rows = rows[:min(limit, len(rows))]
	}
	return rows
}

func appendKeys(key []byte, values []value.Value) []byte {
	for _, v := range values {
		key = v.AppendKey(key)
	}
	return key
}

// groups puts rows into groups, in the order of their first rows. Without GROUP
// BY there is one group, also of no rows.
func (p *plan) groups(r *run, outer *env) []*env {
	index := map[string]*env{}
	var order []*env
	var key []byte
	keys := make([]value.Value, len(p.keys))
	group := func(bytes int) *env {
		key = appendKeys(key[:0], keys)
		g, ok := index[string(key)]
		if !ok {
			g = &env{run: r, outer: outer, keys: append([]value.Value(nil), keys...), sums: make([]aggregate, len(p.scope.calls))}
			for i, c := range p.scope.calls {
				g.sums[i] = c.make()
			}
			index[string(key)] = g
			order = append(order, g)
			r.hold(len(key) + perKey)
		} else {
			r.hold(-bytes)
		}
		return g
	}
	var only *env
	if len(p.keys) == 0 {
		only = group(0)
	}
	p.source.scan(r, outer, func(e *env) bool {
		if p.where != nil && !p.where.eval(e).IsTrue() {
			return r.err == nil
		}
		g := only
		if g == nil {
			bytes := made(r, e, p.keys, keys)
			if r.err != nil {
				return false
			}
			g = group(bytes)
		}
		for i, c := range p.scope.calls {
			c.add(g.sums[i], e)
		}
		return r.err == nil
	})
	return order
}
