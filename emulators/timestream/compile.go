package timestream

import (
	"math"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

func (s *scope) compile(n *sql.Node) (expr, error) {
	if s.grouped && !s.inside && len(s.keys) > 0 {
		if i, ok := s.keys[s.canon(n)]; ok {
			return expr{kind: s.kinds[i], eval: func(e *env) value.Value { return e.keys[i] }}, nil
		}
	}
	f, ok := compilers[n.Op]
	if !ok {
		return expr{}, n.At.Fail("* stands only alone or in count(*)")
	}
	e, err := f(s, n)
	if err == nil && !e.kind.IsScalar() && slices.Contains(listMakers, n.Op) {
		e = e.limited(n.At)
	}
	return e, err
}

// listMakers make a list of others, which may be lists and the same one many times.
var listMakers = []sql.Op{sql.CallOp, sql.ArrayOp, sql.RowOp, sql.BinaryOp}

// maxValue bounds an array, a time series or a row, with all that is in it.
const maxValue = maxBytes / 2

// limited counts what a list has in it, as work and against its bound: an array of
// arrays is large without much memory, and whoever reads it takes as long.
func (x expr) limited(at sql.Token) expr {
	list := x.eval
	x.eval = func(e *env) value.Value {
		v := list(e)
		rest := v.Within(maxValue)
		e.run.spend((maxValue - rest) >> 6)
		if rest < 0 {
			e.run.fail(at, invalid("%s has more than %d MiB", x.kind, maxValue>>20))
			return value.NullOf(x.kind)
		}
		return v
	}
	return x
}

// compilers are what an expression is compiled by. They are set when the program
// begins, for they compile expressions themselves.
var compilers map[sql.Op]func(*scope, *sql.Node) (expr, error)

func init() {
	compilers = map[sql.Op]func(*scope, *sql.Node) (expr, error){
		sql.ColumnOp: (*scope).column, sql.LocalOp: (*scope).local, sql.FieldOp: (*scope).field,
		sql.TextOp: scopeless(text), sql.NumberOp: scopeless(number), sql.IntervalOp: scopeless(intervalLiteral), sql.TypedOp: scopeless(typed),
		sql.BoolOp: scopeless(truth), sql.NullOp: scopeless(null),
		sql.CallOp: (*scope).call, sql.LambdaOp: (*scope).strayLambda, sql.CastOp: (*scope).cast,
		sql.UnaryOp: (*scope).unary, sql.BinaryOp: (*scope).binary, sql.LikeOp: (*scope).like, sql.BetweenOp: (*scope).between,
		sql.InOp: (*scope).in, sql.IsNullOp: (*scope).isNull, sql.DistinctOp: (*scope).distinctFrom,
		sql.CaseOp: (*scope).cases, sql.SwitchOp: (*scope).switched,
		sql.ArrayOp: (*scope).array, sql.ElementOp: (*scope).element, sql.RowOp: (*scope).row,
		sql.ScalarOp: (*scope).scalar, sql.ExistsOp: (*scope).exists, sql.InQueryOp: (*scope).inQuery, sql.QuantifyOp: (*scope).quantified,
	}
}

func (s *scope) isNull(n *sql.Node) (expr, error) {
	inner, err := s.compile(n.Args[0])
	return expr{value.Boolean, func(e *env) value.Value { return value.OfBool(inner.eval(e).Null != n.Flag) }, inner.constant}, err
}

func (s *scope) unary(n *sql.Node) (expr, error) {
	if n.Text == "-" && n.Args[0].Op == sql.NumberOp && n.Args[0].Text == "9223372036854775808" {
		return literal(value.OfBigint(math.MinInt64)), nil // which is no number without its sign
	}
	inner, err := s.compile(n.Args[0])
	if err != nil {
		return expr{}, err
	}
	if n.Text == "NOT" {
		if inner.kind != value.Boolean && inner.kind != value.Unknown {
			return expr{}, n.At.Fail("NOT needs a boolean, not %s", inner.kind)
		}
		return expr{value.Boolean, func(e *env) value.Value {
			v := inner.eval(e)
			if v.Null {
				return value.NullOf(value.Boolean)
			}
			return value.OfBool(v.I == 0)
		}, inner.constant}, nil
	}
	if !value.IsNumber(inner.kind) && inner.kind != value.Interval && inner.kind != value.Months {
		return expr{}, n.At.Fail("'%s' cannot be applied to %s", n.Text, inner.kind)
	}
	if n.Text == "+" {
		return inner, nil
	}
	return expr{inner.kind, func(e *env) value.Value {
		v := inner.eval(e)
		if v.I == lowest(v.Kind) && !v.Null {
			e.run.fail(n.At, errOverflow)
			return value.NullOf(inner.kind)
		}
		v.I, v.F = -v.I, -v.F
		return v
	}, inner.constant}, nil
}

// lowest is the lowest value of a kind of integers.
func lowest(k value.Kind) int64 {
	if k == value.Integer {
		return math.MinInt32
	}
	return math.MinInt64
}

// between is x [NOT] BETWEEN low AND high, three-valued: false where one of the
// comparisons is.
func (s *scope) between(n *sql.Node) (expr, error) {
	args := make([]expr, 3)
	for i, a := range n.Args {
		var err error
		if args[i], err = s.compile(a); err != nil {
			return expr{}, err
		}
	}
	x, low, err := pair(n.At, ">=", args[0], args[1], n.Args[0], n.Args[1])
	if err != nil {
		return expr{}, err
	}
	x, high, err := pair(n.At, "<=", x, args[2], n.Args[0], n.Args[2])
	if err != nil {
		return expr{}, err
	}
	return expr{value.Boolean, func(e *env) value.Value {
		v, a, b := x.eval(e), low.eval(e), high.eval(e)
		switch {
		case v.Null, a.Null && b.Null:
			return value.NullOf(value.Boolean)
		case value.Unordered(v, a), value.Unordered(v, b):
			return value.OfBool(n.Flag)
		case !a.Null && value.Compare(v, a) < 0, !b.Null && value.Compare(v, b) > 0:
			return value.OfBool(n.Flag)
		case a.Null || b.Null:
			return value.NullOf(value.Boolean)
		}
		return value.OfBool(!n.Flag)
	}, x.constant && low.constant && high.constant}, nil
}

// in is x [NOT] IN (…): null where x is not found but null is.
func (s *scope) in(n *sql.Node) (expr, error) {
	x, err := s.compile(n.Args[0])
	if err != nil {
		return expr{}, err
	}
	constant := x.constant
	var items []expr
	for _, a := range n.Args[1:] {
		item, err := s.compile(a)
		if err != nil {
			return expr{}, err
		}
		if item, err = item.as(x.kind, a); err != nil || !value.Comparable(x.kind, item.kind) {
			return expr{}, a.At.Fail("IN value and list items must be the same type: %s, %s", x.kind, item.kind)
		}
		constant = constant && item.constant
		items = append(items, item)
	}
	return expr{value.Boolean, func(e *env) value.Value {
		v, null := x.eval(e), false
		for _, item := range items {
			w := item.eval(e)
			switch {
			case value.Indeterminate(v, w):
				null = true
			case value.Compare(v, w) == 0 && !value.Unordered(v, w):
				return value.OfBool(!n.Flag)
			}
		}
		if null {
			return value.NullOf(value.Boolean)
		}
		return value.OfBool(n.Flag)
	}, constant}, nil
}

func (s *scope) distinctFrom(n *sql.Node) (expr, error) {
	a, b, err := s.two(n)
	if err != nil {
		return expr{}, err
	}
	return expr{value.Boolean, func(e *env) value.Value { return value.OfBool(value.Equal(a.eval(e), b.eval(e)) == n.Flag) }, a.constant && b.constant}, nil
}

// two compiles operands that are to be compared.
func (s *scope) two(n *sql.Node) (a, b expr, err error) {
	if a, err = s.compile(n.Args[0]); err != nil {
		return a, b, err
	}
	if b, err = s.compile(n.Args[1]); err != nil {
		return a, b, err
	}
	what := n.Text
	if n.Op == sql.DistinctOp {
		what = "IS DISTINCT FROM"
	}
	return pair(n.At, what, a, b, n.Args[0], n.Args[1])
}

// pair makes two operands comparable; as and bs are what they were written as.
func pair(at sql.Token, what string, a, b expr, as, bs *sql.Node) (expr, expr, error) {
	a, err := a.as(b.kind, as)
	if err != nil {
		return a, b, err
	}
	if b, err = b.as(a.kind, bs); err != nil {
		return a, b, err
	}
	if !value.Comparable(a.kind, b.kind) {
		return a, b, at.Fail("'%s' cannot be applied to %s, %s", what, a.kind, b.kind)
	}
	return a, b, nil
}

// as makes a text literal the time that it stands beside.
func (x expr) as(k value.Kind, n *sql.Node) (expr, error) {
	if n.Op != sql.TextOp || k != value.Timestamp && k != value.Date && k != value.TimeOfDay {
		return x, nil
	}
	v, err := value.ParseTime(n.Text, k)
	if err != nil {
		return x, n.At.Fail("%s", err)
	}
	return literal(v), nil
}
