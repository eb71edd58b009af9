package timestream

import (
	"math"
	"sort"
	"strings"
)

// run executes the plan; the caller holds the lock.
func (p *plan) run(now int64) *result {
	r := &result{names: p.names}
	for _, c := range p.columns {
		r.kinds = append(r.kinds, c.kind)
	}
	var rows []sortable
	emit := func(e *env) {
		if p.having != nil && !p.having.eval(e).isTrue() {
			return
		}
		row := sortable{values: make([]value, len(p.columns)), keys: make([]value, len(p.order))}
		for i, c := range p.columns {
			row.values[i] = c.eval(e)
		}
		for i, o := range p.order {
			row.keys[i] = o.eval(e)
		}
		rows = append(rows, row)
	}
	if p.grouped {
		p.groups(now, emit)
	} else {
		p.scan(now, emit)
	}
	p.sort(rows)
	if p.query.limit >= 0 && len(rows) > p.query.limit {
		rows = rows[:p.query.limit]
	}
	for _, row := range rows {
		r.rows = append(r.rows, row.values)
	}
	return r
}

type sortable struct{ values, keys []value }

// sort is stable; null comes last in both directions, as in Trino.
func (p *plan) sort(rows []sortable) {
	if len(p.order) == 0 {
		return
	}
	sort.SliceStable(rows, func(i, j int) bool {
		for k, o := range p.order {
			a, b := rows[i].keys[k], rows[j].keys[k]
			if a.null || b.null {
				if a.null == b.null {
					continue
				}
				return b.null
			}
			c := compare(a, b)
			if c == 0 {
				continue
			}
			return (c < 0) != o.desc
		}
		return false
	})
}

// scan visits the rows that WHERE lets through, by series and time.
func (p *plan) scan(now int64, visit func(*env)) {
	e := &env{now: now}
	for _, s := range p.table.all() {
		from := 0
		if p.low > math.MinInt64 {
			from, _ = s.find(p.low)
		}
		e.series = s
		for i := from; i < s.len() && s.at[i] <= p.high; i++ {
			e.at, e.point = s.at[i], s.get(i)
			if p.where == nil || p.where.eval(e).isTrue() {
				visit(e)
			}
		}
	}
}

// groups puts rows into groups, in the order of their first rows. Without GROUP
// BY there is one group, also of no rows.
func (p *plan) groups(now int64, emit func(*env)) {
	index := map[string]*env{}
	var order []*env
	group := func(keys []value) *env {
		var b strings.Builder
		for _, k := range keys {
			if k.null {
				b.WriteString("null")
			} else {
				b.WriteString("=" + k.text())
			}
			b.WriteByte(0)
		}
		g, ok := index[b.String()]
		if !ok {
			g = &env{now: now, keys: keys}
			for _, c := range p.scope.calls {
				g.sums = append(g.sums, c.make())
			}
			index[b.String()] = g
			order = append(order, g)
		}
		return g
	}
	if len(p.keys) == 0 {
		group(nil)
	}
	p.scan(now, func(e *env) {
		keys := make([]value, len(p.keys))
		for i, k := range p.keys {
			keys[i] = k.eval(e)
		}
		g := group(keys)
		for i, c := range p.scope.calls {
			args := make([]value, len(c.args))
			for j, a := range c.args {
				args[j] = a.eval(e)
			}
			g.sums[i].add(args)
		}
	})
	for _, g := range order {
		emit(g)
	}
}
