package sim

import (
	"fmt"
	"math"
	"strings"
	"time"
)

// Profile is the shape of a rate over a stretch of time. That of a ramp is how many
// devices begin, that of a load how often each reports:
//
//	linear  ▁▁▁▁▁▁  (ramp)   steps  │  │  │  │    spike     █
//	        ▁▂▃▅▆█  (load)          at k instants       ▁▁▁▁▁█▁▁▁▁
//	diurnal  ▁▃▆█▆▃▁         burst  █▁▁▁█▁▁▁█▁▁▁
//
// The zero value is linear.
type Profile string

// The profiles.
const (
	Linear  Profile = "linear"
	Steps   Profile = "steps"
	Spike   Profile = "spike"
	Diurnal Profile = "diurnal"
	Burst   Profile = "burst"
)

// profiles are all of them.
var profiles = []Profile{Linear, Steps, Spike, Diurnal, Burst}

// Validate tells what is wrong with a profile's name.
func (p Profile) Validate() error {
	if p == "" {
		return nil
	}
	var names []string
	for _, one := range profiles {
		if p == one {
			return nil
		}
		names = append(names, string(one))
	}
	return fmt.Errorf("profile %q is none of %s", p, strings.Join(names, ", "))
}

// The parts of a profile.
const (
	parts  = 5    // steps and bursts
	thin   = 0.1  // of the time: a burst's share of its part, and a spike of a load
	crowd  = 0.8  // of the devices of a ramp: those that begin in its spike
	narrow = 0.02 // of the time: the spike of a ramp
)

// when is the share of the time at which a share u of the devices has begun.
func (p Profile) when(u float64) float64 {
	part := math.Floor(u * parts)
	switch p {
	case Steps:
		return part / parts
	case Burst:
		return (part + thin*(u*parts-part)) / parts
	case Spike:
		return spikeAt(u)
	case Diurnal:
		return invert(func(x float64) float64 { return x - math.Sin(2*math.Pi*x)/(2*math.Pi) }, u, 1)
	}
	return u
}

// spikeAt is a ramp at a constant rate but for the middle, where most devices begin.
func spikeAt(u float64) float64 {
	edge, low := (1-crowd)/2, (1-narrow)/2
	switch {
	case u < edge:
		return low * u / edge
	case u < edge+crowd:
		return low + narrow*(u-edge)/crowd
	}
	return low + narrow + low*(u-edge-crowd)/edge
}

// invert finds x between 0 and top for which a growing f is y.
func invert(f func(float64) float64, y, top float64) float64 {
	low, high := 0.0, top
	for range 60 {
		if mid := (low + high) / 2; f(mid) < y {
			low = mid
		} else {
			high = mid
		}
	}
	return high
}

// Load is how a rate of reports goes up and down between its own and Peak times
// that, over each Period. The zero value is a constant rate.
//
//	linear   from 1 to Peak, and from 1 again
//	steps    the same in five steps
//	spike    1, and Peak in the tenth in the middle
//	diurnal  1 - cos: 1 at the ends, Peak in the middle
//	burst    1, and Peak in the first tenth of each fifth
type Load struct {
	Profile Profile `yaml:"profile,omitempty" json:"profile,omitempty"`
	// Peak is the highest rate, as a multiple of the device's own; at least 1.
	Peak float64 `yaml:"peak" json:"peak"`
	// Period is the length of the profile, which repeats.
	Period time.Duration `yaml:"period,omitempty" json:"period,omitempty"`
}

// maxPeak bounds a load.
const maxPeak = 1000

// Validate tells what is wrong with a load.
func (l Load) Validate() error {
	if l == (Load{}) {
		return nil
	}
	if err := l.Profile.Validate(); err != nil {
		return err
	}
	if !(l.Peak >= 1 && l.Peak <= maxPeak) {
		return fmt.Errorf("peak %v is not between 1 and %d", l.Peak, maxPeak)
	}
	if l.Period < time.Second {
		return fmt.Errorf("period %s is shorter than 1s", l.Period)
	}
	return nil
}

// Next is when, after the time at from the start, the next report is due: when as
// many reports as one an interval makes have become one. It is later than at by
// whole milliseconds.
func (l Load) Next(at, interval time.Duration) time.Duration {
	if l.Peak <= 1 || l.Period <= 0 {
		return at + interval
	}
	period := float64(l.Period)
	whole := l.sum(1)
	want := l.total(float64(at)/period) + float64(interval)/period
	periods := math.Floor(want / whole)
	x := periods + invert(l.sum, want-periods*whole, 1)
	wait := time.Duration(x*period) - at
	return at + max(wait.Round(time.Millisecond), time.Millisecond)
}

// total is the integral of the rate from 0 to x periods.
func (l Load) total(x float64) float64 {
	periods := math.Floor(x)
	return periods*l.sum(1) + l.sum(x-periods)
}

// sum is the integral of the rate from 0 to x, within one period.
func (l Load) sum(x float64) float64 { return x + (l.Peak-1)*l.extra(x) }

// extra is the integral of what a peak of 2 adds to a rate of 1.
func (l Load) extra(x float64) float64 {
	part := math.Floor(x * parts)
	rest := x*parts - part
	switch l.Profile {
	case Steps: // 0, 1/4 … 1
		return (part*(part-1)/2 + part*rest) / (parts - 1) / parts
	case Spike:
		return min(max(x-(1-thin)/2, 0), thin)
	case Diurnal:
		return x/2 - math.Sin(2*math.Pi*x)/(4*math.Pi)
	case Burst:
		return (part*thin + min(rest, thin)) / parts
	}
	return x * x / 2
}
