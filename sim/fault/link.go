package fault

import (
	"context"
	"errors"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

// Link is one device's way to the broker: Dial goes through it, and faults act
// on the connections it made. The zero value is a healthy link.
type Link struct {
	mu     sync.Mutex
	cut    bool
	frozen bool
	conns  map[*conn]struct{}
}

// Dial dials through the link; a cut link refuses.
func (l *Link) Dial(ctx context.Context, dial func(context.Context) (net.Conn, error)) (net.Conn, error) {
	if l.state().cut {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
	}
	if l.state().frozen {
		<-ctx.Done()
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: context.Cause(ctx)}
	}
	inner, err := dial(ctx)
	if err != nil {
		return nil, err
	}
	c := &conn{Conn: inner, link: l}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.cut { // while it dialed
		reset(inner)
		_ = inner.Close()
		return nil, &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNRESET)}
	}
	c.frozen = l.frozen
	if l.conns == nil {
		l.conns = map[*conn]struct{}{}
	}
	l.conns[c] = struct{}{}
	return c, nil
}

// Cut resets the standing connections and refuses new ones until Heal.
func (l *Link) Cut() {
	l.mu.Lock()
	l.cut = true
	conns := l.conns
	l.conns = nil
	l.mu.Unlock()
	for c := range conns {
		reset(c.Conn)
	}
}

// Freeze lets connections stand but swallows every byte until they are closed.
func (l *Link) Freeze() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.frozen = true
	for c := range l.conns {
		c.frozen = true
	}
}

// Heal lets new connections through. A connection that was frozen has a gap in
// its bytes and stays dead, as behind a NAT that forgot it.
func (l *Link) Heal() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.cut, l.frozen = false, false
}

type linkState struct{ cut, frozen bool }

func (l *Link) state() linkState {
	l.mu.Lock()
	defer l.mu.Unlock()
	return linkState{l.cut, l.frozen}
}

// reset ends a connection as a RST does, where its kind can.
func reset(c net.Conn) {
	switch c := c.(type) {
	case interface{ Reset() error }:
		c.Reset()
	case *net.TCPConn:
		c.SetLinger(0)
		c.Close()
	default:
		c.Close()
	}
}

// conn is a connection through a link.
type conn struct {
	net.Conn
	link   *Link
	frozen bool // guarded by link.mu
}

func (c *conn) isFrozen() bool {
	c.link.mu.Lock()
	defer c.link.mu.Unlock()
	return c.frozen
}

// Read reads; what arrives on a frozen link is dropped.
func (c *conn) Read(p []byte) (int, error) {
	for {
		n, err := c.Conn.Read(p)
		if !c.isFrozen() {
			return n, err
		}
		// The broker's FIN or RST does not get through either: wait for our own
		// deadline or Close.
		if err != nil && (errors.Is(err, os.ErrDeadlineExceeded) || errors.Is(err, net.ErrClosed)) {
			return 0, err
		}
		if err != nil {
			return 0, &net.OpError{Op: "read", Net: "tcp", Err: os.NewSyscallError("read", syscall.ETIMEDOUT)}
		}
	}
}

// Write writes; on a frozen link the bytes vanish.
func (c *conn) Write(p []byte) (int, error) {
	if c.isFrozen() {
		return len(p), nil
	}
	return c.Conn.Write(p)
}

// Close closes the end of the device. On a frozen link the broker is not told:
// its end stays open until its own keep-alive ends it, or a bound passes.
func (c *conn) Close() error {
	c.link.mu.Lock()
	delete(c.link.conns, c)
	frozen := c.frozen
	c.link.mu.Unlock()
	if frozen {
		c.Conn.SetReadDeadline(time.Unix(1, 0))
		time.AfterFunc(forgotten, func() { c.Conn.Close() })
		return nil
	}
	return c.Conn.Close()
}

// forgotten is how long a half-open connection's far end may stand: longer than
// 1.5 times the longest keep-alive.
const forgotten = time.Hour

// Apply lets a fault of a link begin; Heal ends it.
func (f Fault) Apply(l *Link) {
	switch f.Kind {
	case ConnectionReset:
		l.Cut()
	case HalfOpen:
		l.Freeze()
	}
}

// Heal ends it.
func (f Fault) Heal(l *Link) { l.Heal() }
