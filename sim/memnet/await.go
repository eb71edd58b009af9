package memnet

import "net"

// Readable tells whether Read would return at once.
func (c *conn) Readable() bool { return c.in.readable() }

// WaitRead waits until Read would return at once.
func (c *conn) WaitRead() { c.in.waitRead() }

// WhenReadable calls f once, when Read would return at once, by a goroutine that
// nobody waits for. Nobody else reads or waits meanwhile.
func (c *conn) WhenReadable(f func()) { c.in.whenReadable(f) }

func (s *stream) readable() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.tells()
}

// tells is whether there is something to tell a reader; the caller holds mu.
func (s *stream) tells() bool {
	return s.gone || s.err != nil || s.off < len(s.buf) || s.finished || passed(s.readBy)
}

func (s *stream) waitRead() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for !s.tells() {
		s.ready.Wait()
	}
}

func (s *stream) whenReadable(f func()) {
	s.readers.expect()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.reader = f
	s.tell()
}

// tell wakes or calls a reader when there is something to tell; the caller holds mu.
func (s *stream) tell() {
	s.ready.Broadcast()
	if s.reader != nil && s.tells() {
		s.readers.call(s.reader)
		s.reader = nil
	}
}

// waiter is a connection that can be waited for without reading from it.
type waiter interface {
	net.Conn
	Readable() bool
	WaitRead()
	WhenReadable(f func())
}

// Patient is a connection for under TLS, whose reader can wait outside of TLS. A
// goroutine that waits inside has twice the stack, and there may be very many.
type Patient struct {
	waiter
	trying bool // the reader's
}

// NewPatient wraps a connection of this package, or one around it that has its
// methods Readable, WaitRead and WhenReadable. Any other is returned as it is.
func NewPatient(c net.Conn) net.Conn {
	if w, ok := c.(waiter); ok {
		return &Patient{waiter: w}
	}
	return c
}

// errNothing says that there is nothing to read now. TLS goes on after an error
// that is temporary.
type errNothing struct{}

func (errNothing) Error() string   { return "nothing to read" }
func (errNothing) Timeout() bool   { return true }
func (errNothing) Temporary() bool { return true }

// NetConn is the connection inside.
func (p *Patient) NetConn() net.Conn { return p.waiter }

// Read implements net.Conn.
func (p *Patient) Read(b []byte) (int, error) {
	if p.trying && !p.Readable() {
		return 0, errNothing{}
	}
	return p.waiter.Read(b)
}

// Try calls try, which reads through whatever is around this connection. It reports
// false, with no error, when there is nothing to read: WaitRead waits until there is,
// WhenReadable calls then.
func (p *Patient) Try(try func() error) (ready bool, err error) {
	p.trying = true
	err = try()
	p.trying = false
	if _, nothing := err.(errNothing); nothing {
		return false, nil
	}
	return err == nil, err
}
