package s3

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/rclone/gofakes3"
)

const (
	// maxEvents bounds the events that wait for delivery.
	maxEvents = 100_000
	// retries of a delivery that its target refused; the first is after retryAfter,
	// each later one after twice the time.
	retries    = 3
	retryAfter = time.Second
)

// pending is an event on its way to a target.
type pending struct {
	to       notification
	what     change
	at       time.Time
	sequence uint64
	attempts int
	due      time.Time // of the next attempt
}

// outbox holds the events, in order. Run empties it.
type outbox struct {
	mu       sync.Mutex
	waiting  []pending
	later    []pending // refused before; the next due first
	busy     bool
	sequence uint64 // of changes that were told
	wake     chan struct{}
}

// room refuses a change in a bucket whose events are not delivered as fast.
func (o *outbox) room(b *bucket) error {
	if b.notify == nil {
		return nil
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	if len(o.waiting)+len(o.later) >= maxEvents {
		return gofakes3.ErrorMessage("SlowDown", "Please reduce your request rate: event notifications are waiting")
	}
	return nil
}

// take is what is to be delivered now, and when the next is due; never is the zero time.
func (o *outbox) take(now time.Time) (batch []pending, next time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	due := 0
	for due < len(o.later) && !o.later[due].due.After(now) {
		due++
	}
	batch = slices.Concat(o.later[:due], o.waiting)
	o.later, o.waiting = slices.Delete(o.later, 0, due), nil
	if o.busy = len(batch) > 0; len(o.later) > 0 {
		next = o.later[0].due
	}
	return batch, next
}

// again keeps a refused event for another attempt, if it has one.
func (o *outbox) again(p pending, now time.Time) bool {
	if p.attempts == retries {
		return false
	}
	p.due = now.Add(retryAfter << p.attempts)
	p.attempts++
	o.mu.Lock()
	defer o.mu.Unlock()
	at, _ := slices.BinarySearchFunc(o.later, p.due.Add(1), func(q pending, due time.Time) int { return q.due.Compare(due) })
	o.later = slices.Insert(o.later, at, p)
	return true
}

// Idle tells that no event is on its way.
func (s *State) Idle() bool {
	s.events.mu.Lock()
	defer s.events.mu.Unlock()
	return !s.events.busy && len(s.events.waiting)+len(s.events.later) == 0
}

// Run delivers events, one after the other, until ctx ends. One that is refused is tried
// again, behind those that came meanwhile.
func (s *State) Run(ctx context.Context) error {
	for {
		batch, next := s.events.take(time.Now())
		for _, p := range batch {
			if ctx.Err() != nil {
				return nil
			}
			if err := s.deliver(ctx, p); err != nil && !s.events.again(p, time.Now()) {
				s.config.Log.Warn("undelivered", "bucket", p.what.bucket, "key", p.what.key, "event", p.what.event, "to", p.to.arn(), "attempts", 1+retries, "error", err)
			}
		}
		if len(batch) > 0 {
			continue
		}
		var due <-chan time.Time
		if !next.IsZero() {
			due = time.After(time.Until(next))
		}
		select {
		case <-s.events.wake:
		case <-due:
		case <-ctx.Done():
			return nil
		}
	}
}
