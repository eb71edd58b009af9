package offline

import (
	"slices"
	"sort"
	"time"
)

// detect is the detector as a function: the verdicts that it gives with a silence
// of so long, on one thing's signs of life, at these sweeps (in order).
//
//	signs    │   │    │                       │
//	                  ├── silence ──┤         │
//	sweeps      ┊     ┊     ┊     ┊     ┊     ┊
//	                                    └verdict
func detect(signs []sign, sweeps []int64, silence, end int64) []verdict {
	const ms = int64(time.Millisecond)
	var list []verdict
	last, cutoff, offline := int64(0), int64(0), false
	for i, s := range signs {
		at := s.at / ms * ms // as the table has it
		last = max(last, at)
		if offline && at > cutoff {
			offline = false
			list[len(list)-1].to = s.known
		}
		until := end + 1
		if i+1 < len(signs) {
			until = signs[i+1].known
		}
		if offline {
			continue
		}
		// The table compares whole milliseconds.
		first := max(s.known, last+ms+silence)
		if n, _ := slices.BinarySearch(sweeps, first); n < len(sweeps) && sweeps[n] < until {
			list = append(list, verdict{sweeps[n], end})
			cutoff, offline = (sweeps[n]-silence)/ms*ms, true
		}
	}
	return list
}

// silence is a time without a sign of life in which a verdict would be false: a
// detector gives one there when its threshold is at least low and under high.
type silence struct {
	thing     string
	at        int64  // of the last sign
	low, high int64  // ns
	state     string // what the device was
}

// falsifiable are a thing's silences, for all thresholds at once: a verdict falls on
// the first sweep after the threshold, and that must be no instant at which the
// device was up or only reconnecting. Of those from 0 on the longest stands for all.
//
//	sign │ up ··········│ out ~~~~~~~~~~~~│ up ·····│ next sign
//	     └─ low=0  high ┘                 └low  high┘
func falsifiable(s subject, r rules) []silence {
	away := absences(s.spans, r.end)
	var list []silence
	var longest silence
	add := func(g sign, from, to int64) {
		low, high := max(from-g.at-r.sweep, 0), to-g.at
		switch {
		case from > g.at:
			list = append(list, silence{thing: s.thing, at: g.at, low: low, high: high, state: s.was(g.at, to)})
		case high > longest.high:
			longest = silence{thing: s.thing, at: g.at, high: high, state: s.was(g.at, to)}
		}
	}
	for i, g := range s.signs {
		until := r.end
		if i+1 < len(s.signs) {
			until = s.signs[i+1].known
		}
		from := g.at
		for _, a := range away {
			if !a.out || a.to+r.settle <= from || a.from >= until {
				continue
			}
			if a.from > from {
				add(g, from, a.from)
			}
			from = a.to + r.settle
		}
		if from < until {
			add(g, from, until)
		}
	}
	if longest.high > 0 {
		list = append(list, longest)
	}
	return list
}

// was says what a device that was not out was in a stretch: reconnecting, if only
// for some of it, or connected.
func (s subject) was(from, to int64) string {
	words, longest := "connected all the while", int64(0)
	for i, x := range s.spans {
		until := to
		if i+1 < len(s.spans) {
			until = min(until, s.spans[i+1].from)
		}
		if length := until - max(x.from, from); x.state == reconnecting && length > longest {
			words, longest = x.words(), length
		}
	}
	return words
}

// recommendation is the smallest silence that calls no device offline that was up.
type recommendation struct {
	silence time.Duration
	// because is the longest silence that it has to be above.
	because silence
}

// recommend picks the first sensible value that no silence forbids. A twentieth is
// added to each: another run is not the same to the millisecond.
func recommend(all []silence) recommendation {
	sort.SliceStable(all, func(i, j int) bool { return all[i].high > all[j].high })
	for _, d := range sensible() {
		allowed := true
		for _, s := range all {
			if s.high+s.high/20 <= int64(d) {
				break // and so are the rest
			}
			if s.low <= int64(d) {
				allowed = false
				break
			}
		}
		if !allowed {
			continue
		}
		for _, s := range all {
			if s.high <= int64(d) {
				return recommendation{d, s}
			}
		}
		return recommendation{silence: d}
	}
	return recommendation{}
}

// sensible are values that somebody would write into a configuration.
func sensible() []time.Duration {
	var list []time.Duration
	for _, s := range []int{1, 2, 3, 5, 10, 15, 20, 30, 45} {
		list = append(list, time.Duration(s)*time.Second)
	}
	for _, s := range []int{60, 90, 120, 150, 180, 240, 300, 360, 420, 480, 600, 720, 900, 1200, 1500, 1800, 2700} {
		list = append(list, time.Duration(s)*time.Second)
	}
	for _, m := range []int{60, 90, 120, 180, 240, 360, 480, 720, 1440, 2880, 10080, 44640} {
		list = append(list, time.Duration(m)*time.Minute)
	}
	return list
}

// thresholds are those of the report's table: from 30 s to an hour in steps that
// grow, lower where the run's own is, and no longer than the run; its own and the
// recommended one are among them.
func thresholds(own, recommended, length time.Duration) []time.Duration {
	low := min(30*time.Second, own/4)
	list := []time.Duration{own}
	if recommended > 0 {
		list = append(list, recommended, recommended/2)
	}
	for _, d := range []time.Duration{1, 2, 3, 5, 7, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 420, 600, 900, 1200, 1800, 2700, 3600} {
		if d *= time.Second; d >= low && d <= length {
			list = append(list, d)
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}
