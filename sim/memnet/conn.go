package memnet

import (
	"errors"
	"io"
	"net"
	"os"
	"syscall"
	"time"
)

// conn is one end of a connection.
type conn struct {
	local, remote Addr
	in, out       *stream
}

// Pipe is a connection without a network: two ends of one buffered connection.
// Each is a net.Conn with CloseWrite and Reset.
func Pipe() (net.Conn, net.Conn) {
	a, b := newPair("10.0.0.0:1", "10.0.0.0:2", DefaultLimit, new(readers))
	return a, b
}

func newPair(near, far Addr, limit int, r *readers) (*conn, *conn) {
	up, down := newStream(limit, r), newStream(limit, r)
	return &conn{local: near, remote: far, in: down, out: up},
		&conn{local: far, remote: near, in: up, out: down}
}

func (c *conn) wrap(op string, err error) error {
	if err == nil || err == io.EOF {
		return err
	}
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}

// Read implements net.Conn.
func (c *conn) Read(p []byte) (int, error) {
	n, err := c.in.read(p)
	return n, c.wrap("read", err)
}

// Write implements net.Conn; it never blocks.
func (c *conn) Write(p []byte) (int, error) {
	n, err := c.out.write(p)
	if errors.Is(err, errOverflow) {
		_ = c.Reset()
	}
	return n, c.wrap("write", err)
}

// Close implements net.Conn. The peer still reads what was written.
func (c *conn) Close() error {
	c.in.abandon()
	if !c.out.finish() {
		return c.wrap("close", net.ErrClosed)
	}
	return nil
}

// CloseWrite closes the writing direction: the peer reads io.EOF, and can still write.
func (c *conn) CloseWrite() error {
	if !c.out.finish() {
		return c.wrap("close", net.ErrClosed)
	}
	return nil
}

// Reset breaks the connection as a router in the middle would: both ends fail
// with ECONNRESET at once, and what was not read is gone. Each end still has to
// be closed.
func (c *conn) Reset() error {
	err := os.NewSyscallError("read", syscall.ECONNRESET)
	c.in.fail(err)
	c.out.fail(err)
	return nil
}

// LocalAddr implements net.Conn.
func (c *conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr implements net.Conn.
func (c *conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline implements net.Conn.
func (c *conn) SetDeadline(t time.Time) error {
	c.in.setReadDeadline(t)
	c.out.setWriteDeadline(t)
	return nil
}

// SetReadDeadline implements net.Conn.
func (c *conn) SetReadDeadline(t time.Time) error {
	c.in.setReadDeadline(t)
	return nil
}

// SetWriteDeadline implements net.Conn.
func (c *conn) SetWriteDeadline(t time.Time) error {
	c.out.setWriteDeadline(t)
	return nil
}
