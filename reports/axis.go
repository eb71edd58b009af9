package reports

import (
	"fmt"
	"math"
	"time"
)

// An axis maps values to shares of its length.
type axis struct {
	share func(v float64) float64
	ticks []tickMark
}

// linear runs from zero to a round number that is not below v.
func linear(v float64) axis {
	top := niceTop(v)
	a := axis{share: func(v float64) float64 { return v / top }}
	for i := 0; i <= 4; i++ {
		a.ticks = append(a.ticks, tickMark{float64(i) / 4, tick(top * float64(i) / 4)})
	}
	return a
}

// counts runs from zero to a whole number that is not below v, in at most five whole
// steps: 1, 2, 5, 10, 20, 50 …
func counts(v float64) axis {
	step := 1.0
	for i := 0; v > 5*step; i++ {
		step *= [...]float64{2, 2.5, 2}[i%3]
	}
	steps := max(math.Ceil(v/step), 1)
	a := axis{share: func(v float64) float64 { return v / (steps * step) }}
	for i := 0.0; i <= steps; i++ {
		a.ticks = append(a.ticks, tickMark{i / steps, tick(i * step)})
	}
	return a
}

// delayTicks are the ticks of a logarithmic axis of durations.
var delayTicks = []time.Duration{
	time.Microsecond, 10 * time.Microsecond, 100 * time.Microsecond, time.Millisecond, 10 * time.Millisecond, 100 * time.Millisecond,
	time.Second, 10 * time.Second, time.Minute, 10 * time.Minute, time.Hour, 6 * time.Hour, 24 * time.Hour, 72 * time.Hour,
}

// delays is a logarithmic axis for durations in ms between low and high, from tick
// to tick; what is below its first tick, such as the nothing that a hop takes in
// virtual time, stands on it.
func delays(low, high float64) axis {
	first, last := 0, len(delayTicks)-1
	for first < last-1 && ms(delayTicks[first+1]) <= low {
		first++
	}
	for last > first+1 && ms(delayTicks[last-1]) >= high {
		last--
	}
	from, to := math.Log(ms(delayTicks[first])), math.Log(ms(delayTicks[last]))
	a := axis{share: func(v float64) float64 { return clamp((math.Log(max(v, 1e-9)) - from) / (to - from)) }}
	every := (last-first)/6 + 1
	for i := first; i <= last; i += every {
		a.ticks = append(a.ticks, tickMark{a.share(ms(delayTicks[i])), round(delayTicks[i])})
	}
	return a
}

func ms(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// clockSteps are the distances between the ticks of a run's time.
var clockSteps = []time.Duration{
	time.Second, 2 * time.Second, 5 * time.Second, 10 * time.Second, 20 * time.Second, 30 * time.Second,
	time.Minute, 2 * time.Minute, 5 * time.Minute, 10 * time.Minute, 15 * time.Minute, 30 * time.Minute,
	time.Hour, 2 * time.Hour, 3 * time.Hour, 6 * time.Hour, 12 * time.Hour, 24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour,
}

// elapsed are at most nine ticks of the time since a run's start.
func elapsed(length time.Duration) []tickMark {
	if length <= 0 {
		return nil
	}
	step := clockSteps[len(clockSteps)-1]
	for i := len(clockSteps) - 1; i >= 0 && length/clockSteps[i] <= 8; i-- {
		step = clockSteps[i]
	}
	var list []tickMark
	// The end of a run is late or early by moments: its own tick is there all the same.
	for at := time.Duration(0); at <= length+length/100; at += max(step, length/9) {
		list = append(list, tickMark{clamp(float64(at) / float64(length)), round(at)})
	}
	return list
}

// niceTop is the smallest round number not below v whose quarters read well.
func niceTop(v float64) float64 {
	if v <= 0 {
		return 1
	}
	power := math.Pow(10, math.Floor(math.Log10(v)))
	for _, m := range []float64{1, 1.2, 1.6, 2, 3, 4, 5, 6, 8, 10} {
		if v <= m*power {
			return m * power
		}
	}
	return 10 * power
}

func tick(v float64) string {
	switch {
	case v >= 1e6:
		return fmt.Sprintf("%gM", v/1e6)
	case v >= 1e4:
		return fmt.Sprintf("%gk", v/1e3)
	}
	return fmt.Sprintf("%.4g", v)
}
