package timestream

import (
	"math"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// countMakers are count, sum, average, extremes and the like.
var countMakers = map[string]maker{
	"count": func(args []expr) (value.Kind, func() aggregate) {
		if len(args) > 1 {
			return value.Unknown, nil
		}
		return value.Bigint, func() aggregate { return &count{} }
	},
	"count_if": unary(isBoolean, always(value.Bigint), func(value.Kind) aggregate { return &count{onlyTrue: true} }),
	"approx_distinct": func(args []expr) (value.Kind, func() aggregate) {
		if len(args) == 0 || len(args) > 2 || len(args) == 2 && !value.IsNumber(args[1].kind) {
			return value.Unknown, nil
		}
		// It counts exactly, which is within any standard error.
		return value.Bigint, func() aggregate { return newDistinctOnly(&count{}) }
	},
	"avg":            unary(value.IsNumber, always(value.Double), func(value.Kind) aggregate { return &sum{average: true, kind: value.Double} }),
	"geometric_mean": unary(value.IsNumber, always(value.Double), func(value.Kind) aggregate { return &geometric{} }),
	"sum": unary(func(k value.Kind) bool { return value.IsNumber(k) || k == value.Interval }, func(k value.Kind) value.Kind {
		if k == value.Integer {
			return value.Bigint
		}
		return k
	}, func(k value.Kind) aggregate {
		if k == value.Integer {
			k = value.Bigint
		}
		return &sum{kind: k}
	}),
	"arbitrary": unary(anyKind, itself, func(k value.Kind) aggregate { return &extreme{kind: k} }),
	"any_value": unary(anyKind, itself, func(k value.Kind) aggregate { return &extreme{kind: k} }),
	"max":       extremes(1, 0),
	"min":       extremes(-1, 0),
	"max_by":    extremes(1, 1),
	"min_by":    extremes(-1, 1),
	"bool_and":  unary(isBoolean, always(value.Boolean), func(value.Kind) aggregate { return &extreme{kind: value.Boolean, sign: -1} }),
	"every":     unary(isBoolean, always(value.Boolean), func(value.Kind) aggregate { return &extreme{kind: value.Boolean, sign: -1} }),
	"bool_or":   unary(isBoolean, always(value.Boolean), func(value.Kind) aggregate { return &extreme{kind: value.Boolean, sign: 1} }),
	"bitwise_and_agg": unary(value.IsInteger, always(value.Bigint), func(value.Kind) aggregate {
		return &bits{start: -1, f: func(x, y int64) int64 { return x & y }}
	}),
	"bitwise_or_agg": unary(value.IsInteger, always(value.Bigint), func(value.Kind) aggregate {
		return &bits{f: func(x, y int64) int64 { return x | y }}
	}),
}

// count counts rows, those with a value, or those that are true.
type count struct {
	n        int64
	onlyTrue bool
}

func (c *count) add(args []value.Value) {
	if len(args) > 0 && args[0].Null || c.onlyTrue && !args[0].IsTrue() {
		return
	}
	c.n++
}

func (c *count) result() (value.Value, error) { return value.OfBigint(c.n), nil }

type sum struct {
	average bool
	over    bool
	kind    value.Kind
	n       int64
	f       float64
	i       int64
}

func (s *sum) add(args []value.Value) {
	v := args[0]
	if v.Null {
		return
	}
	s.n++
	if s.kind == value.Double {
		s.f += v.Number()
		return
	}
	total := s.i + v.I
	s.over = s.over || (s.i > 0) == (v.I > 0) && s.i != 0 && v.I != 0 && (total > 0) != (s.i > 0)
	s.i = total
}

func (s *sum) result() (value.Value, error) {
	switch {
	case s.n == 0:
		return value.NullOf(s.kind), nil
	case s.over:
		return value.NullOf(s.kind), errOverflow
	case s.average:
		return value.OfDouble(s.f / float64(s.n)), nil
	case s.kind == value.Double:
		return value.OfDouble(s.f), nil
	}
	return value.Value{Kind: s.kind, I: s.i}, nil
}

type geometric struct{ n, logs float64 }

func (g *geometric) add(args []value.Value) {
	if !args[0].Null {
		g.n++
		g.logs += math.Log(args[0].Number())
	}
}

func (g *geometric) result() (value.Value, error) {
	if g.n == 0 {
		return value.NullOf(value.Double), nil
	}
	return value.OfDouble(math.Exp(g.logs / g.n)), nil
}

// extremes makes max, min and max_by, min_by, whose key is the argument by; one
// argument more is how many are wanted, as an array.
func extremes(sign, by int) maker {
	return func(args []expr) (value.Kind, func() aggregate) {
		if len(args) < by+1 || len(args) > by+2 || args[by].kind.IsSeries() {
			return value.Unknown, nil
		}
		k := args[0].kind
		if len(args) == by+1 {
			return k, func() aggregate { return &extreme{sign: sign, kind: k, by: by} }
		}
		n, ok := constantOf(args[by+1])
		if !ok || !value.IsInteger(n.Kind) || n.I < 1 || n.I > 10_000 || !k.Nestable() {
			return value.Unknown, nil
		}
		return k.Array(), func() aggregate { return &topmost{sign: sign, kind: k, by: by, n: int(n.I)} }
	}
}

// extreme keeps the value with the largest or smallest key, the first of equal
// ones; with sign 0 the first of all.
type extreme struct {
	sign      int
	kind      value.Kind
	by        int
	any       bool
	best, key value.Value
}

func (x *extreme) add(args []value.Value) {
	key := args[x.by]
	if key.Null {
		return
	}
	if !x.any || x.sign != 0 && value.Compare(key, x.key)*x.sign > 0 {
		x.any, x.best, x.key = true, args[0], key
	}
}

func (x *extreme) result() (value.Value, error) {
	if !x.any {
		return value.NullOf(x.kind), nil
	}
	return x.best, nil
}

func (x *extreme) held() int {
	if x.by == 0 {
		return x.best.Size() // which is the key
	}
	return x.best.Size() + x.key.Size()
}

type bits struct {
	any   bool
	start int64
	f     func(x, y int64) int64
}

func (b *bits) add(args []value.Value) {
	if !args[0].Null {
		b.any, b.start = true, b.f(b.start, args[0].I)
	}
}

func (b *bits) result() (value.Value, error) {
	return value.Value{Kind: value.Bigint, I: b.start, Null: !b.any}, nil
}
