package timestream

// body compiles what is not a plain SELECT.
func (p *planner) body(b *body, outer *scope) (*relation, error) {
	switch {
	case b.selection != nil:
		return p.query(&query{body: b, limit: -1}, outer)
	case b.query != nil:
		return p.query(b.query, outer)
	case b.values != nil:
		return p.values(b, outer)
	}
	left, err := p.body(b.left, outer)
	if err != nil {
		return nil, err
	}
	right, err := p.body(b.right, outer)
	if err != nil {
		return nil, err
	}
	if len(left.kinds) != len(right.kinds) {
		return nil, b.at.fail("%s query has different number of fields: %d, %d", b.op, len(left.kinds), len(right.kinds))
	}
	rel := &relation{names: left.names, kinds: make([]kind, len(left.kinds)), correlated: left.correlated || right.correlated}
	for i, k := range left.kinds {
		var ok bool
		if rel.kinds[i], ok = common(k, right.kinds[i]); !ok {
			return nil, b.at.fail("column %d in %s query has incompatible types: %s, %s", i+1, b.op, k, right.kinds[i])
		}
	}
	rel.rows = func(r *run, around *env) [][]value {
		return combine(r, b, widened(left.in(r, around), rel.kinds), widened(right.in(r, around), rel.kinds))
	}
	return rel, nil
}

// widened converts rows to the kinds that two sides have in common.
func widened(rows [][]value, kinds []kind) [][]value {
	out := make([][]value, len(rows))
	for i, row := range rows {
		out[i] = make([]value, len(row))
		for j, v := range row {
			out[i][j] = widen(v, kinds[j])
		}
	}
	return out
}

// widen converts a value to a kind that is common to its own and another.
func widen(v value, to kind) value {
	switch {
	case v.kind == to:
		return v
	case v.null:
		return nullOf(to)
	case to == double:
		return ofDouble(v.number())
	case to.isArray():
		items := make([]value, len(v.list.items))
		for i, item := range v.list.items {
			items[i] = widen(item, to.of())
		}
		return arrayValue(to.of(), items)
	}
	v.kind = to
	return v
}

// combine is UNION, INTERSECT and EXCEPT; with ALL each row counts as often as it
// is there.
func combine(r *run, b *body, left, right [][]value) [][]value {
	var out [][]value
	var key []byte
	there := map[string]int{}
	if b.op != "UNION" {
		for _, row := range right {
			key = appendKeys(key[:0], row)
			there[string(key)]++
		}
		right = nil
	}
	done := map[string]bool{}
	for _, rows := range [][][]value{left, right} {
		for _, row := range rows {
			if !r.step() {
				return nil
			}
			key = appendKeys(key[:0], row)
			found := there[string(key)] > 0
			if b.all {
				there[string(key)]--
			}
			if b.op == "INTERSECT" && !found || b.op == "EXCEPT" && found || !b.all && done[string(key)] {
				continue
			}
			if !b.all {
				done[string(key)] = true
			}
			r.keep(row)
			out = append(out, row)
		}
	}
	return out
}

// values compiles VALUES rows.
func (p *planner) values(b *body, outer *scope) (*relation, error) {
	s := &scope{planner: p, outer: outer, depth: depthOf(outer) + 1, clause: "VALUES"}
	rel := &relation{depth: s.depth, kinds: make([]kind, len(b.values[0]))}
	p.active = append(p.active, rel)
	defer func() { p.active = p.active[:len(p.active)-1] }()
	rows := make([][]expr, len(b.values))
	for i, row := range b.values {
		for j, n := range row {
			e, err := s.compile(n)
			if err != nil {
				return nil, err
			}
			var ok bool
			if rel.kinds[j], ok = common(rel.kinds[j], e.kind); !ok {
				return nil, n.at.fail("Type of row %d column %d is mismatched: expected %s, found %s", i, j, rel.kinds[j], e.kind)
			}
			rows[i] = append(rows[i], e)
		}
	}
	for j := range rel.kinds {
		rel.names = append(rel.names, "_col"+itoa(j))
	}
	rel.rows = func(r *run, around *env) [][]value {
		out := make([][]value, len(rows))
		for i, row := range rows {
			for j, e := range row {
				out[i] = append(out[i], widen(e.eval(&env{run: r, outer: around}), rel.kinds[j]))
			}
		}
		return out
	}
	return rel, nil
}
