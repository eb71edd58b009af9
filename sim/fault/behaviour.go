package fault

import (
	"slices"
	"time"
)

// behaviour is what all faults at work on a device make of it together. A value is
// never changed once it is in use.
type behaviour struct {
	skew      time.Duration
	copies    int
	off       bool
	stuck     []string
	drifts    []driftingSensor
	mutations []mutation
}

// sense is what becomes of readings; nil: nothing. A stuck sensor does not drift.
func (b behaviour) sense() func(metric string, at time.Time, value, last float64) float64 {
	if len(b.stuck) == 0 && len(b.drifts) == 0 {
		return nil
	}
	return func(metric string, at time.Time, value, last float64) float64 {
		if slices.Contains(b.stuck, metric) {
			return last
		}
		for _, d := range b.drifts {
			value = d.of(metric, at, value)
		}
		return value
	}
}

// mutator changes a payload, which it owns. Its draws are in [0, 1).
type mutator interface {
	mutate(payload []byte, draw float64) []byte
}

// mutation is a mutator at a rate.
type mutation struct {
	mutator
	id   int
	kind Kind
	rate float64
}

func (m mutation) on(b *behaviour) { b.mutations = append(b.mutations, m) }

// mutates makes the affliction of a kind that changes payloads.
func mutates(of func(Fault) mutator) func(int, Fault, time.Time) affliction {
	return func(id int, f Fault, _ time.Time) affliction { return mutation{of(f), id, f.Kind, f.Rate.OrAll()} }
}

// inOrder is the order of several: what needs JSON comes before what breaks it.
var inOrder = []Kind{OutOfRange, NonNumeric, Oversized, PayloadCorruption, Malformed}

func (b *behaviour) sortMutations() {
	slices.SortStableFunc(b.mutations, func(x, y mutation) int {
		return slices.Index(inOrder, x.kind) - slices.Index(inOrder, y.kind)
	})
}

// mutate is what becomes of payloads; nil: nothing.
func (b behaviour) mutate(seed uint64, thing string) func(seq uint64, payload []byte) []byte {
	if len(b.mutations) == 0 {
		return nil
	}
	return func(seq uint64, payload []byte) []byte {
		for _, m := range b.mutations {
			if drawFor(seed, m.kind, m.id, thing, seq, "rate") < m.rate {
				payload = m.mutate(payload, drawFor(seed, m.kind, m.id, thing, seq, "where"))
			}
		}
		return payload
	}
}
