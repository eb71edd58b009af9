package device

import (
	"errors"
	"fmt"
	"time"
)

// ErrOverflow is why a message is Dropped for which the queue has no room: the
// oldest that was never sent.
var ErrOverflow = errors.New("messages wait already")

// maxCatchUp bounds the readings that are made up for at once. They are late
// because the simulator is, or because the machine was suspended.
const maxCatchUp = 100

// sampleDue takes every reading that is due. The schedule is an open one: it waits
// for nothing, neither for the broker nor for the simulator itself, and each reading
// has the instant that it was due at, however late it is taken.
func (r *runner) sampleDue(now time.Time) {
	skipped := 0
	for n := 0; !r.sampleAt.IsZero() && !r.sampleAt.After(now); n++ {
		at := r.sampleAt
		r.sampleAt = r.nextSample(at)
		switch {
		case r.config.Read == nil && n < maxCatchUp:
			r.sample(at, now)
		case r.config.Read != nil && r.sampleAt.After(now):
			r.sample(now, now) // a real sensor cannot be read in the past
		default:
			skipped++
		}
	}
	if skipped > 0 {
		r.emit(Event{At: now, Kind: Skipped, Topic: r.topics.telemetry, Count: skipped})
	}
}

// nextSample is when the reading after the one at this time is due.
func (r *runner) nextSample(at time.Time) time.Time {
	if r.config.Next != nil {
		if next := r.config.Next(at, r.interval); next.After(at) {
			return next
		}
	}
	return at.Add(r.interval)
}

// sample takes the reading that was due at an instant.
func (r *runner) sample(at, now time.Time) {
	o := r.present()
	if err := r.sense(at, o.sense); err != nil {
		r.unread(err)
		return
	}
	r.seq++
	m := &message{topic: r.topics.telemetry, seq: r.seq}
	m.payload = reading(r.config.Thing, r.seq, at.Add(r.config.Skew+o.skew), r.config.Signals, r.last)
	for _, mutate := range []func(uint64, []byte) []byte{r.config.Mutate, o.mutate} {
		if mutate != nil {
			m.payload = mutate(m.seq, m.payload)
		}
	}
	r.emit(Event{At: at, Kind: Sampled, Topic: m.topic, Seq: m.seq, QoS: 1, Payload: m.payload, Late: now.Sub(at)})
	r.queue(m)
	for range o.copies {
		r.out.addCopy(m)
	}
}

func (r *runner) queue(m *message) {
	if dropped := r.out.add(m); dropped != nil {
		r.emitMessage(Dropped, dropped, time.Time{}, fmt.Errorf("%d %w", r.config.QueueLimit, ErrOverflow))
	}
}
