package sensor

import (
	"math"
	"time"
)

// Model tells what a sensor reads at a time. At is pure and may be called by many
// goroutines.
type Model interface{ At(t time.Time) float64 }

// Func is a function as a Model.
type Func func(t time.Time) float64

// At implements Model.
func (f Func) At(t time.Time) float64 { return f(t) }

// Constant always reads v.
func Constant(v float64) Model { return Func(func(time.Time) float64 { return v }) }

// Diurnal is a sine of the given amplitude (half the swing) and period; its peak
// is at 14:00 UTC when the period is a day.
func Diurnal(amplitude float64, period time.Duration) Model {
	return Func(func(t time.Time) float64 {
		// Whole periods since the Unix epoch are cut off first, for precision.
		part := float64(t.UnixNano()%int64(period)) / float64(period)
		return amplitude * math.Sin(2*math.Pi*(part-8.0/24))
	})
}

// Noise is uniform in ±amplitude, independent at each nanosecond.
func Noise(amplitude float64, seed uint64) Model {
	return Func(func(t time.Time) float64 { return amplitude * unit(seed, t.UnixNano()) })
}

// octaves is the number of layers of a Walk; each has half the period and
// 1/√2 of the amplitude of the one before, as in Brownian motion.
const octaves = 6

// Walk wanders within ±amplitude and takes about period to get far; a random walk
// that can be asked for any time without walking there.
func Walk(amplitude float64, period time.Duration, seed uint64) Model {
	norm := 0.0
	for i := range octaves {
		norm += math.Pow(2, -float64(i)/2)
	}
	return Func(func(t time.Time) float64 {
		sum, p := 0.0, int64(period)
		for i := range octaves {
			sum += math.Pow(2, -float64(i)/2) * smooth(mix(seed+uint64(i)), t.UnixNano(), max(p, 1))
			p /= 2
		}
		return amplitude * sum / norm
	})
}

// Drift grows by perHour each hour from start on.
func Drift(perHour float64, start time.Time) Model {
	return Func(func(t time.Time) float64 { return perHour * t.Sub(start).Hours() })
}

// Sum adds models.
func Sum(models ...Model) Model {
	return Func(func(t time.Time) float64 {
		sum := 0.0
		for _, m := range models {
			sum += m.At(t)
		}
		return sum
	})
}

// Clamp keeps a model within low…high.
func Clamp(m Model, low, high float64) Model {
	return Func(func(t time.Time) float64 { return min(max(m.At(t), low), high) })
}

// Round rounds to a number of decimals, half away from zero.
func Round(m Model, decimals int) Model {
	scale := math.Pow10(decimals)
	return Func(func(t time.Time) float64 {
		v := m.At(t)
		if rounded := math.Round(v*scale) / scale; !math.IsInf(rounded, 0) { // v·scale may be too large
			v = rounded
		}
		return v + 0 // no negative zero
	})
}

// Replace reads value from at on for the given time, else m.
func Replace(m Model, at time.Time, d time.Duration, value float64) Model {
	return Func(func(t time.Time) float64 {
		if within(t, at, d) {
			return value
		}
		return m.At(t)
	})
}

// Stuck reads what m read at at, for the given time.
func Stuck(m Model, at time.Time, d time.Duration) Model {
	return Func(func(t time.Time) float64 {
		if within(t, at, d) {
			return m.At(at)
		}
		return m.At(t)
	})
}

func within(t, at time.Time, d time.Duration) bool { return !t.Before(at) && t.Before(at.Add(d)) }

// mix is the finalizer of SplitMix64: a bijection that looks random.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}

// unit is in [-1, 1), from the seed and a point.
func unit(seed uint64, point int64) float64 {
	return float64(mix(mix(seed)^uint64(point))>>11)/(1<<52) - 1
}

// smooth is value noise: random at multiples of period, smooth between them.
func smooth(seed uint64, t, period int64) float64 {
	cell := t / period
	x := float64(t-cell*period) / float64(period)
	x = x * x * (3 - 2*x)
	a, b := unit(seed, cell), unit(seed, cell+1)
	return a + (b-a)*x
}
