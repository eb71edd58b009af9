package timestream

import (
	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// branches are the results of a CASE, one for each condition and perhaps one more
// for ELSE.
type branches struct {
	of       value.Kind
	results  []expr
	constant bool
}

func (b *branches) add(s *scope, n *sql.Node) error {
	e, err := s.compile(n)
	if err != nil {
		return err
	}
	var ok bool
	if b.of, ok = value.Common(b.of, e.kind); !ok {
		return n.At.Fail("All CASE results must be the same type: %s", e.kind)
	}
	b.results = append(b.results, e)
	b.constant = b.constant && e.constant
	return nil
}

// result is that of the first condition that holds, else of ELSE, else null.
func (b *branches) result(conditions int, holds func(e *env) int) expr {
	return expr{b.of, func(e *env) value.Value {
		i := holds(e)
		if i < 0 {
			i = conditions
		}
		if i == len(b.results) {
			return value.NullOf(b.of)
		}
		return b.results[i].eval(e).As(b.of)
	}, b.constant}
}

// cases is CASE WHEN condition THEN result … [ELSE result] END.
func (s *scope) cases(n *sql.Node) (expr, error) {
	b := &branches{constant: true}
	var conditions []*expr
	for i := 0; i+1 < len(n.Args); i += 2 {
		c, err := s.boolean(n.Args[i], "CASE WHEN clause")
		if err != nil {
			return expr{}, err
		}
		if err := b.add(s, n.Args[i+1]); err != nil {
			return expr{}, err
		}
		conditions = append(conditions, c)
		b.constant = b.constant && c.constant
	}
	if len(n.Args)%2 == 1 {
		if err := b.add(s, n.Args[len(n.Args)-1]); err != nil {
			return expr{}, err
		}
	}
	return b.result(len(conditions), func(e *env) int {
		for i, c := range conditions {
			if c.eval(e).IsTrue() {
				return i
			}
		}
		return -1
	}), nil
}

// switched is CASE operand WHEN value THEN result … [ELSE result] END.
func (s *scope) switched(n *sql.Node) (expr, error) {
	operand, err := s.compile(n.Args[0])
	if err != nil {
		return expr{}, err
	}
	b := &branches{constant: operand.constant}
	var values []expr
	for i := 1; i+1 < len(n.Args); i += 2 {
		v, err := s.compile(n.Args[i])
		if err != nil {
			return expr{}, err
		}
		if _, v, err = pair(n.Args[i].At, "=", operand, v, n.Args[0], n.Args[i]); err != nil {
			return expr{}, err
		}
		if err := b.add(s, n.Args[i+1]); err != nil {
			return expr{}, err
		}
		values = append(values, v)
		b.constant = b.constant && v.constant
	}
	if len(n.Args)%2 == 0 {
		if err := b.add(s, n.Args[len(n.Args)-1]); err != nil {
			return expr{}, err
		}
	}
	return b.result(len(values), func(e *env) int {
		x := operand.eval(e)
		for i, v := range values {
			if y := v.eval(e); !value.Indeterminate(x, y) && value.Compare(x, y) == 0 {
				return i
			}
		}
		return -1
	}), nil
}

// try is TRY(x): null where x ends the query with an error of its own. A bound of the
// query still ends it.
// https://docs.aws.amazon.com/timestream/latest/developerguide/conditional-expressions.TRY.html
func (s *scope) try(n *sql.Node) (expr, error) {
	args, constant, err := s.arguments(n)
	if err != nil {
		return expr{}, err
	}
	if len(args) != 1 {
		return expr{}, n.At.Fail("try takes one expression")
	}
	x := args[0]
	return expr{x.kind, func(e *env) value.Value {
		if e.run.err != nil {
			return value.NullOf(x.kind)
		}
		v := x.eval(e)
		if e.run.err != nil && e.run.tried {
			e.run.err, e.run.tried = nil, false
			return value.NullOf(x.kind)
		}
		return v
	}, constant}, nil
}
