package scenarios

import (
	"context"
	"errors"
	"fmt"
	"sort"
	"sync/atomic"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios/fault"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/readback"
)

// Drain waits until nothing is on its way through the pipeline, at most so
// long. That it did not come to rest is a fact for the audit, not an error.
func (w *World) Drain(ctx context.Context, bound time.Duration) error {
	if w.attached != nil {
		return w.settle(ctx, min(bound, settleTime))
	}
	deadline := time.Now().Add(bound)
	step := 20 * time.Millisecond
	quiet := 0
	for {
		if w.Cloud.Idle() {
			quiet++
		} else {
			quiet = 0
		}
		// Twice in a row: what one part has just handed to the next is seen.
		if quiet == 2 {
			w.found.Drained = true
			return nil
		}
		if !time.Now().Before(deadline) {
			w.found.Drained = false
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(step):
		}
		// A pipeline that retries for hours is not looked at fifty times a second.
		step = min(step*2, time.Second)
		if quiet > 0 {
			step = 20 * time.Millisecond
		}
	}
}

// settle gives an attached cloud time. Nobody tells whether it was enough: what is
// missing then is in flight, not lost.
func (w *World) settle(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

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

// errNoFleet says that a world has nothing to run.
var errNoFleet = errors.New("the plan has no devices")
