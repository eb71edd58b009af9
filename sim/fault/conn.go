package fault

import (
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
)

// conn is a connection through a link. As long as no fault has acted on it, reads
// and writes go straight to the inner connection; from the first fault that shapes
// bytes on they go through a shaper. It expects one reader and one writer at a
// time, as TLS and MQTT are.
type conn struct {
	inner  net.Conn
	link   *Link
	shaper atomic.Pointer[shaper]
	broken atomic.Bool // it was reset
	over   atomic.Bool // the link may forget it

	mu      sync.Mutex // orders deadlines, Close and the coming of the shaper
	readBy  time.Time
	writeBy time.Time
	closed  bool
}

// longAgo is a deadline that has passed.
var longAgo = time.Unix(1, 0)

// Read implements net.Conn.
func (c *conn) Read(p []byte) (int, error) {
	if s := c.shaper.Load(); s != nil {
		return s.read(p)
	}
	n, err := c.inner.Read(p)
	if s := c.shaper.Load(); s != nil { // it came meanwhile, and has interrupted the read
		s.adopt(p[:n], err)
		return s.read(p)
	}
	if err != nil && c.broken.Load() {
		err = errReset("read")
	}
	return n, err
}

// Write implements net.Conn; on a shaped connection it does not wait for the delay.
func (c *conn) Write(p []byte) (int, error) {
	if s := c.shaper.Load(); s != nil {
		return s.write(p)
	}
	n, err := c.inner.Write(p)
	if err != nil && c.broken.Load() {
		err = errReset("write")
	}
	return n, err
}

// Close implements net.Conn. What was written still arrives, and then the end,
// unless the link is partitioned (the broker then sees a reset once it heals) or
// the connection is half open (it sees nothing).
func (c *conn) Close() error {
	return c.leave(c.inner.Close, (*shaper).close)
}

// Reset ends the connection from the device's side with RST instead of FIN.
func (c *conn) Reset() error {
	return c.leave(func() error { reset(c.inner); return nil }, (*shaper).abort)
}

// Vanish ends it as a power loss does: nothing that waits arrives, and the broker
// is not told.
func (c *conn) Vanish() error {
	now := c.link.current() // the link's lock comes before c's
	c.mu.Lock()
	c.shape(now)
	c.mu.Unlock()
	return c.leave(nil, (*shaper).vanish)
}

// leave ends the connection once, with or without a shaper.
func (c *conn) leave(direct func() error, shaped func(*shaper)) error {
	c.mu.Lock()
	s, again := c.shaper.Load(), c.closed
	c.closed = true
	c.mu.Unlock()
	switch {
	case again:
		return c.wrap("close", net.ErrClosed)
	case s != nil:
		shaped(s)
		return nil
	}
	c.over.Store(true)
	return direct()
}

// change puts the connection under new conditions; it never blocks.
func (c *conn) change(now *conditions) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if now.shapes() {
		c.shape(now)
	}
	if s := c.shaper.Load(); s != nil {
		s.change(now)
	}
}

// shape lets bytes go through a shaper from now on. A read that is under way is
// interrupted. The caller holds c.mu.
func (c *conn) shape(now *conditions) {
	if c.closed || c.shaper.Load() != nil {
		return
	}
	s := newShaper(c, now)
	s.readBy, s.writeBy = c.readBy, c.writeBy
	s.mu.Lock() // a read that comes now must not start the pump before it is interrupted
	defer s.mu.Unlock()
	c.shaper.Store(s)
	_ = c.inner.SetReadDeadline(longAgo) // an error means that it is closed
}

// cut resets both ends.
func (c *conn) cut() {
	c.broken.Store(true)
	if s := c.shaper.Load(); s != nil {
		s.fail(errReset("read"))
	}
	reset(c.inner)
}

func (c *conn) wrap(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: c.LocalAddr(), Addr: c.RemoteAddr(), Err: err}
}

func errReset(op string) error {
	return &net.OpError{Op: op, Net: "tcp", Err: os.NewSyscallError(op, syscall.ECONNRESET)}
}

// reset ends a connection as a RST does, where its kind can.
func reset(c net.Conn) {
	switch c := c.(type) {
	case interface{ Reset() error }:
		_ = c.Reset() // an error means that it is broken already
	case *net.TCPConn:
		_ = c.SetLinger(0)
		_ = c.Close()
	default:
		_ = c.Close()
	}
}

// LocalAddr implements net.Conn.
func (c *conn) LocalAddr() net.Addr { return c.inner.LocalAddr() }

// RemoteAddr implements net.Conn.
func (c *conn) RemoteAddr() net.Addr { return c.inner.RemoteAddr() }

// SetDeadline implements net.Conn.
func (c *conn) SetDeadline(t time.Time) error { return c.setDeadline(t, true, true) }

// SetReadDeadline implements net.Conn.
func (c *conn) SetReadDeadline(t time.Time) error { return c.setDeadline(t, true, false) }

// SetWriteDeadline implements net.Conn.
func (c *conn) SetWriteDeadline(t time.Time) error { return c.setDeadline(t, false, true) }

// setDeadline keeps the deadlines, for the shaper that may come.
func (c *conn) setDeadline(t time.Time, read, write bool) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if read {
		c.readBy = t
	}
	if write {
		c.writeBy = t
	}
	s := c.shaper.Load()
	switch {
	case c.closed:
		return c.wrap("set", net.ErrClosed)
	case s != nil:
		s.setDeadlines(c.readBy, c.writeBy)
		return nil
	case read && write:
		return c.inner.SetDeadline(t)
	case read:
		return c.inner.SetReadDeadline(t)
	}
	return c.inner.SetWriteDeadline(t)
}
