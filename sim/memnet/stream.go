package memnet

import (
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// errOverflow is what a writer gets whose peer does not read.
var errOverflow = errors.New("unread bytes exceed the limit")

// keep is the largest buffer that an empty stream holds on to, in bytes: a
// handshake's is not kept, as there may be very many connections.
const keep = 512

// stream is one direction of a connection.
//
//	writer ── write ──> buf[off:] ── read ──> reader
//	       finish: EOF after buf       abandon: EPIPE for the writer, an instant later
//	                  fail: both ends fail at once
type stream struct {
	limit   int
	readers *readers

	mu       sync.Mutex
	ready    sync.Cond
	reader   func() // waits to be called
	buf      []byte
	off      int
	finished bool      // the writer has closed
	gone     bool      // the reader has closed
	goneAt   time.Time // and when
	err      error     // the connection was reset
	readBy   time.Time // the reader's deadline
	writeBy  time.Time
	timer    *time.Timer // tells the reader at readBy
}

func newStream(limit int, r *readers) *stream {
	s := &stream{limit: limit, readers: r}
	s.ready.L = &s.mu
	return s
}

func passed(deadline time.Time) bool {
	return !deadline.IsZero() && !time.Now().Before(deadline)
}

// read blocks until there is something to tell.
func (s *stream) read(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for {
		switch {
		case s.gone:
			return 0, net.ErrClosed
		case s.err != nil:
			return 0, s.err
		case passed(s.readBy):
			return 0, os.ErrDeadlineExceeded
		case len(p) == 0:
			return 0, nil
		case s.off < len(s.buf):
			return s.take(p), nil
		case s.finished:
			return 0, io.EOF
		}
		s.ready.Wait()
	}
}

func (s *stream) take(p []byte) int {
	n := copy(p, s.buf[s.off:])
	s.off += n
	if s.off == len(s.buf) {
		s.off = 0
		if cap(s.buf) > keep {
			s.buf = nil
		}
		s.buf = s.buf[:0]
	}
	return n
}

// write never blocks. An error of errOverflow means that the caller has to fail
// the whole connection.
func (s *stream) write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.finished:
		return 0, net.ErrClosed
	case s.err != nil:
		return 0, s.err
	case passed(s.writeBy):
		return 0, os.ErrDeadlineExceeded
	case s.gone && time.Now().After(s.goneAt):
		return 0, os.NewSyscallError("write", syscall.EPIPE)
	case s.gone:
		// TCP does not know it yet either. In virtual time, how many writes of one
		// instant meet the close of that instant would be up to the scheduler.
		return len(p), nil
	case len(s.buf)-s.off+len(p) > s.limit:
		return 0, errOverflow
	}
	if s.off > 0 && len(s.buf)+len(p) > cap(s.buf) {
		s.buf = s.buf[:copy(s.buf, s.buf[s.off:])]
		s.off = 0
	}
	s.buf = append(s.buf, p...)
	s.tell()
	return len(p), nil
}

// finish is the writer's close; it reports whether it was open.
func (s *stream) finish() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	open := !s.finished
	s.finished = true
	s.tell()
	return open
}

// abandon is the reader's close.
func (s *stream) abandon() {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.gone {
		s.gone, s.goneAt = true, time.Now()
	}
	s.buf, s.off = nil, 0
	if s.timer != nil {
		s.timer.Stop()
	}
	s.tell()
}

// fail resets the stream for both ends; what was not read is gone.
func (s *stream) fail(err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil {
		s.err = err
	}
	s.buf, s.off = nil, 0
	if s.timer != nil {
		s.timer.Stop()
	}
	s.tell()
}

func (s *stream) setReadDeadline(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.readBy = t
	s.tell()
	if s.timer != nil {
		s.timer.Stop()
	}
	if t.IsZero() || s.gone || s.err != nil {
		return
	}
	if s.timer == nil {
		s.timer = time.AfterFunc(time.Until(t), s.wake)
		return
	}
	s.timer.Reset(time.Until(t))
}

func (s *stream) wake() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tell()
}

func (s *stream) setWriteDeadline(t time.Time) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.writeBy = t
}
