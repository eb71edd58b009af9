package timestream

import "math"

// countMakers are count, sum, average, extremes and the like.
var countMakers = map[string]maker{
	"count": func(args []expr) (kind, func() aggregate) {
		if len(args) > 1 {
			return 0, nil
		}
		return bigint, func() aggregate { return &count{} }
	},
	"count_if": unary(isBoolean, always(bigint), func(kind) aggregate { return &count{onlyTrue: true} }),
	"approx_distinct": func(args []expr) (kind, func() aggregate) {
		if len(args) == 0 || len(args) > 2 || len(args) == 2 && !isNumber(args[1].kind) {
			return 0, nil
		}
		// It counts exactly, which is within any standard error.
		return bigint, func() aggregate { return &distinctOnly{&count{}, map[string]bool{}} }
	},
	"avg":            unary(isNumber, always(double), func(kind) aggregate { return &sum{average: true, kind: double} }),
	"geometric_mean": unary(isNumber, always(double), func(kind) aggregate { return &geometric{} }),
	"sum": unary(func(k kind) bool { return isNumber(k) || k == interval }, func(k kind) kind {
		if k == integer {
			return bigint
		}
		return k
	}, func(k kind) aggregate {
		if k == integer {
			k = bigint
		}
		return &sum{kind: k}
	}),
	"arbitrary": unary(anyKind, itself, func(k kind) aggregate { return &extreme{kind: k} }),
	"any_value": unary(anyKind, itself, func(k kind) aggregate { return &extreme{kind: k} }),
	"max":       extremes(1, 0),
	"min":       extremes(-1, 0),
	"max_by":    extremes(1, 1),
	"min_by":    extremes(-1, 1),
	"bool_and":  unary(isBoolean, always(boolean), func(kind) aggregate { return &extreme{kind: boolean, sign: -1} }),
	"every":     unary(isBoolean, always(boolean), func(kind) aggregate { return &extreme{kind: boolean, sign: -1} }),
	"bool_or":   unary(isBoolean, always(boolean), func(kind) aggregate { return &extreme{kind: boolean, sign: 1} }),
	"bitwise_and_agg": unary(isInteger, always(bigint), func(kind) aggregate {
		return &bits{start: -1, f: func(x, y int64) int64 { return x & y }}
	}),
	"bitwise_or_agg": unary(isInteger, always(bigint), func(kind) aggregate {
		return &bits{f: func(x, y int64) int64 { return x | y }}
	}),
}

// count counts rows, those with a value, or those that are true.
type count struct {
	n        int64
	onlyTrue bool
}

func (c *count) add(args []value) {
	if len(args) > 0 && args[0].null || c.onlyTrue && !args[0].isTrue() {
		return
	}
	c.n++
}

func (c *count) result() (value, error) { return ofBigint(c.n), nil }

type sum struct {
	average bool
	over    bool
	kind    kind
	n       int64
	f       float64
	i       int64
}

func (s *sum) add(args []value) {
	v := args[0]
	if v.null {
		return
	}
	s.n++
	if s.kind == double {
		s.f += v.number()
		return
	}
	total := s.i + v.i
	s.over = s.over || (s.i > 0) == (v.i > 0) && s.i != 0 && v.i != 0 && (total > 0) != (s.i > 0)
	s.i = total
}

func (s *sum) result() (value, error) {
	switch {
	case s.n == 0:
		return nullOf(s.kind), nil
	case s.over:
		return nullOf(s.kind), errOverflow
	case s.average:
		return ofDouble(s.f / float64(s.n)), nil
	case s.kind == double:
		return ofDouble(s.f), nil
	}
	return value{kind: s.kind, i: s.i}, nil
}

type geometric struct{ n, logs float64 }

func (g *geometric) add(args []value) {
	if !args[0].null {
		g.n++
		g.logs += math.Log(args[0].number())
	}
}

func (g *geometric) result() (value, error) {
	if g.n == 0 {
		return nullOf(double), nil
	}
	return ofDouble(math.Exp(g.logs / g.n)), nil
}

// extremes makes max, min and max_by, min_by, whose key is the argument by; one
// argument more is how many are wanted, as an array.
func extremes(sign, by int) maker {
	return func(args []expr) (kind, func() aggregate) {
		if len(args) < by+1 || len(args) > by+2 || args[by].kind.isSeries() {
			return 0, nil
		}
		k := args[0].kind
		if len(args) == by+1 {
			return k, func() aggregate { return &extreme{sign: sign, kind: k, by: by} }
		}
		n, ok := constantOf(args[by+1])
		if !ok || !isInteger(n.kind) || n.i < 1 || n.i > 10_000 || k.nested() >= maxNested {
			return 0, nil
		}
		return k.array(), func() aggregate { return &topmost{sign: sign, kind: k, by: by, n: int(n.i)} }
	}
}

// extreme keeps the value with the largest or smallest key, the first of equal
// ones; with sign 0 the first of all.
type extreme struct {
	sign      int
	kind      kind
	by        int
	any       bool
	best, key value
}

func (x *extreme) add(args []value) {
	key := args[x.by]
	if key.null {
		return
	}
	if !x.any || x.sign != 0 && compare(key, x.key)*x.sign > 0 {
		x.any, x.best, x.key = true, args[0], key
	}
}

func (x *extreme) result() (value, error) {
	if !x.any {
		return nullOf(x.kind), nil
	}
	return x.best, nil
}

type bits struct {
	any   bool
	start int64
	f     func(x, y int64) int64
}

func (b *bits) add(args []value) {
	if !args[0].null {
		b.any, b.start = true, b.f(b.start, args[0].i)
	}
}

func (b *bits) result() (value, error) { return value{kind: bigint, i: b.start, null: !b.any}, nil }
