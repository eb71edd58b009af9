package timestream

import (
	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// body compiles what is not a plain SELECT.
func (p *planner) body(b *sql.Body, outer *scope) (*relation, error) {
	switch {
	case b.Selection != nil:
		return p.query(&sql.Query{Body: b, Limit: -1}, outer)
	case b.Query != nil:
		return p.query(b.Query, outer)
	case b.Values != nil:
		return p.values(b, outer)
	}
	left, err := p.body(b.Left, outer)
	if err != nil {
		return nil, err
	}
	right, err := p.body(b.Right, outer)
	if err != nil {
		return nil, err
	}
	if len(left.kinds) != len(right.kinds) {
		return nil, b.At.Fail("%s query has different number of fields: %d, %d", b.Op, len(left.kinds), len(right.kinds))
	}
	rel := &relation{names: left.names, kinds: make([]value.Kind, len(left.kinds)), correlated: left.correlated || right.correlated}
	for i, k := range left.kinds {
		var ok bool
		if rel.kinds[i], ok = value.Common(k, right.kinds[i]); !ok {
			return nil, b.At.Fail("column %d in %s query has incompatible types: %s, %s", i+1, b.Op, k, right.kinds[i])
		}
	}
	rel.rows = func(r *run, around *env) [][]value.Value {
		return combine(r, b, widened(left.in(r, around), rel.kinds), widened(right.in(r, around), rel.kinds))
	}
	return rel, nil
}

// widened converts rows to the kinds that two sides have in common.
func widened(rows [][]value.Value, kinds []value.Kind) [][]value.Value {
	out := make([][]value.Value, len(rows))
	for i, row := range rows {
		out[i] = make([]value.Value, len(row))
		for j, v := range row {
			out[i][j] = v.As(kinds[j])
		}
	}
	return out
}

// combine is UNION, INTERSECT and EXCEPT; with ALL each row counts as often as it
// is there.
func combine(r *run, b *sql.Body, left, right [][]value.Value) [][]value.Value {
	var out [][]value.Value
	var key []byte
	there := map[string]int{}
	if b.Op != "UNION" {
		for _, row := range right {
			key = appendKeys(key[:0], row)
			there[string(key)]++
		}
		right = nil
	}
	done := map[string]bool{}
	for _, rows := range [][][]value.Value{left, right} {
		for _, row := range rows {
			if !r.step() {
				return nil
			}
			key = appendKeys(key[:0], row)
			found := there[string(key)] > 0
			if b.All {
				there[string(key)]--
			}
			if b.Op == "INTERSECT" && !found || b.Op == "EXCEPT" && found || !b.All && done[string(key)] {
				continue
			}
			if !b.All {
				done[string(key)] = true
			}
			r.keep(row)
			out = append(out, row)
		}
	}
	return out
}

// values compiles VALUES rows.
func (p *planner) values(b *sql.Body, outer *scope) (*relation, error) {
	s := &scope{planner: p, outer: outer, depth: depthOf(outer) + 1, clause: "VALUES"}
	rel := &relation{depth: s.depth, kinds: make([]value.Kind, len(b.Values[0]))}
	p.active = append(p.active, rel)
	defer func() { p.active = p.active[:len(p.active)-1] }()
	rows := make([][]expr, len(b.Values))
	for i, row := range b.Values {
		for j, n := range row {
			e, err := s.compile(n)
			if err != nil {
				return nil, err
			}
			var ok bool
			if rel.kinds[j], ok = value.Common(rel.kinds[j], e.kind); !ok {
				return nil, n.At.Fail("Type of row %d column %d is mismatched: expected %s, found %s", i, j, rel.kinds[j], e.kind)
			}
			rows[i] = append(rows[i], e)
		}
	}
	for j := range rel.kinds {
		rel.names = append(rel.names, "_col"+itoa(j))
	}
	rel.rows = func(r *run, around *env) [][]value.Value {
		out := make([][]value.Value, len(rows))
		for i, row := range rows {
			for j, e := range row {
				out[i] = append(out[i], e.eval(&env{run: r, outer: around}).As(rel.kinds[j]))
				r.keep(out[i][j:])
			}
			if r.err != nil {
				return nil
			}
		}
		return out
	}
	return rel, nil
}
