package offline

import (
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
)

// Silences compares what the detector said with what the broker heard, and with
// nothing that only the simulator knows: each silence of a device, found or missed,
// and each verdict without one. A silence counts once it lasted for the threshold and
// two sweeps: before that the detector may still be about to look.
func (t Trial) Silences() []reports.Offline {
	w := t.Watch
	w.mu.Lock()
	defer w.mu.Unlock()
	cases := []reports.Offline{}
	for thing, heard := range w.heard {
		cases = append(cases, t.silences(thing, heard, w.said[thing])...)
		cases = append(cases, t.falseAlarms(thing, heard, w.said[thing])...)
	}
	// Stable: one silence may be missed and called too early at one time.
	sort.SliceStable(cases, func(i, j int) bool {
		a, b := cases[i], cases[j]
		if !a.Silent.Equal(b.Silent) {
			return a.Silent.Before(b.Silent)
		}
		return a.Thing < b.Thing
	})
	return cases
}

func (t Trial) silences(thing string, heard []int64, said []statement) []reports.Offline {
	var cases []reports.Offline
	for i, ns := range heard {
		at, until := time.Unix(0, ns), t.End
		if i+1 < len(heard) {
			until = time.Unix(0, heard[i+1])
		}
		if until.Sub(at) < t.Silence {
			continue
		}
		c := reports.Offline{Thing: thing, Silent: at, Verdict: string(outageMissed)}
		due := at.Add(t.Silence)
		for _, s := range said {
			if !s.from.Before(due) && !s.from.After(until.Add(t.Sweep)) {
				c.Found, c.Verdict = s.from, string(outageFound)
				break
			}
		}
		if c.Verdict == string(outageFound) || until.Sub(at) > t.Silence+2*t.Sweep {
			cases = append(cases, c)
		}
	}
	return cases
}

func (t Trial) falseAlarms(thing string, heard []int64, said []statement) []reports.Offline {
	var cases []reports.Offline
	for _, s := range said {
		last := time.Time{}
		for _, ns := range heard {
			if at := time.Unix(0, ns); !at.After(s.from) {
				last = at
			}
		}
		if s.from.Sub(last) < t.Silence {
			cases = append(cases, reports.Offline{Thing: thing, Silent: last, Found: s.from, Verdict: string(falseAlarm)})
		}
	}
	return cases
}
