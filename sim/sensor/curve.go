package sensor

import (
	"math"
	"time"
)

// curve is a spec made ready for a run. All devices of a group share it.
type curve struct {
	Spec      // with its defaults
	start     time.Time
	low, high float64
	scale     float64 // of rounding
	replay    recording
	otherBase float64 // of what it follows
}

// newCurve prepares a spec for a run that starts at start.
func newCurve(s Spec, start time.Time) (*curve, error) {
	if err := s.Validate(); err != nil {
		return nil, err
	}
	if s.Period == 0 {
		s.Period = defaultPeriod
	}
	if s.WalkPeriod == 0 {
		s.WalkPeriod = defaultWalkPeriod
	}
	c := &curve{Spec: s, start: start, scale: math.Pow10(deref(s.Decimals, defaultDecimals))}
	c.low, c.high = deref(s.Min, math.Inf(-1)), deref(s.Max, math.Inf(1))
	if s.Replay != nil {
		c.replay, _ = s.Replay.recording() // Validate has its error
	}
	return c, nil
}

// formula is a curve as one device has it. It is a Model.
type formula struct {
	*curve
	seed  uint64
	other *formula // that it follows; nil when it follows none
}

// At is what the sensor reports: rounded, and for a time what it read before.
func (f *formula) At(t time.Time) float64 {
	for _, w := range f.Stuck {
		if within(t, f.start.Add(w.At), w.For) {
			t = f.start.Add(w.At)
			break // they do not overlap
		}
	}
	return round(f.measured(t), f.scale)
}

// measured is what there is to measure.
func (f *formula) measured(t time.Time) float64 {
	for _, p := range f.Spikes {
		if within(t, f.start.Add(p.At), p.For) {
			return p.Value
		}
	}
	return min(max(f.sum(t), f.low), f.high)
}

func (f *formula) sum(t time.Time) float64 {
	v := f.Base
	if f.Amplitude != 0 {
		v += f.Amplitude * diurnal(t, f.Period)
	}
	if f.Walk != 0 {
		v += walk(t, f.Walk, f.WalkPeriod, mix(f.seed^1))
	}
	if f.Drift != 0 {
		v += f.Drift * t.Sub(f.start).Hours()
	}
	if f.Noise != 0 {
		v += f.Noise * unit(mix(f.seed^2), t.UnixNano())
	}
	if f.other != nil {
		v += f.Follows.Factor * (f.other.measured(t.Add(-f.Follows.Lag)) - f.otherBase)
	}
	if f.Replay != nil {
		v += f.replay.at(t.Sub(f.start))
	}
	return v
}

func within(t, at time.Time, d time.Duration) bool { return !t.Before(at) && t.Before(at.Add(d)) }
