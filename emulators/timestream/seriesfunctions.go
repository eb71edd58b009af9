package timestream

import (
	"math"
	"sort"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
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
type atTime func(l *value.List, fill value.Value) func(at int64) value.Value

// interpolation is of a series at a time or at an array of them; a time that the
// series has keeps its value.
func interpolation(f atTime, fill bool) generic {
	return func(k []value.Kind) (value.Kind, apply) {
		want := 2 + value.Bit(fill)
		if len(k) != want || !k[0].IsSeries() || !value.IsNumber(k[0].Of()) || fill && !value.IsNumber(k[2]) || k[1] != value.Timestamp && k[1] != value.Timestamp.Array() {
			return value.Unknown, nil
		}
		result := value.Double
		if k[1].IsArray() {
			result = value.Double.Series()
		}
		return result, func(_ *env, v []value.Value) (value.Value, error) {
			l := value.OfArray(k[0].Of(), v[0].List.Items).As(value.Double.Array()).List
			l.At = v[0].List.At
			value0 := f(l, v[len(v)-1].As(value.Double))
			at := func(t int64) value.Value {
				if i := l.Find(t); i < len(l.At) && l.At[i] == t {
					return l.Items[i]
				}
				return value0(t)
			}
			if result == value.Double {
				return at(v[1].I), nil
			}
			out := &value.List{}
			for _, t := range sortedItems(v[1].List.Items) {
				if !t.Null {
					out.At, out.Items = append(out.At, t.I), append(out.Items, at(t.I))
				}
			}
			return value.Value{Kind: result, List: out}, nil
		}
	}
}

// linear lies on the line between two points; outside them is null.
func linear(l *value.List, _ value.Value) func(int64) value.Value {
	return func(t int64) value.Value {
		i := l.Find(t)
		if i == 0 || i == len(l.At) {
			return value.NullOf(value.Double)
		}
		a, b := l.Items[i-1], l.Items[i]
		part := float64(t-l.At[i-1]) / float64(l.At[i]-l.At[i-1])
		return value.OfDouble(a.F + (b.F-a.F)*part)
	}
}

// carried is the last value before.
func carried(l *value.List, _ value.Value) func(int64) value.Value {
	return func(t int64) value.Value {
		if i := l.Find(t); i > 0 {
			return l.Items[i-1]
		}
		return value.NullOf(value.Double)
	}
}

func filled(_ *value.List, fill value.Value) func(int64) value.Value {
	return func(int64) value.Value { return fill }
}

// spline is the natural cubic spline through the points; outside them is null, and
// of two points it is the line.
func spline(l *value.List, _ value.Value) func(int64) value.Value {
	n := len(l.At)
	x, y := make([]float64, n), make([]float64, n)
	for i := range x {
		x[i], y[i] = float64(l.At[i]-l.At[0])/1e9, l.Items[i].F
	}
	second := secondDerivatives(x, y)
	return func(t int64) value.Value {
		i := l.Find(t)
		if i == 0 || i == n {
			return value.NullOf(value.Double)
		}
		h := x[i] - x[i-1]
		at := float64(t-l.At[0]) / 1e9
		a, b := (x[i]-at)/h, (at-x[i-1])/h
		return value.OfDouble(a*y[i-1] + b*y[i] + ((a*a*a-a)*second[i-1]+(b*b*b-b)*second[i])*h*h/6)
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
	return func(k []value.Kind) (value.Kind, apply) {
		if len(k) != 2 || !k[0].IsSeries() || !value.IsNumber(k[0].Of()) || k[1] != value.Interval {
			return value.Unknown, nil
		}
		return value.Double.Series(), func(_ *env, v []value.Value) (value.Value, error) {
			if v[1].I <= 0 {
				return value.Null, invalid("a derivative needs a positive interval")
			}
			l, out := v[0].List, &value.List{}
			for i := 1; i < len(l.At); i++ {
				change := (l.Items[i].Number() - l.Items[i-1].Number()) / (float64(l.At[i]-l.At[i-1]) / float64(v[1].I))
				if change >= least {
					out.At, out.Items = append(out.At, l.At[i]), append(out.Items, value.OfDouble(change))
				}
			}
			return value.Value{Kind: value.Double.Series(), List: out}, nil
		}
	}
}

// integral is the area under the line through the points, per second or the
// interval given.
func integral(k []value.Kind) (value.Kind, apply) {
	if len(k) < 1 || len(k) > 2 || !k[0].IsSeries() || !value.IsNumber(k[0].Of()) || len(k) == 2 && k[1] != value.Interval {
		return value.Unknown, nil
	}
	return value.Double, func(_ *env, v []value.Value) (value.Value, error) {
		unit := int64(1e9)
		if len(v) == 2 {
			unit = v[1].I
		}
		if unit <= 0 {
			return value.Null, invalid("an integral needs a positive interval")
		}
		l, area := v[0].List, 0.0
		for i := 1; i < len(l.At); i++ {
			area += (l.Items[i].Number() + l.Items[i-1].Number()) / 2 * (float64(l.At[i]-l.At[i-1]) / float64(unit))
		}
		return value.OfDouble(area), nil
	}
}

// correlation is of two series at the times that both have.
func correlation(f func(x, y []float64) float64) generic {
	return func(k []value.Kind) (value.Kind, apply) {
		if len(k) != 2 || !k[0].IsSeries() || !k[1].IsSeries() || !value.IsNumber(k[0].Of()) || !value.IsNumber(k[1].Of()) {
			return value.Unknown, nil
		}
		return value.Double, func(_ *env, v []value.Value) (value.Value, error) {
			a, b := v[0].List, v[1].List
			var x, y []float64
			for i, t := range a.At {
				if j := b.Find(t); j < len(b.At) && b.At[j] == t {
					x, y = append(x, a.Items[i].Number()), append(y, b.Items[j].Number())
				}
			}
			return value.OfDouble(f(x, y)), nil
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
