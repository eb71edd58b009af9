package timestream

import (
	"errors"
	"strconv"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/timestream/sql"
	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

func (s *scope) compile(n *sql.Node) (expr, error) {
	if s.grouped && !s.inside && len(s.keys) > 0 {
		if i, ok := s.keys[s.canon(n)]; ok {
			return expr{kind: s.kinds[i], eval: func(e *env) value.Value { return e.keys[i] }}, nil
		}
	}
	switch n.Op {
	case sql.ColumnOp:
		return s.column(n)
	case sql.TextOp:
		return literal(value.OfText(n.Text)), nil
	case sql.NumberOp:
		return number(n)
	case sql.IntervalOp:
		return intervalLiteral(n)
	case sql.TypedOp:
		return typed(n)
	case sql.BoolOp:
		return literal(value.OfBool(n.Text == "TRUE")), nil
	case sql.NullOp:
		return literal(value.Null), nil
	case sql.CallOp:
		return s.call(n)
	case sql.CastOp:
		return s.cast(n)
	case sql.UnaryOp:
		return s.unary(n)
	case sql.BinaryOp:
		return s.binary(n)
	case sql.LikeOp:
		return s.like(n)
	case sql.BetweenOp:
		return s.between(n)
	case sql.InOp:
		return s.in(n)
	case sql.IsNullOp:
		inner, err := s.compile(n.Args[0])
		return expr{value.Boolean, func(e *env) value.Value { return value.OfBool(inner.eval(e).Null != n.Flag) }, inner.constant}, err
	case sql.DistinctOp:
		return s.distinctFrom(n)
	case sql.CaseOp:
		return s.cases(n)
	case sql.SwitchOp:
		return s.switched(n)
	case sql.ArrayOp:
		return s.array(n)
	case sql.ElementOp:
		return s.element(n)
	case sql.ScalarOp:
		return s.scalar(n)
	case sql.ExistsOp:
		return s.exists(n)
	case sql.InQueryOp:
		return s.inQuery(n)
	case sql.QuantifyOp:
		return s.quantified(n)
	case sql.RowOp:
		return expr{}, n.At.Fail("rows of values are not implemented by Shakedown outside VALUES")
	}
	return expr{}, n.At.Fail("* stands only alone or in count(*)")
}

func literal(v value.Value) expr {
	return expr{v.Kind, func(*env) value.Value { return v }, true}
}

// number is an integer where 32 bits do, then a bigint, or a double.
func number(n *sql.Node) (expr, error) {
	if i, err := strconv.ParseInt(n.Text, 10, 64); err == nil {
		if i == int64(int32(i)) {
			return literal(value.Value{Kind: value.Integer, I: i}), nil
		}
		return literal(value.OfBigint(i)), nil
	}
	f, err := strconv.ParseFloat(n.Text, 64)
	if err != nil {
		return expr{}, n.At.Fail("%q is not a number", n.Text)
	}
	return literal(value.OfDouble(f)), nil
}

func (s *scope) unary(n *sql.Node) (expr, error) {
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
		v.I, v.F = -v.I, -v.F
		return v
	}, inner.constant}, nil
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
			case v.Null || w.Null:
				null = true
			case value.Compare(v, w) == 0:
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

func (s *scope) array(n *sql.Node) (expr, error) {
	var items []expr
	constant := true
	of := value.Unknown
	for _, a := range n.Args {
		e, err := s.compile(a)
		if err != nil {
			return expr{}, err
		}
		var ok bool
		if of, ok = value.Common(of, e.kind); !ok || of.Nested() >= value.MaxNested {
			return expr{}, a.At.Fail("an array has no element of type %s beside %s", e.kind, of)
		}
		constant = constant && e.constant
		items = append(items, e)
	}
	return expr{of.Array(), func(e *env) value.Value {
		values := make([]value.Value, len(items))
		for i, item := range items {
			values[i] = widen(item.eval(e), of)
		}
		return value.OfArray(of, values)
	}, constant}, nil
}

var errSubscript = invalid("Array subscript is out of bounds")

// element is array[i], from 1; beyond the array it is an error.
func (s *scope) element(n *sql.Node) (expr, error) {
	a, err := s.compile(n.Args[0])
	if err != nil {
		return expr{}, err
	}
	i, err := s.compile(n.Args[1])
	if err != nil {
		return expr{}, err
	}
	if !a.kind.IsArray() || !value.IsInteger(i.kind) {
		return expr{}, n.At.Fail("'[]' cannot be applied to %s, %s", a.kind, i.kind)
	}
	of := a.kind.Of()
	return expr{of, func(e *env) value.Value {
		list, at := a.eval(e), i.eval(e)
		if list.Null || at.Null {
			return value.NullOf(of)
		}
		if at.I < 1 || at.I > int64(len(list.List.Items)) {
			e.run.fail(n.At, errSubscript)
			return value.NullOf(of)
		}
		return list.List.Items[at.I-1]
	}, a.constant && i.constant}, nil
}

// typed is TIMESTAMP '…', DATE '…' or TIME '…'.
func typed(n *sql.Node) (expr, error) {
	v, err := value.ParseTime(n.Args[0].Text, value.Castable[n.Text])
	if err != nil {
		return expr{}, n.At.Fail("%s", err)
	}
	return literal(v), nil
}

func itoa(i int) string { return strconv.Itoa(i) }

// intervalUnits are those of interval literals: 1d is one, 1 day is not.
var intervalUnits = map[string]int64{"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9, "d": 86400e9,
	"nanosecond": 1, "microsecond": 1e3, "millisecond": 1e6, "second": 1e9, "minute": 60e9, "hour": 3600e9, "day": 86400e9}

// monthUnits are those of the interval year to month.
var monthUnits = map[string]int64{"y": 12, "year": 12, "month": 1}

func intervalLiteral(n *sql.Node) (expr, error) {
	v, err := parseInterval(n.Text)
	if err != nil {
		return expr{}, n.At.Fail("%s", err)
	}
	return literal(v), nil
}

// parseInterval reads a number and a unit, such as 10m, 1h, 42.8ms or 1year.
func parseInterval(text string) (value.Value, error) {
	bad := errors.New(strconv.Quote(text) + " is not an interval such as 10m, 1h or 1d")
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_ ")
	name := sql.Lower(strings.TrimSpace(text[len(digits):]))
	count, err := strconv.ParseFloat(digits, 64)
	if err != nil || strings.ContainsAny(digits, "xXpPeE_") {
		return value.Null, bad
	}
	if unit, ok := monthUnits[name]; ok {
		if count != float64(int32(count)) {
			return value.Null, bad
		}
		return value.Value{Kind: value.Months, I: int64(count) * unit}, nil
	}
	unit, ok := intervalUnits[name]
	if !ok || count*float64(unit) > 1<<62 || count*float64(unit) < -1<<62 {
		return value.Null, bad
	}
	if whole, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return value.OfInterval(whole * unit), nil
	}
	return value.OfInterval(int64(count*float64(unit) + 0.5)), nil
}
