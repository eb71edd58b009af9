package scenarios

import (
	"context"
	"fmt"
	"sort"
	"sync/atomic"

	"github.com/shakedown-iot/shakedown/scenarios/fault"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/readback"
)

// ReadBack reads what is stored. Alerts and dead letters found by an earlier
// call are kept: reading a queue empties it.
func (w *World) ReadBack(ctx context.Context) (ledger.Evidence, error) {
	w.Ledger.BeginReadBack()
	ev, err := readback.Read(fault.Exempt(ctx), w.AWS, w.Stores, w.inventory())
	if ev.Alerts != nil || err == nil {
		// Not nil: an empty queue is evidence.
		ev.Alerts = append(append([]ledger.SentAlert{}, w.found.Alerts...), ev.Alerts...)
	}
	ev.DeadLetters = append(w.found.DeadLetters, ev.DeadLetters...)
	ev.Drained = w.found.Drained
	w.found = ev
	return ev, err
}

// inventory is the ledger, and counts.
func (w *World) inventory() readback.Inventory {
	if w.options.Beat == nil {
		return w.Ledger
	}
	return counted{w.Ledger, w.options.Beat}
}

type counted struct {
	readback.Inventory
	found *atomic.Int64
}

// FoundObject implements readback.Inventory.
func (c counted) FoundObject(o ledger.Object) {
	c.found.Add(1)
	c.Inventory.FoundObject(o)
}

// FoundRow implements readback.Inventory.
func (c counted) FoundRow(r ledger.Row) {
	c.found.Add(1)
	c.Inventory.FoundRow(r)
}

// Audit gives every message its fates by what ReadBack found, and keeps what the
// stores hold beyond the messages.
func (w *World) Audit() []ledger.Finding {
	w.extra = append(w.Ledger.Audit(w.found, ledger.SourceThresholds()), w.Ledger.WentBack()...)
	sort.Slice(w.extra, func(i, j int) bool { return w.extra[i].Text < w.extra[j].Text })
	return w.extra
}

// Hash is the run hash after an Audit: it covers faults and fates, sorted by
// entity, and no request ids, sequence numbers or bytes of TLS.
func (w *World) Hash() string {
	h := &w.facts
	for _, m := range w.Ledger.Messages() {
		for _, s := range ledger.Sinks() {
			v := m.Fate(s)
			h.Add(m.ID.Thing, fmt.Sprintf("%d %x %s %s", m.ID.Seq, m.Sum, s, v.Fate))
		}
	}
	for _, f := range w.extra {
		h.Add("findings", f.Text)
	}
	return h.Sum()
}
