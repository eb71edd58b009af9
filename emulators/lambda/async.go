package lambda

import (
	"bytes"
	"context"
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/pause"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// asyncEvent is one accepted asynchronous invocation.
type asyncEvent struct {
	id        string
	qualifier string
	payload   []byte
	accepted  time.Time
	due       time.Time
	attempts  int // finished invocations
	throttle  int // refused invocations since the last one
	last      Result
	version   string // that ran last
}

// lane is the asynchronous queue of one function.
type lane struct {
	function string
	items    []*asyncEvent
	started  bool
	wake     chan struct{}
}

// InvokeAsync queues an invocation; Run performs it. The payload is copied.
// Errors are those of InvokeSync with a limit of 1 MiB, and
// TooManyRequestsException when the queue is full.
func (s *State) InvokeAsync(ctx context.Context, function string, payload []byte) error {
	_, err := s.enqueue(ctx, function, payload)
	return err
}

// enqueue is InvokeAsync; it answers the request id.
func (s *State) enqueue(ctx context.Context, function string, payload []byte) (string, error) {
	c, err := s.prepare(ctx, function, payload, maxAsyncPayload)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queued >= s.config.QueueLimit {
		return "", wire.Errorf(codeThrottle, 429, "the asynchronous queue holds %d events", s.queued)
	}
	now := time.Now()
	s.queued++
	s.push(c.name, &asyncEvent{id: c.id, qualifier: c.qualifier, payload: bytes.Clone(c.payload), accepted: now, due: now})
	return c.id, nil
}

// push adds an event to its lane. The caller holds mu and has counted it.
func (s *State) push(function string, e *asyncEvent) {
	l := s.lanes[function]
	if l == nil {
		l = &lane{function: function, wake: make(chan struct{}, 1)}
		s.lanes[function] = l
	}
	l.items = append(l.items, e)
	if !l.started {
		s.notify()
	}
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

// runLane invokes the events of one function, one after the other, until ctx
// ends. What is queued then stays queued.
func (s *State) runLane(ctx context.Context, l *lane) {
	for ctx.Err() == nil {
		if !s.awaitDue(ctx, l) || !pause.For(ctx, settle(l.function, "async")) {
			return
		}
		select {
		case s.slots <- struct{}{}:
		case <-ctx.Done():
			return
		}
		for _, e := range s.takeDue(l) {
			if ctx.Err() != nil {
				s.putBack(l, e)
				continue
			}
			s.attempt(ctx, l, e)
		}
		<-s.slots
	}
}

// awaitDue blocks until an event of the lane is due.
func (s *State) awaitDue(ctx context.Context, l *lane) bool {
	for {
		wait, any := s.nextDue(l)
		if any && wait <= 0 {
			return true
		}
		var due <-chan time.Time
		if any {
			timer := time.NewTimer(wait)
			due = timer.C
			defer timer.Stop()
		}
		select {
		case <-due:
		case <-l.wake:
		case <-ctx.Done():
			return false
		}
	}
}

func (s *State) nextDue(l *lane) (time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(l.items) == 0 {
		return 0, false
	}
	first := l.items[0].due
	for _, e := range l.items {
		if e.due.Before(first) {
			first = e.due
		}
	}
	return time.Until(first), true
}

// takeDue removes what is due, ordered by due time and payload.
func (s *State) takeDue(l *lane) []*asyncEvent {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	var due, rest []*asyncEvent
	for _, e := range l.items {
		if e.due.After(now) {
			rest = append(rest, e)
		} else {
			due = append(due, e)
		}
	}
	l.items = rest
	sort.SliceStable(due, func(i, j int) bool {
		if !due[i].due.Equal(due[j].due) {
			return due[i].due.Before(due[j].due)
		}
		return bytes.Compare(due[i].payload, due[j].payload) < 0
	})
	return due
}

func (s *State) putBack(l *lane, e *asyncEvent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.items = append(l.items, e)
}

// forget ends an event.
func (s *State) forget() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queued--
}
