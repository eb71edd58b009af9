package timestream

import (
	"math"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
)

// momentMakers are variances, covariances and regressions.
var momentMakers = map[string]maker{
	"var_pop":     spread(func(m moments) float64 { return m.xx / m.n }, 1),
	"var_samp":    spread(variance, 2),
	"variance":    spread(variance, 2),
	"stddev_pop":  spread(func(m moments) float64 { return math.Sqrt(m.xx / m.n) }, 1),
	"stddev_samp": spread(func(m moments) float64 { return math.Sqrt(variance(m)) }, 2),
	"stddev":      spread(func(m moments) float64 { return math.Sqrt(variance(m)) }, 2),
	"skewness":    unary(value.IsNumber, always(value.Double), func(value.Kind) aggregate { return &skewness{} }),
	// The dependent value is the first argument.
	"corr":           pairs(func(m moments) float64 { return m.xy / math.Sqrt(m.xx*m.yy) }, 2),
	"covar_pop":      pairs(func(m moments) float64 { return m.xy / m.n }, 1),
	"covar_samp":     pairs(func(m moments) float64 { return m.xy / (m.n - 1) }, 2),
	"regr_slope":     pairs(slope, 2),
	"regr_intercept": pairs(func(m moments) float64 { return m.mx - slope(m)*m.my }, 2),
}

func variance(m moments) float64 { return m.xx / (m.n - 1) }

func slope(m moments) float64 { return m.xy / m.yy }

// spread is a moment of one argument, null of fewer values than least.
func spread(f func(moments) float64, least float64) maker {
	return unary(value.IsNumber, always(value.Double), func(value.Kind) aggregate { return &moment{f: f, least: least} })
}

// pairs is a moment of two arguments.
func pairs(f func(moments) float64, least float64) maker {
	return func(args []expr) (value.Kind, func() aggregate) {
		if len(args) != 2 || !value.IsNumber(args[0].kind) || !value.IsNumber(args[1].kind) {
			return value.Unknown, nil
		}
		return value.Double, func() aggregate { return &moment{f: f, least: least} }
	}
}

type moment struct {
	moments
	f     func(moments) float64
	least float64
}

func (m *moment) add(args []value.Value) {
	for _, a := range args {
		if a.Null {
			return
		}
	}
	m.moments.add(args[0].Number(), args[len(args)-1].Number())
}

func (m *moment) result() (value.Value, error) {
	if m.n < m.least {
		return value.NullOf(value.Double), nil
	}
	return value.OfDouble(m.f(m.moments)), nil
}

// skewness keeps the second and third central moments.
type skewness struct{ n, mean, m2, m3 float64 }

func (s *skewness) add(args []value.Value) {
	if args[0].Null {
		return
	}
	before := s.n
	s.n++
	delta := args[0].Number() - s.mean
	part := delta / s.n
	square := delta * part * before
	s.mean += part
	s.m3 += square*part*(s.n-2) - 3*part*s.m2
	s.m2 += square
}

func (s *skewness) result() (value.Value, error) {
	if s.n < 3 {
		return value.NullOf(value.Double), nil
	}
	return value.OfDouble(math.Sqrt(s.n) * s.m3 / math.Pow(s.m2, 1.5)), nil
}
