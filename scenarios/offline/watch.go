package offline

import (
	"slices"
	"strings"
	"sync"
	"time"
)

// Watch is what a cloud was seen to do about silence: which signs of life it had,
// when the detector looked, and what it said. The zero Watch has seen nothing. It
// may be used by several goroutines.
type Watch struct {
	mu     sync.Mutex
	heard  map[string][]int64 // instants (Unix ns) at which the broker had a sign of life
	known  map[string][]sign  // those that reached the device table
	sweeps []int64
	said   map[string][]statement
}

// sign is a sign of life of a device: when the cloud had it, and from when on
// the device table had it, so that the detector could know. Both are Unix ns.
type sign struct{ at, known int64 }

// statement is a stretch in which the store lists a thing as offline; to is zero
// while it lasts.
type statement struct{ from, to time.Time }

// Hear enters a sign of life that the broker had of a thing.
func (w *Watch) Hear(thing string, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.heard == nil {
		w.heard = map[string][]int64{}
	}
	w.heard[thing] = append(w.heard[thing], at.UnixNano())
}

// Know enters that the device table has a thing's last sign of life from an instant
// on. The name is copied: a part of a call's body would keep all of it.
func (w *Watch) Know(thing string, seen, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.known == nil {
		w.known = map[string][]sign{}
	}
	if w.known[thing] == nil {
		thing = strings.Clone(thing)
	}
	w.known[thing] = append(w.known[thing], sign{seen.UnixNano(), at.UnixNano()})
}

// Sweep enters that the detector has looked.
func (w *Watch) Sweep(at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sweeps = append(w.sweeps, at.UnixNano())
}

// Observe enters which things the device API's store lists as offline now, and
// since when.
func (w *Watch) Observe(offline map[string]time.Time, at time.Time) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.said == nil {
		w.said = map[string][]statement{}
	}
	for thing, since := range offline {
		list := w.said[thing]
		if n := len(list); n == 0 || !list[n-1].to.IsZero() {
			w.said[thing] = append(list, statement{from: since})
		}
	}
	for thing, list := range w.said {
		last := &list[len(list)-1]
		if _, still := offline[thing]; !still && last.to.IsZero() {
			last.to = at
		}
	}
}

// tabled tells whether any sign of life reached the table: the published pipeline
// keeps no status.
func (w *Watch) tabled() bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.known) > 0
}

// knownOf are a thing's signs that reached the table, by the instant they were
// known at.
func (w *Watch) knownOf(thing string) []sign {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := slices.Clone(w.known[thing])
	slices.SortStableFunc(list, func(a, b sign) int { return int(min(max(a.known-b.known, -1), 1)) })
	return list
}

// heardOf are those that reached the broker.
func (w *Watch) heardOf(thing string) []sign {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []sign
	for _, at := range w.heard[thing] {
		list = append(list, sign{at, at})
	}
	return list
}

// sweepsOf are the instants of sweeps in order; a pipeline without a detector is
// given one that sweeps every so often.
func (w *Watch) sweepsOf(from, end time.Time, every time.Duration) []int64 {
	w.mu.Lock()
	defer w.mu.Unlock()
	list := slices.Clone(w.sweeps)
	slices.Sort(list)
	if len(list) > 0 {
		return list
	}
	for at := from.Add(every); every > 0 && !at.After(end); at = at.Add(every) {
		list = append(list, at.UnixNano())
	}
	return list
}

// verdictsOn are the detector's on a thing, as the store showed them.
func (w *Watch) verdictsOn(thing string, end time.Time) []verdict {
	w.mu.Lock()
	defer w.mu.Unlock()
	var list []verdict
	for _, s := range w.said[thing] {
		v := verdict{s.from.UnixNano(), end.UnixNano()}
		if !s.to.IsZero() {
			v.to = s.to.UnixNano()
		}
		list = append(list, v)
	}
	return list
}
