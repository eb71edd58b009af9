package timestream

import (
	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

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
	return expr{kind: rel.kinds[0], eval: func(e *env) value.Value {
		rows := rel.in(e.run, e)
		switch len(rows) {
		case 0:
			return value.NullOf(rel.kinds[0])
		case 1:
			return rows[0][0]
		}
		e.run.fail(n.At, invalid("Scalar sub-query has returned multiple rows"))
		return value.NullOf(rel.kinds[0])
	}}, nil
}

func (s *scope) exists(n *sql.Node) (expr, error) {
	rel, err := s.sub(n, false)
	if err != nil {
		return expr{}, err
	}
	return expr{kind: value.Boolean, eval: func(e *env) value.Value { return value.OfBool(len(rel.in(e.run, e)) > 0) }}, nil
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
		found.null = found.null || row[0].Null
		found.has[string(row[0].AppendKey(nil))] = true
	}
	if e.run.err == nil {
		e.run.sets[rel] = found
	}
	return found
}

// membership compiles the two sides of x IN, = ANY or = ALL (query).
func (s *scope) membership(n *sql.Node) (x expr, query *relation, err error) {
	if x, err = s.compile(n.Args[0]); err == nil {
		query, err = s.sub(n, true)
	}
	return x, query, err
}

// inQuery is x [NOT] IN (query): null where x is not found but null is.
func (s *scope) inQuery(n *sql.Node) (expr, error) {
	x, rel, err := s.membership(n)
	if err != nil {
		return expr{}, err
	}
	if !value.Comparable(x.kind, rel.kinds[0]) {
		return expr{}, n.At.Fail("value and result of subquery must be of the same type for IN expression: %s vs %s", x.kind, rel.kinds[0])
	}
	if !x.kind.IsScalar() { // a set does not know what a null within a row leaves open
		if n.Flag {
			return quantify(x, rel, "<>", true), nil
		}
		return quantify(x, rel, "=", false), nil
	}
	return expr{kind: value.Boolean, eval: func(e *env) value.Value {
		v, in := x.eval(e), rel.set(e)
		switch {
		case len(in.has) == 0:
			return value.OfBool(n.Flag)
		case v.Null:
			return value.NullOf(value.Boolean)
		case in.has[string(v.AppendKey(nil))]:
			return value.OfBool(!n.Flag)
		case in.null:
			return value.NullOf(value.Boolean)
		}
		return value.OfBool(n.Flag)
	}}, nil
}

// quantified is x = ANY (query) and x = ALL (query), three-valued.
func (s *scope) quantified(n *sql.Node) (expr, error) {
	x, rel, err := s.membership(n)
	if err != nil {
		return expr{}, err
	}
	if !value.Comparable(x.kind, rel.kinds[0]) {
		return expr{}, n.At.Fail("'%s' cannot be applied to %s, %s", n.Text, x.kind, rel.kinds[0])
	}
	return quantify(x, rel, n.Text, n.Flag), nil
}

// quantify compares x with all rows of a query, or with any.
func quantify(x expr, rel *relation, op string, all bool) expr {
	test := comparisons[op]
	return expr{kind: value.Boolean, eval: func(e *env) value.Value {
		v := x.eval(e)
		null := false
		for _, row := range rel.in(e.run, e) {
			if !e.run.step() {
				break
			}
			switch {
			case value.Indeterminate(v, row[0]):
				null = true
			case test(value.Compare(v, row[0])) != all:
				return value.OfBool(!all)
			}
		}
		if null {
			return value.NullOf(value.Boolean)
		}
		return value.OfBool(all)
	}}
}
