package timestream

import (
	"errors"
	"strconv"
	"strings"
)

func (s *scope) compile(n *node) (expr, error) {
	if s.grouped && !s.inside && len(s.keys) > 0 {
		if i, ok := s.keys[s.canon(n)]; ok {
			return expr{kind: s.kinds[i], eval: func(e *env) value { return e.keys[i] }}, nil
		}
	}
	switch n.op {
	case columnOp:
		return s.column(n)
	case textOp:
		return literal(ofText(n.text)), nil
	case numberOp:
		return number(n)
	case intervalOp:
		return intervalLiteral(n)
	case typedOp:
		return typed(n)
	case boolOp:
		return literal(ofBool(n.text == "TRUE")), nil
	case nullOp:
		return literal(null), nil
	case callOp:
		return s.call(n)
	case castOp:
		return s.cast(n)
	case unaryOp:
		return s.unary(n)
	case binaryOp:
		return s.binary(n)
	case likeOp:
		return s.like(n)
	case betweenOp:
		return s.between(n)
	case inOp:
		return s.in(n)
	case isNullOp:
		inner, err := s.compile(n.args[0])
		return expr{boolean, func(e *env) value { return ofBool(inner.eval(e).null != n.flag) }, inner.constant}, err
	case distinctOp:
		return s.distinctFrom(n)
	case caseOp:
		return s.cases(n)
	case switchOp:
		return s.switched(n)
	case arrayOp:
		return s.array(n)
	case elementOp:
		return s.element(n)
	case scalarOp:
		return s.scalar(n)
	case existsOp:
		return s.exists(n)
	case inQueryOp:
		return s.inQuery(n)
	case quantifyOp:
		return s.quantified(n)
	case rowOp:
		return expr{}, n.at.fail("rows of values are not implemented by Shakedown outside VALUES")
	}
	return expr{}, n.at.fail("* stands only alone or in count(*)")
}

func literal(v value) expr {
	return expr{v.kind, func(*env) value { return v }, true}
}

// number is an integer where 32 bits do, then a bigint, or a double.
func number(n *node) (expr, error) {
	if i, err := strconv.ParseInt(n.text, 10, 64); err == nil {
		if i == int64(int32(i)) {
			return literal(value{kind: integer, i: i}), nil
		}
		return literal(ofBigint(i)), nil
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		return expr{}, n.at.fail("%q is not a number", n.text)
	}
	return literal(ofDouble(f)), nil
}

func (s *scope) unary(n *node) (expr, error) {
	inner, err := s.compile(n.args[0])
	if err != nil {
		return expr{}, err
	}
	if n.text == "NOT" {
		if inner.kind != boolean && inner.kind != unknown {
			return expr{}, n.at.fail("NOT needs a boolean, not %s", inner.kind)
		}
		return expr{boolean, func(e *env) value {
			v := inner.eval(e)
			if v.null {
				return nullOf(boolean)
			}
			return ofBool(v.i == 0)
		}, inner.constant}, nil
	}
	if !isNumber(inner.kind) && inner.kind != interval && inner.kind != months {
		return expr{}, n.at.fail("'%s' cannot be applied to %s", n.text, inner.kind)
	}
	if n.text == "+" {
		return inner, nil
	}
	return expr{inner.kind, func(e *env) value {
		v := inner.eval(e)
		v.i, v.f = -v.i, -v.f
		return v
	}, inner.constant}, nil
}

// between is x [NOT] BETWEEN low AND high, three-valued: false where one of the
// comparisons is.
func (s *scope) between(n *node) (expr, error) {
	args := make([]expr, 3)
	for i, a := range n.args {
		var err error
		if args[i], err = s.compile(a); err != nil {
			return expr{}, err
		}
	}
	x, low, err := pair(n.at, ">=", args[0], args[1], n.args[0], n.args[1])
	if err != nil {
		return expr{}, err
	}
	x, high, err := pair(n.at, "<=", x, args[2], n.args[0], n.args[2])
	if err != nil {
		return expr{}, err
	}
	return expr{boolean, func(e *env) value {
		v, a, b := x.eval(e), low.eval(e), high.eval(e)
		switch {
		case v.null, a.null && b.null:
			return nullOf(boolean)
		case !a.null && compare(v, a) < 0, !b.null && compare(v, b) > 0:
			return ofBool(n.flag)
		case a.null || b.null:
			return nullOf(boolean)
		}
		return ofBool(!n.flag)
	}, x.constant && low.constant && high.constant}, nil
}

// in is x [NOT] IN (…): null where x is not found but null is.
func (s *scope) in(n *node) (expr, error) {
	x, err := s.compile(n.args[0])
	if err != nil {
		return expr{}, err
	}
	constant := x.constant
	var items []expr
	for _, a := range n.args[1:] {
		item, err := s.compile(a)
		if err != nil {
			return expr{}, err
		}
		if item, err = item.as(x.kind, a); err != nil || !comparable(x.kind, item.kind) {
			return expr{}, a.at.fail("IN value and list items must be the same type: %s, %s", x.kind, item.kind)
		}
		constant = constant && item.constant
		items = append(items, item)
	}
	return expr{boolean, func(e *env) value {
		v, null := x.eval(e), false
		for _, item := range items {
			w := item.eval(e)
			switch {
			case v.null || w.null:
				null = true
			case compare(v, w) == 0:
				return ofBool(!n.flag)
			}
		}
		if null {
			return nullOf(boolean)
		}
		return ofBool(n.flag)
	}, constant}, nil
}

func (s *scope) distinctFrom(n *node) (expr, error) {
	a, b, err := s.two(n)
	if err != nil {
		return expr{}, err
	}
	return expr{boolean, func(e *env) value { return ofBool(equal(a.eval(e), b.eval(e)) == n.flag) }, a.constant && b.constant}, nil
}

// two compiles operands that are to be compared.
func (s *scope) two(n *node) (a, b expr, err error) {
	if a, err = s.compile(n.args[0]); err != nil {
		return a, b, err
	}
	if b, err = s.compile(n.args[1]); err != nil {
		return a, b, err
	}
	what := n.text
	if n.op == distinctOp {
		what = "IS DISTINCT FROM"
	}
	return pair(n.at, what, a, b, n.args[0], n.args[1])
}

// pair makes two operands comparable; as and bs are what they were written as.
func pair(at token, what string, a, b expr, as, bs *node) (expr, expr, error) {
	a, err := a.as(b.kind, as)
	if err != nil {
		return a, b, err
	}
	if b, err = b.as(a.kind, bs); err != nil {
		return a, b, err
	}
	if !comparable(a.kind, b.kind) {
		return a, b, at.fail("'%s' cannot be applied to %s, %s", what, a.kind, b.kind)
	}
	return a, b, nil
}

// as makes a text literal the time that it stands beside.
func (x expr) as(k kind, n *node) (expr, error) {
	if n.op != textOp || k != timestamp && k != date && k != timeOfDay {
		return x, nil
	}
	v, err := parseTime(n.text, k)
	if err != nil {
		return x, n.at.fail("%s", err)
	}
	return literal(v), nil
}

func (s *scope) array(n *node) (expr, error) {
	var items []expr
	constant := true
	of := unknown
	for _, a := range n.args {
		e, err := s.compile(a)
		if err != nil {
			return expr{}, err
		}
		var ok bool
		if of, ok = common(of, e.kind); !ok || of.nested() >= maxNested {
			return expr{}, a.at.fail("an array has no element of type %s beside %s", e.kind, of)
		}
		constant = constant && e.constant
		items = append(items, e)
	}
	return expr{of.array(), func(e *env) value {
		values := make([]value, len(items))
		for i, item := range items {
			values[i] = widen(item.eval(e), of)
		}
		return arrayValue(of, values)
	}, constant}, nil
}

var errSubscript = invalid("Array subscript is out of bounds")

// element is array[i], from 1; beyond the array it is an error.
func (s *scope) element(n *node) (expr, error) {
	a, err := s.compile(n.args[0])
	if err != nil {
		return expr{}, err
	}
	i, err := s.compile(n.args[1])
	if err != nil {
		return expr{}, err
	}
	if !a.kind.isArray() || !isInteger(i.kind) {
		return expr{}, n.at.fail("'[]' cannot be applied to %s, %s", a.kind, i.kind)
	}
	of := a.kind.of()
	return expr{of, func(e *env) value {
		list, at := a.eval(e), i.eval(e)
		if list.null || at.null {
			return nullOf(of)
		}
		if at.i < 1 || at.i > int64(len(list.list.items)) {
			e.run.fail(n.at, errSubscript)
			return nullOf(of)
		}
		return list.list.items[at.i-1]
	}, a.constant && i.constant}, nil
}

// typed is TIMESTAMP '…', DATE '…' or TIME '…'.
func typed(n *node) (expr, error) {
	v, err := parseTime(n.args[0].text, castable[n.text])
	if err != nil {
		return expr{}, n.at.fail("%s", err)
	}
	return literal(v), nil
}

func itoa(i int) string { return strconv.Itoa(i) }

// intervalUnits are those of interval literals: 1d is one, 1 day is not.
var intervalUnits = map[string]int64{"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9, "d": 86400e9,
	"nanosecond": 1, "microsecond": 1e3, "millisecond": 1e6, "second": 1e9, "minute": 60e9, "hour": 3600e9, "day": 86400e9}

// monthUnits are those of the interval year to month.
var monthUnits = map[string]int64{"y": 12, "year": 12, "month": 1}

func intervalLiteral(n *node) (expr, error) {
	v, err := parseInterval(n.text)
	if err != nil {
		return expr{}, n.at.fail("%s", err)
	}
	return literal(v), nil
}

// parseInterval reads a number and a unit, such as 10m, 1h, 42.8ms or 1year.
func parseInterval(text string) (value, error) {
	bad := errors.New(strconv.Quote(text) + " is not an interval such as 10m, 1h or 1d")
	digits := strings.TrimRight(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_ ")
	name := lower(strings.TrimSpace(text[len(digits):]))
	count, err := strconv.ParseFloat(digits, 64)
	if err != nil || strings.ContainsAny(digits, "xXpPeE_") {
		return null, bad
	}
	if unit, ok := monthUnits[name]; ok {
		if count != float64(int32(count)) {
			return null, bad
		}
		return value{kind: months, i: int64(count) * unit}, nil
	}
	unit, ok := intervalUnits[name]
	if !ok || count*float64(unit) > 1<<62 || count*float64(unit) < -1<<62 {
		return null, bad
	}
	if whole, err := strconv.ParseInt(digits, 10, 64); err == nil {
		return ofInterval(whole * unit), nil
	}
	return ofInterval(int64(count*float64(unit) + 0.5)), nil
}
