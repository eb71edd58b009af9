package scenarios

import (
	"sort"
	"sync"
	"time"
)

// offlineWatch holds what the simulator knows of each device's silence against
// what the offline detector said.
type offlineWatch struct {
	mu    sync.Mutex
	heard map[string][]int64 // instants (Unix ns) at which the broker had a sign of life
	found map[string][]verdictSpan
}

type verdictSpan struct{ from, to time.Time } // to is zero while it lasts

func newOfflineWatch() *offlineWatch {
	return &offlineWatch{heard: map[string][]int64{}, found: map[string][]verdictSpan{}}
}

// hear enters a sign of life that the cloud had of a thing.
func (o *offlineWatch) hear(thing string, at time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.heard[thing] = append(o.heard[thing], at.UnixNano())
}

// observe enters which things the device API's store lists as offline now.
func (o *offlineWatch) observe(offline map[string]time.Time, at time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for thing, since := range offline {
		spans := o.found[thing]
		if n := len(spans); n == 0 || !spans[n-1].to.IsZero() {
			o.found[thing] = append(spans, verdictSpan{from: since})
		}
	}
	for thing, spans := range o.found {
		last := &spans[len(spans)-1]
		if _, still := offline[thing]; !still && last.to.IsZero() {
			last.to = at
		}
	}
}

// OfflineCase is one silence of a device, or one verdict of the detector
// without a silence.
type OfflineCase struct {
	Thing string
	// Silent is when the cloud last heard of the device.
	Silent time.Time
	// Due is when the detector should have said so; Found is when it did.
	Due, Found time.Time
	// Verdict is found, missed or false.
	Verdict OfflineVerdict
}

// OfflineVerdict judges the detector on one case.
type OfflineVerdict string

// The verdicts.
const (
	OfflineFound  OfflineVerdict = "found"
	OfflineMissed OfflineVerdict = "missed"
	OfflineFalse  OfflineVerdict = "false"
)

// cases compares truth with verdicts up to the end of observation. A silence
// counts once it lasted silence plus two sweeps: before that the detector may
// still be about to look.
func (o *offlineWatch) cases(silence, sweep time.Duration, end time.Time) []OfflineCase {
	o.mu.Lock()
	defer o.mu.Unlock()
	var cases []OfflineCase
	for thing, heard := range o.heard {
		cases = append(cases, silences(thing, heard, o.found[thing], silence, sweep, end)...)
		cases = append(cases, falseVerdicts(thing, heard, o.found[thing], silence)...)
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

func silences(thing string, heard []int64, found []verdictSpan, silence, sweep time.Duration, end time.Time) []OfflineCase {
	var cases []OfflineCase
	for i, ns := range heard {
		at, until := time.Unix(0, ns), end
		if i+1 < len(heard) {
			until = time.Unix(0, heard[i+1])
		}
		if until.Sub(at) < silence {
			continue
		}
		c := OfflineCase{Thing: thing, Silent: at, Due: at.Add(silence), Verdict: OfflineMissed}
		for _, span := range found {
			if !span.from.Before(at) && !span.from.After(until.Add(sweep)) && !span.from.Before(c.Due) {
				c.Found, c.Verdict = span.from, OfflineFound
				break
			}
		}
		if c.Verdict == OfflineFound || until.Sub(at) > silence+2*sweep {
			cases = append(cases, c)
		}
	}
	return cases
}

func falseVerdicts(thing string, heard []int64, found []verdictSpan, silence time.Duration) []OfflineCase {
	var cases []OfflineCase
	for _, span := range found {
		last := time.Time{}
		for _, ns := range heard {
			if at := time.Unix(0, ns); !at.After(span.from) {
				last = at
			}
		}
		if span.from.Sub(last) < silence {
			cases = append(cases, OfflineCase{Thing: thing, Silent: last, Due: last.Add(silence), Found: span.from, Verdict: OfflineFalse})
		}
	}
	return cases
}
