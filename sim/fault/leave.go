package fault

import (
	"io"
	"time"
)

// close ends the device's side. What waits goes on its way without it, then the
// end. Under a partition nothing of that survives: the broker sees a reset once
// the partition ends.
func (s *shaper) close() { s.leave(false) }

// abort is close with RST: nothing that waits survives.
func (s *shaper) abort() { s.leave(true) }

func (s *shaper) leave(abort bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone()
	switch {
	case s.over: // it was reset
		s.finish()
	case s.dead:
		s.forgetLater()
	default:
		if s.aborted = abort || s.up.now.held || s.err != nil; s.aborted {
			s.up.drop()
		}
		now := time.Now()
		s.up.finish(now, io.EOF)
		if len(s.up.queue) == 1 && !s.writing { // nothing before it
			if data, end := s.up.take(now); data == nil && end != nil {
				s.finish()
			}
		}
		s.armFlush()
	}
}

// vanish ends the device's side without a word to the broker.
func (s *shaper) vanish() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.gone()
	s.dead = true
	s.up.drop()
	s.forgetLater()
}

// gone ends reads, writes and the pump.
func (s *shaper) gone() {
	s.closed = true
	s.stopTimers()
	s.down.drop()
	s.rest = nil
	_ = s.inner.SetReadDeadline(longAgo) // ends the pump; an error means that it is closed
	if s.inline || !s.writing {          // ends the device's own write
		_ = s.inner.SetWriteDeadline(longAgo)
	}
	s.ready.Broadcast()
}

// forgetLater leaves the broker's end alone until everybody has forgotten it.
func (s *shaper) forgetLater() {
	inner := s.inner
	s.over = true
	s.conn.over.Store(true)
	time.AfterFunc(forgotten, func() { _ = inner.Close() })
}

// finish ends the inner connection: the end has arrived.
func (s *shaper) finish() {
	s.over = true
	s.stopTimers()
	if s.aborted {
		reset(s.inner)
	}
	_ = s.inner.Close() // an error means that it is closed
	s.conn.over.Store(true)
}

func (s *shaper) stopTimers() {
	for _, t := range []*time.Timer{s.flushAt, s.wakeAt} {
		if t != nil {
			t.Stop()
		}
	}
}
