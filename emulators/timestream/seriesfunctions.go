package timestream

import (
	"math"
	"sort"
)

// seriesFunctions are of the pages "Time-series functions": interpolation,
// derivatives, integrals and correlations.
// https://docs.aws.amazon.com/timestream/latest/developerguide/timeseries-specific-constructs.functions.html
var seriesFunctions = map[string]generic{
	"interpolate_linear":             interpolation(linear, false),
	"interpolate_locf":               interpolation(carried, false),
	"interpolate_fill":               interpolation(filled, true),
	"interpolate_spline_cubic":       interpolation(spline, false),
	"derivative_linear":              derivative(math.Inf(-1)),
	"non_negative_derivative_linear": derivative(0),
	"integral_trapezoidal":           integral,
	"correlate_pearson":              correlation(pearson),
	"correlate_spearman":             correlation(func(x, y []float64) float64 { return pearson(ranks(x), ranks(y)) }),
}

// at makes a function of time from a time series: the value where it has none.
type atTime func(l *list, fill value) func(at int64) value

// interpolation is of a series at a time or at an array of them; a time that the
// series has keeps its value.
func interpolation(f atTime, fill bool) generic {
	return func(k []kind) (kind, apply) {
		want := 2 + b2i(fill)
		if len(k) != want || !k[0].isSeries() || !isNumber(k[0].of()) || fill && !isNumber(k[2]) || k[1] != timestamp && k[1] != timestamp.array() {
			return 0, nil
		}
		result := double
		if k[1].isArray() {
			result = double.series()
		}
		return result, func(_ *env, v []value) (value, error) {
			l := widen(arrayValue(k[0].of(), v[0].list.items), double.array()).list
			l.at = v[0].list.at
			value0 := f(l, widen(v[len(v)-1], double))
			at := func(t int64) value {
				if i := l.find(t); i < len(l.at) && l.at[i] == t {
					return l.items[i]
				}
				return value0(t)
			}
			if result == double {
				return at(v[1].i), nil
			}
			out := &list{}
			for _, t := range sortedItems(v[1].list.items) {
				if !t.null {
					out.at, out.items = append(out.at, t.i), append(out.items, at(t.i))
				}
			}
			return value{kind: result, list: out}, nil
		}
	}
}

// linear lies on the line between two points; outside them is null.
func linear(l *list, _ value) func(int64) value {
	return func(t int64) value {
		i := l.find(t)
		if i == 0 || i == len(l.at) {
			return nullOf(double)
		}
		a, b := l.items[i-1], l.items[i]
		part := float64(t-l.at[i-1]) / float64(l.at[i]-l.at[i-1])
		return ofDouble(a.f + (b.f-a.f)*part)
	}
}

// carried is the last value before.
func carried(l *list, _ value) func(int64) value {
	return func(t int64) value {
		if i := l.find(t); i > 0 {
			return l.items[i-1]
		}
		return nullOf(double)
	}
}

func filled(_ *list, fill value) func(int64) value {
	return func(int64) value { return fill }
}

// spline is the natural cubic spline through the points; outside them is null, and
// of two points it is the line.
func spline(l *list, _ value) func(int64) value {
	n := len(l.at)
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = float64(l.at[i]-l.at[0])/1e9, l.items[i].f
	}
	second := secondDerivatives(x, y)
	return func(t int64) value {
		i := l.find(t)
		if i == 0 || i == n {
			return nullOf(double)
		}
		h := x[i] - x[i-1]
		at := float64(t-l.at[0]) / 1e9
		a, b := (x[i]-at)/h, (at-x[i-1])/h
		return ofDouble(a*y[i-1] + b*y[i] + ((a*a*a-a)*second[i-1]+(b*b*b-b)*second[i])*h*h/6)
	}
}

// secondDerivatives of a natural spline solve a tridiagonal system.
func secondDerivatives(x, y []float64) []float64 {
	n := len(x)
	second, u := make([]float64, n), make([]float64, n)
	for i := 1; i < n-1; i++ {
		s := (x[i] - x[i-1]) / (x[i+1] - x[i-1])
		p := s*second[i-1] + 2
		second[i] = (s - 1) / p
		slope := (y[i+1]-y[i])/(x[i+1]-x[i]) - (y[i]-y[i-1])/(x[i]-x[i-1])
		u[i] = (6*slope/(x[i+1]-x[i-1]) - s*u[i-1]) / p
	}
	for i := n - 2; i > 0; i-- {
		second[i] = second[i]*second[i+1] + u[i]
	}
	return second
}

// derivative is the change from the point before, per interval; those below the
// least are left out.
func derivative(least float64) generic {
	return func(k []kind) (kind, apply) {
		if len(k) != 2 || !k[0].isSeries() || !isNumber(k[0].of()) || k[1] != interval {
			return 0, nil
		}
		return double.series(), func(_ *env, v []value) (value, error) {
			if v[1].i <= 0 {
				return null, invalid("a derivative needs a positive interval")
			}
			l, out := v[0].list, &list{}
			for i := 1; i < len(l.at); i++ {
				change := (l.items[i].number() - l.items[i-1].number()) / (float64(l.at[i]-l.at[i-1]) / float64(v[1].i))
				if change >= least {
					out.at, out.items = append(out.at, l.at[i]), append(out.items, ofDouble(change))
				}
			}
			return value{kind: double.series(), list: out}, nil
		}
	}
}

// integral is the area under the line through the points, per second or the
// interval given.
func integral(k []kind) (kind, apply) {
	if len(k) < 1 || len(k) > 2 || !k[0].isSeries() || !isNumber(k[0].of()) || len(k) == 2 && k[1] != interval {
		return 0, nil
	}
	return double, func(_ *env, v []value) (value, error) {
		unit := int64(1e9)
		if len(v) == 2 {
			unit = v[1].i
		}
		if unit <= 0 {
			return null, invalid("an integral needs a positive interval")
		}
		l, area := v[0].list, 0.0
		for i := 1; i < len(l.at); i++ {
			area += (l.items[i].number() + l.items[i-1].number()) / 2 * (float64(l.at[i]-l.at[i-1]) / float64(unit))
		}
		return ofDouble(area), nil
	}
}

// correlation is of two series at the times that both have.
func correlation(f func(x, y []float64) float64) generic {
	return func(k []kind) (kind, apply) {
		if len(k) != 2 || !k[0].isSeries() || !k[1].isSeries() || !isNumber(k[0].of()) || !isNumber(k[1].of()) {
			return 0, nil
		}
		return double, func(_ *env, v []value) (value, error) {
			a, b := v[0].list, v[1].list
			var x, y []float64
			for i, t := range a.at {
				if j := b.find(t); j < len(b.at) && b.at[j] == t {
					x, y = append(x, a.items[i].number()), append(y, b.items[j].number())
				}
			}
			return ofDouble(f(x, y)), nil
		}
	}
}

// pearson is NaN where there is nothing to correlate.
func pearson(x, y []float64) float64 {
	var m moments
	for i := range x {
		m.add(x[i], y[i])
	}
	return m.xy / math.Sqrt(m.xx*m.yy)
}

// ranks are the places in order; equal values share the middle of theirs.
func ranks(x []float64) []float64 {
	order := make([]int, len(x))
	for i := range order {
		order[i] = i
	}
	sort.SliceStable(order, func(i, j int) bool { return x[order[i]] < x[order[j]] })
	ranks := make([]float64, len(x))
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && x[order[j]] == x[order[i]] {
			j++
		}
		for _, at := range order[i:j] {
			ranks[at] = float64(i+j+1) / 2
		}
		i = j
	}
	return ranks
}

// moments are the means and the sums of squares and products of pairs (Welford).
type moments struct{ n, mx, my, xx, yy, xy float64 }

func (m *moments) add(x, y float64) {
	m.n++
	dx, dy := x-m.mx, y-m.my
	m.mx += dx / m.n
	m.my += dy / m.n
	m.xx += dx * (x - m.mx)
	m.yy += dy * (y - m.my)
	m.xy += dx * (y - m.my)
}
