package sensor

import (
	"errors"
	"fmt"
	"math"
	"time"
)

// Spec is a model as data. The zero value reads 0 for ever. All times count from
// the start of the run.
type Spec struct {
	// Base is the value around which everything else happens, in the metric's unit.
	Base float64 `yaml:"base,omitempty" json:"base,omitempty"`
	// Amplitude is half the swing of a daily curve with its peak at 14:00 UTC.
	Amplitude float64 `yaml:"amplitude,omitempty" json:"amplitude,omitempty"`
	// Period is the length of that curve; 24h when zero.
	Period time.Duration `yaml:"period,omitempty" json:"period,omitempty"`
	// Noise is uniform in ±Noise at each reading.
	Noise float64 `yaml:"noise,omitempty" json:"noise,omitempty"`
	// Walk is a slow random walk within ±Walk.
	Walk float64 `yaml:"walk,omitempty" json:"walk,omitempty"`
	// WalkPeriod is about how long the walk takes to get far; 1h when zero.
	WalkPeriod time.Duration `yaml:"walk_period,omitempty" json:"walk_period,omitempty"`
	// Follows adds what another metric of the device does.
	Follows *Follow `yaml:"follows,omitempty" json:"follows,omitempty"`
	// Replay adds a recording.
	Replay *Replay `yaml:"replay,omitempty" json:"replay,omitempty"`
	// Drift is added per hour.
	Drift float64 `yaml:"drift,omitempty" json:"drift,omitempty"`
	// Min and Max clamp the value; none when absent. Spikes are not clamped.
	Min *float64 `yaml:"min,omitempty" json:"min,omitempty"`
	Max *float64 `yaml:"max,omitempty" json:"max,omitempty"`
	// Decimals is what the firmware rounds to, 0 to 9; 2 when absent.
	Decimals *int `yaml:"decimals,omitempty" json:"decimals,omitempty"`
	// Spikes replace the value for a time.
	Spikes []Spike `yaml:"spikes,omitempty" json:"spikes,omitempty"`
	// Stuck makes the sensor repeat one value for a time.
	Stuck []Window `yaml:"stuck,omitempty" json:"stuck,omitempty"`
}

// Spike is a value for a time.
type Spike struct {
	At    time.Duration `yaml:"at" json:"at"`
	For   time.Duration `yaml:"for" json:"for"`
	Value float64       `yaml:"value" json:"value"`
}

// Window is a stretch of time.
type Window struct {
	At  time.Duration `yaml:"at" json:"at"`
	For time.Duration `yaml:"for" json:"for"`
}

// Bounds of a Spec.
const (
	defaultPeriod     = 24 * time.Hour
	defaultWalkPeriod = time.Hour
	defaultDecimals   = 2
	maxDecimals       = 9
	maxWindows        = 1000
	// maxMagnitude keeps readings finite: sums and rounding would overflow.
	maxMagnitude = 1e15
)

// Validate tells everything that is wrong with the spec.
func (s Spec) Validate() error {
	var errs []error
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for _, f := range []struct {
		name     string
		value    float64
		negative bool
	}{
		{"base", s.Base, true}, {"amplitude", s.Amplitude, true}, {"noise", s.Noise, false},
		{"walk", s.Walk, false}, {"drift", s.Drift, true},
		{"min", deref(s.Min, 0), true}, {"max", deref(s.Max, 0), true},
	} {
		if math.IsNaN(f.value) || math.IsInf(f.value, 0) {
			bad("%s: %v is not a finite number", f.name, f.value)
		} else if math.Abs(f.value) > maxMagnitude {
			bad("%s: %v is not between -1e+15 and 1e+15", f.name, f.value)
		} else if f.value < 0 && !f.negative {
			bad("%s: %v is negative", f.name, f.value)
		}
	}
	if s.Period < 0 {
		bad("period: %s is negative", s.Period)
	}
	if s.WalkPeriod < 0 {
		bad("walk_period: %s is negative", s.WalkPeriod)
	}
	if s.Min != nil && s.Max != nil && *s.Min > *s.Max {
		bad("min: %v is above max %v", *s.Min, *s.Max)
	}
	if d := deref(s.Decimals, 0); d < 0 || d > maxDecimals {
		bad("decimals: %d is not between 0 and %d", d, maxDecimals)
	}
	if s.Follows != nil {
		errs = append(errs, s.Follows.validate())
	}
	if s.Replay != nil {
		errs = append(errs, s.Replay.validate())
	}
	var spikes []Window
	for i, p := range s.Spikes {
		if !(math.Abs(p.Value) <= maxMagnitude) {
			bad("spikes[%d].value: %v is not between -1e+15 and 1e+15", i, p.Value)
		}
		spikes = append(spikes, Window{p.At, p.For})
	}
	errs = append(errs, windows("spikes", spikes)...)
	errs = append(errs, windows("stuck", s.Stuck)...)
	return errors.Join(errs...)
}

// windows refuses overlaps: which of two would count is anybody's guess.
func windows(name string, list []Window) (errs []error) {
	if len(list) > maxWindows {
		return []error{fmt.Errorf("%s: %d are more than %d", name, len(list), maxWindows)}
	}
	for i, w := range list {
		if w.At < 0 {
			errs = append(errs, fmt.Errorf("%s[%d].at: %s is negative", name, i, w.At))
		}
		if w.For <= 0 {
			errs = append(errs, fmt.Errorf("%s[%d].for: %s is not positive", name, i, w.For))
		}
		for j, other := range list[:i] {
			if w.At < other.At+other.For && other.At < w.At+w.For {
				errs = append(errs, fmt.Errorf("%s[%d] and %s[%d] overlap", name, j, name, i))
			}
		}
	}
	return errs
}

func deref[T any](p *T, otherwise T) T {
	if p == nil {
		return otherwise
	}
	return *p
}

// Model makes the spec's model for a run that starts at start. Noise and walk
// follow from the seed. A spec that follows another needs a suite.
func (s Spec) Model(seed uint64, start time.Time) (Model, error) {
	if s.Follows != nil {
		return nil, fmt.Errorf("sensor model: follows: there is no %q here", s.Follows.Metric)
	}
	c, err := newCurve(s, start)
	if err != nil {
		return nil, fmt.Errorf("sensor model: %w", err)
	}
	return &formula{curve: c, seed: seed}, nil
}
