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

// Constant is a Model that always reads the same.
type Constant float64

// At implements Model.
func (c Constant) At(time.Time) float64 { return float64(c) }

// diurnal is a sine between -1 and 1; its peak is at 14:00 UTC when the period is a
// day.
func diurnal(t time.Time, period time.Duration) float64 {
	// Whole periods since the Unix epoch are cut off first, for precision.
	part := float64(t.UnixNano()%int64(period)) / float64(period)
	return math.Sin(2 * math.Pi * (part - 8.0/24))
}

// octaves are the weights of the layers of a walk; each has half the period and 1/√2
// of the amplitude of the one before, as in Brownian motion.
var octaves, octavesSum = func() (weights [6]float64, sum float64) {
	for i := range weights {
		weights[i] = math.Pow(2, -float64(i)/2)
		sum += weights[i]
	}
	return weights, sum
}()

// walk wanders within ±amplitude and takes about period to get far; a random walk
// that can be asked for any time without walking there.
func walk(t time.Time, amplitude float64, period time.Duration, seed uint64) float64 {
	sum, p := 0.0, int64(period)
	for i, weight := range octaves {
		sum += weight * smooth(mix(seed+uint64(i)), t.UnixNano(), max(p, 1))
		p /= 2
	}
	return amplitude * sum / octavesSum
}

// round rounds by a power of ten, half away from zero.
func round(v, scale float64) float64 {
	if rounded := math.Round(v*scale) / scale; !math.IsInf(rounded, 0) { // v·scale may be too large
		v = rounded
	}
	return v + 0 // no negative zero
}

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
