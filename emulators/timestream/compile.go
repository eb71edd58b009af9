package timestream

import (
	"strconv"
	"strings"
)

// expr is a typed expression that can be evaluated on a row.
type expr struct {
	kind kind
	eval func(*env) value
	// constant expressions need no row.
	constant bool
}

// env is what an expression sees: a row, or a group's keys and aggregates.
type env struct {
	series *series
	at     int64
	point  point
	now    int64
	keys   []value
	sums   []aggregate
}

// scope is what names mean while expressions are compiled.
type scope struct {
	table *table
	// grouped is that rows have been put into groups: columns must be keys or
	// stand inside aggregates.
	grouped bool
	keys    map[string]int // group expressions by canonical form
	kinds   []kind         // of keys
	calls   []*aggregateCall
	found   map[string]int // aggregates by canonical form
	inside  bool           // inside an aggregate's argument
	where   bool
}

func (s *scope) compile(n *node) (expr, error) {
	if s.grouped && !s.inside {
		if i, ok := s.keys[n.key()]; ok {
			return expr{kind: s.kinds[i], eval: func(e *env) value { return e.keys[i] }}, nil
		}
	}
	switch n.op {
	case columnOp:
		return s.column(n)
	case textOp:
		return literal(value{kind: varchar, s: n.text}), nil
	case numberOp:
		return number(n)
	case intervalOp:
		return intervalLiteral(n)
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
	case betweenOp:
		return s.between(n)
	case inOp:
		return s.in(n)
	case isNullOp:
		inner, err := s.compile(n.args[0])
		if err != nil {
			return expr{}, err
		}
		return expr{boolean, func(e *env) value { return ofBool(inner.eval(e).null != n.flag) }, inner.constant}, nil
	}
	return expr{}, n.at.fail("* stands only alone or in count(*)")
}

func literal(v value) expr {
	return expr{v.kind, func(*env) value { return v }, true}
}

func number(n *node) (expr, error) {
	if i, err := strconv.ParseInt(n.text, 10, 64); err == nil {
		return literal(value{kind: bigint, i: i}), nil
	}
	f, err := strconv.ParseFloat(n.text, 64)
	if err != nil {
		return expr{}, n.at.fail("%q is not a number", n.text)
	}
	return literal(value{kind: double, f: f}), nil
}

// intervalUnits are those of interval literals: 1d is one, 1 day is not.
var intervalUnits = map[string]int64{"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "m": 60e9, "h": 3600e9, "d": 86400e9}

func intervalLiteral(n *node) (expr, error) {
	digits := strings.TrimRight(n.text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_")
	unit, ok := intervalUnits[n.text[len(digits):]]
	count, err := strconv.ParseInt(digits, 10, 64)
	if !ok || err != nil || count > (1<<62)/unit {
		return expr{}, n.at.fail("%q is not an interval such as 10m, 1h or 1d", n.text)
	}
	return literal(value{kind: interval, i: count * unit}), nil
}

func (s *scope) column(n *node) (expr, error) {
	if s.grouped && !s.inside {
		return expr{}, n.at.fail("'%s' must be an aggregate expression or appear in GROUP BY clause", n.text)
	}
	name := n.text
	switch name {
	case "time":
		return expr{kind: timestamp, eval: func(e *env) value { return value{kind: timestamp, i: e.at} }}, nil
	case "measure_name":
		return expr{kind: varchar, eval: func(e *env) value { return value{kind: varchar, s: e.series.measure} }}, nil
	}
	if of, ok := strings.CutPrefix(name, "measure_value::"); ok {
		k, known := kinds[strings.ToUpper(of)]
		if !known {
			return expr{}, n.at.fail("Column '%s' does not exist", name)
		}
		return expr{kind: k, eval: func(e *env) value {
			if e.series.kind != k {
				return value{kind: k, null: true}
			}
			return e.point.value(k)
		}}, nil
	}
	if !s.table.dims[name] {
		return expr{}, n.at.fail("Column '%s' does not exist", name)
	}
	return expr{kind: varchar, eval: func(e *env) value {
		text, ok := e.series.dimension(name)
		return value{kind: varchar, s: text, null: !ok}
	}}, nil
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
				return v
			}
			return ofBool(v.i == 0)
		}, inner.constant}, nil
	}
	if inner.kind != double && inner.kind != bigint && inner.kind != interval {
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

func (s *scope) between(n *node) (expr, error) {
	low := &node{op: binaryOp, at: n.at, text: ">=", args: []*node{n.args[0], n.args[1]}}
	high := &node{op: binaryOp, at: n.at, text: "<=", args: []*node{n.args[0], n.args[2]}}
	both := &node{op: binaryOp, at: n.at, text: "AND", args: []*node{low, high}}
	if n.flag {
		both = &node{op: unaryOp, at: n.at, text: "NOT", args: []*node{both}}
	}
	return s.compile(both)
}

func (s *scope) in(n *node) (expr, error) {
	var any *node
	for _, item := range n.args[1:] {
		same := &node{op: binaryOp, at: n.at, text: "=", args: []*node{n.args[0], item}}
		if any == nil {
			any = same
			continue
		}
		any = &node{op: binaryOp, at: n.at, text: "OR", args: []*node{any, same}}
	}
	if n.flag {
		any = &node{op: unaryOp, at: n.at, text: "NOT", args: []*node{any}}
	}
	return s.compile(any)
}

// cast converts between types.
func (s *scope) cast(n *node) (expr, error) {
	inner, err := s.compile(n.args[0])
	if err != nil {
		return expr{}, err
	}
	to, ok := kinds[n.text]
	if n.text == "INTEGER" || n.text == "INT" {
		to, ok = bigint, true
	}
	if !ok || to == timestamp && inner.kind != timestamp {
		return expr{}, n.at.fail("a cast to %s is not implemented by Shakedown", n.text)
	}
	return expr{to, func(e *env) value { return convert(inner.eval(e), to) }, inner.constant}, nil
}

func convert(v value, to kind) value {
	if v.null || v.kind == to {
		v.kind = to
		return v
	}
	switch to {
	case varchar:
		return value{kind: varchar, s: v.text()}
	case double:
		if v.kind == varchar {
			f, err := strconv.ParseFloat(v.s, 64)
			return value{kind: double, f: f, null: err != nil}
		}
		return value{kind: double, f: v.number()}
	case bigint:
		if v.kind == varchar {
			i, err := strconv.ParseInt(v.s, 10, 64)
			return value{kind: bigint, i: i, null: err != nil}
		}
		if v.kind == double {
			return value{kind: bigint, i: roundHalfUp(v.f)}
		}
		return value{kind: bigint, i: v.i}
	case boolean:
		if v.kind == varchar {
			return ofBool(strings.EqualFold(v.s, "true"))
		}
		return ofBool(v.number() != 0)
	}
	return value{kind: to, null: true}
}
