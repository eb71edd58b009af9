package lambda

import (
	"bytes"
	"context"
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
	place     int    // in the order of its lane
	refusal   error  // why it could not be invoked, last
	chain     int    // destinations that led to it
}

// InvokeAsync queues an invocation; Run performs it. The payload is copied.
// Errors are those of InvokeSync with a limit of 1 MiB, and
// TooManyRequestsException when the queue is full.
func (s *State) InvokeAsync(ctx context.Context, function string, payload []byte) error {
	_, err := s.enqueue(ctx, function, payload)
	return err
}

// maxChain is how many invocations one event causes in a row by destinations that are
// functions. AWS stops a loop after about 16, loops through other services too.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
const maxChain = 16

// enqueueBehind is enqueue of an event that so many destinations have led to.
func (s *State) enqueueBehind(ctx context.Context, function string, payload []byte, chain int) error {
	if chain >= maxChain {
		return wire.Errorf("RecursiveInvocationException", 400, "Lambda has detected your function being invoked in a recursive loop with other Lambda functions or AWS resources, and stopped it after %d invocations", maxChain)
	}
	_, err := s.enqueueChained(ctx, function, payload, chain)
	return err
}

// enqueue is InvokeAsync; it answers the request id.
func (s *State) enqueue(ctx context.Context, function string, payload []byte) (string, error) {
	return s.enqueueChained(ctx, function, payload, 0)
}

func (s *State) enqueueChained(ctx context.Context, function string, payload []byte, chain int) (string, error) {
	c, err := s.prepare(ctx, function, payload, maxAsyncPayload)
	if err != nil {
		return "", err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.queued >= s.config.QueueLimit || s.queuedBytes+len(c.payload) > s.config.QueueBytes {
		return "", wire.Errorf(codeThrottle, 429, "the asynchronous queue holds %d events of %d bytes", s.queued, s.queuedBytes)
	}
	now := time.Now()
	s.queued++
	s.queuedBytes += len(c.payload)
	s.push(c.name, &asyncEvent{id: c.id, qualifier: c.qualifier, payload: bytes.Clone(c.payload), accepted: now, due: now, chain: chain})
	return c.id, nil
}

// push adds an event to its lane. The caller holds mu and has counted it.
func (s *State) push(function string, e *asyncEvent) {
	l := s.lanes[function]
	if l == nil {
		l = &lane{function: function, wake: make(chan struct{}, 1)}
		s.lanes[function] = l
	}
	l.add(e)
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
	if len(l.waiting) == 0 {
		return 0, false
	}
	return time.Until(l.waiting[0].due), true
}

// takeDue removes what is due, ordered by due time and payload.
func (s *State) takeDue(l *lane) []*asyncEvent {
	s.mu.Lock()
	defer s.mu.Unlock()
	return l.due(time.Now())
}

func (s *State) putBack(l *lane, e *asyncEvent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	l.add(e)
}

// forget ends an event.
func (s *State) forget(e *asyncEvent) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.queued--
	s.queuedBytes -= len(e.payload)
}
