package fault

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// shaper carries a connection's bytes under faults, one flow a direction:
//
//	write ──> up ──(timer)──> inner            inner ──(pump)──> down ──> read
//
// Timers write; only the reading takes a goroutine, from the first read on until
// the connection ends.
type shaper struct {
	conn  *conn
	inner net.Conn

	mu       sync.Mutex
	ready    sync.Cond // for the reader and the pump
	up, down flow
	rest     []byte // has arrived, is not read yet
	end      error  // sticky: what the reader gets after rest
	err      error  // the connection has failed
	readBy   time.Time
	writeBy  time.Time
	pumping  bool
	writing  bool // a flush is under way
	inline   bool // by the device's own write
	dead     bool // half open
	closed   bool // by the device
	aborted  bool // the end that is on its way is a reset
	over     bool // the inner connection is closed

	flushAt, wakeAt *time.Timer
}

// flushBound is how long the inner connection may take a write that was delayed.
const flushBound = 30 * time.Second

// maxPumped is when the pump stops reading until the device does, in bytes.
const maxPumped = 1 << 20

func newShaper(c *conn, now *conditions) *shaper {
	s := &shaper{conn: c, inner: c.inner, dead: now.frozen,
		up:   flow{way: up, numbers: c.link.numbers(up), now: now},
		down: flow{way: down, numbers: c.link.numbers(down), now: now}}
	s.ready.L = &s.mu
	return s
}

// change puts both directions under new conditions.
func (s *shaper) change(now *conditions) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := time.Now()
	s.up.change(at, now)
	s.down.change(at, now)
	if now.frozen && !s.dead {
		s.dead = true
		s.up.drop()
		s.down.drop()
		if s.closed { // its end will not arrive any more either
			s.forgetLater()
		}
	}
	s.ready.Broadcast()
	s.armFlush()
}

// write queues; what is not delayed is written at once.
func (s *shaper) write(p []byte) (int, error) {
	s.mu.Lock()
	if err := s.writable(len(p)); err != nil {
		s.mu.Unlock()
		return 0, err
	}
	if s.dead || len(p) == 0 {
		s.mu.Unlock()
		return len(p), nil
	}
	s.up.add(time.Now(), append([]byte(nil), p...))
	s.mu.Unlock()
	if err := s.flush(true); err != nil {
		return 0, err
	}
	return len(p), nil
}

func (s *shaper) writable(bytes int) error {
	switch {
	case s.closed:
		return s.conn.wrap("write", net.ErrClosed)
	case s.err != nil:
		return s.err
	case passed(s.writeBy):
		return s.conn.wrap("write", os.ErrDeadlineExceeded)
	case s.up.size+bytes > backlog:
		s.broke(s.conn.wrap("write", fmt.Errorf("more than %d bytes wait on the faulty link", backlog)))
		return s.err
	}
	return nil
}

// flush writes what is due; one at a time does. Inline, it keeps the device's
// deadline and ends with its Close.
func (s *shaper) flush(inline bool) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.writing {
		return nil
	}
	s.writing, s.inline = true, inline
	defer func() { s.writing = false; s.armFlush() }()
	for !s.over && !s.dead {
		data, end := s.up.take(time.Now())
		switch {
		case errors.Is(end, errGaveUp):
			s.giveUp("write")
		case len(data) > 0:
			by := s.writeBy
			if !inline {
				by = time.Now().Add(flushBound)
			}
			_ = s.inner.SetWriteDeadline(by) // an error comes back from Write
			s.mu.Unlock()
			_, err := s.inner.Write(data)
			s.mu.Lock()
			if err != nil {
				return s.writeFailed(err)
			}
		case end != nil:
			s.finish()
		default:
			return s.err
		}
	}
	return s.err
}

// writeFailed: the broker's end is gone.
func (s *shaper) writeFailed(err error) error {
	s.up.drop()
	if s.closed {
		s.finish()
		return nil
	}
	if s.err == nil {
		s.broke(err)
	}
	return s.err
}

// armFlush lets a timer flush when the next bytes are due.
func (s *shaper) armFlush() {
	at := s.up.next()
	if at.IsZero() || s.writing || s.over || s.dead {
		return
	}
	if s.flushAt == nil {
		s.flushAt = time.AfterFunc(time.Until(at), func() { _ = s.flush(false) })
		return
	}
	s.flushAt.Reset(time.Until(at))
}

// read waits for what has arrived.
func (s *shaper) read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.startPump()
	for {
		switch {
		case s.closed:
			return 0, s.conn.wrap("read", net.ErrClosed)
		case s.err != nil:
			return 0, s.err
		case passed(s.readBy):
			return 0, s.conn.wrap("read", os.ErrDeadlineExceeded)
		case len(p) == 0:
			return 0, nil
		case len(s.rest) > 0:
			n := copy(p, s.rest)
			s.rest = s.rest[n:]
			s.ready.Broadcast() // the pump may have waited for room
			return n, nil
		case s.end != nil:
			return 0, s.end
		}
		data, end := s.down.take(time.Now())
		switch {
		case errors.Is(end, errGaveUp):
			s.giveUp("read")
		case len(data) > 0:
			s.rest = data
		case end != nil:
			s.end = end
		default:
			s.wait()
		}
	}
}

// wait waits for a change, the next bytes, or the reader's deadline.
func (s *shaper) wait() {
	at := s.down.next()
	if at.IsZero() || !s.readBy.IsZero() && s.readBy.Before(at) {
		at = s.readBy
	}
	switch {
	case s.wakeAt != nil && at.IsZero():
		s.wakeAt.Stop()
	case s.wakeAt != nil:
		s.wakeAt.Reset(time.Until(at))
	case !at.IsZero():
		s.wakeAt = time.AfterFunc(time.Until(at), s.wake)
	}
	s.ready.Wait()
}

func (s *shaper) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.ready.Broadcast()
}

// adopt takes what a read of the inner connection had got when the shaper came.
func (s *shaper) adopt(data []byte, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.arrived(append([]byte(nil), data...), err)
}

// arrived puts what the inner connection has given on its way to the reader. On a
// dead connection it is gone, an end too.
func (s *shaper) arrived(data []byte, err error) {
	if s.dead || s.closed {
		return
	}
	if len(data) > 0 {
		s.down.add(time.Now(), data)
	}
	if err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		s.down.finish(time.Now(), err)
	}
	s.ready.Broadcast()
}

// startPump begins to read the inner connection.
func (s *shaper) startPump() {
	if s.pumping || s.closed || s.err != nil {
		return
	}
	s.pumping = true
	_ = s.inner.SetReadDeadline(time.Time{})
	go s.pump()
}

func (s *shaper) pump() {
	buf := make([]byte, 4096)
	for {
		n, err := s.inner.Read(buf)
		s.mu.Lock()
		s.arrived(append([]byte(nil), buf[:n]...), err)
		for s.down.size+len(s.rest) >= maxPumped && !s.closed && s.err == nil {
			s.ready.Wait()
		}
		stop := s.closed || s.err != nil
		s.mu.Unlock()
		if err != nil || stop {
			return
		}
	}
}

// setDeadlines sets both.
func (s *shaper) setDeadlines(readBy, writeBy time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readBy, s.writeBy = readBy, writeBy
	if s.writing && s.inline {
		_ = s.inner.SetWriteDeadline(writeBy)
	}
	s.ready.Broadcast()
}

// fail breaks the connection for the device at once.
func (s *shaper) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.over = true
	s.broke(err)
}

// giveUp ends the connection at both ends, as TCP does when nothing is acknowledged.
func (s *shaper) giveUp(op string) {
	s.broke(s.conn.wrap(op, os.NewSyscallError(op, syscall.ETIMEDOUT)))
	s.aborted = true
	s.finish()
}

// broke keeps the first reason, and lets nothing more go.
func (s *shaper) broke(err error) {
	if s.err == nil {
		s.err = err
	}
	s.up.drop()
	s.down.drop()
	s.rest = nil
	s.stopTimers()
	s.ready.Broadcast()
}

func passed(deadline time.Time) bool { return !deadline.IsZero() && !time.Now().Before(deadline) }
