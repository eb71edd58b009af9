package timestream

import "github.com/shakedown-iot/shakedown/emulators/timestream/sql"

// sub compiles a query within an expression; column is that it must have one.
func (s *scope) sub(n *sql.Node, column bool) (*relation, error) {
	around := *s
	around.clause = ""
	rel, err := s.planner.query(n.Query, &around)
	if err == nil && column && len(rel.kinds) != 1 {
		return nil, n.At.Fail("Multiple columns returned by subquery are not supported here: it has %d", len(rel.kinds))
	}
	return rel, err
}

// scalar is (query): the one value of its one row, null of none.
func (s *scope) scalar(n *sql.Node) (expr, error) {
	rel, err := s.sub(n, true)
	if err != nil {
		return expr{}, err
	}
	return expr{kind: rel.kinds[0], eval: func(e *env) value {
		rows := rel.in(e.run, e)
		switch len(rows) {
		case 0:
			return nullOf(rel.kinds[0])
		case 1:
			return rows[0][0]
		}
		e.run.fail(n.At, invalid("Scalar sub-query has returned multiple rows"))
		return nullOf(rel.kinds[0])
	}}, nil
}

func (s *scope) exists(n *sql.Node) (expr, error) {
	rel, err := s.sub(n, false)
	if err != nil {
		return expr{}, err
	}
	return expr{kind: boolean, eval: func(e *env) value { return ofBool(len(rel.in(e.run, e)) > 0) }}, nil
}

// set are the values of a sub-query's column.
type set struct {
	has  map[string]bool
	null bool
}

func (rel *relation) set(e *env) *set {
	if known := e.run.sets[rel]; known != nil && !rel.correlated {
		return known
	}
	found := &set{has: map[string]bool{}}
	for _, row := range rel.in(e.run, e) {
		found.null = found.null || row[0].null
		found.has[string(row[0].appendKey(nil))] = true
	}
	e.run.sets[rel] = found
	return found
}

// inQuery is x [NOT] IN (query): null where x is not found but null is.
func (s *scope) inQuery(n *sql.Node) (expr, error) {
	x, err := s.compile(n.Args[0])
	if err != nil {
		return expr{}, err
	}
	rel, err := s.sub(n, true)
	if err != nil {
		return expr{}, err
	}
	if !comparable(x.kind, rel.kinds[0]) {
		return expr{}, n.At.Fail("value and result of subquery must be of the same type for IN expression: %s vs %s", x.kind, rel.kinds[0])
	}
	return expr{kind: boolean, eval: func(e *env) value {
		v, in := x.eval(e), rel.set(e)
		switch {
		case len(in.has) == 0:
			return ofBool(n.Flag)
		case v.null:
			return nullOf(boolean)
		case in.has[string(v.appendKey(nil))]:
			return ofBool(!n.Flag)
		case in.null:
			return nullOf(boolean)
		}
		return ofBool(n.Flag)
	}}, nil
}

// quantified is x = ANY (query) and x = ALL (query), three-valued.
func (s *scope) quantified(n *sql.Node) (expr, error) {
	x, err := s.compile(n.Args[0])
	if err != nil {
		return expr{}, err
	}
	rel, err := s.sub(n, true)
	if err != nil {
		return expr{}, err
	}
	if !comparable(x.kind, rel.kinds[0]) {
		return expr{}, n.At.Fail("'%s' cannot be applied to %s, %s", n.Text, x.kind, rel.kinds[0])
	}
	test := comparisons[n.Text]
	return expr{kind: boolean, eval: func(e *env) value {
		v := x.eval(e)
		null := false
		for _, row := range rel.in(e.run, e) {
			switch {
			case v.null || row[0].null:
				null = true
			case test(compare(v, row[0])) != n.Flag:
				return ofBool(!n.Flag)
			}
		}
		if null {
			return nullOf(boolean)
		}
		return ofBool(n.Flag)
	}}, nil
}
