package memnet

import (
	"net"
	"sync"
)

// backlog bounds the connections that wait for Accept; further dials are refused.
const backlog = 1 << 16

type listener struct {
	network *Network
	key     string
	addr    Addr

	mu     sync.Mutex
	ready  sync.Cond
	queue  []*conn
	closed bool
}

func newListener(n *Network, key string, addr Addr) *listener {
	l := &listener{network: n, key: key, addr: addr}
	l.ready.L = &l.mu
	return l
}

// offer puts a dialed connection before Accept; false when nobody listens any more.
func (l *listener) offer(c *conn) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed || len(l.queue) >= backlog {
		return false
	}
	l.queue = append(l.queue, c)
	l.ready.Signal()
	return true
}

// Accept implements net.Listener.
func (l *listener) Accept() (net.Conn, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.queue) == 0 && !l.closed {
		l.ready.Wait()
	}
	if l.closed {
		return nil, &net.OpError{Op: "accept", Net: "tcp", Addr: l.addr, Err: net.ErrClosed}
	}
	c := l.queue[0]
	l.queue[0] = nil
	l.queue = l.queue[1:]
	return c, nil
}

// Close implements net.Listener. Connections that were not accepted yet are reset;
// accepted ones live on.
func (l *listener) Close() error {
	l.network.forget(l)
	l.mu.Lock()
	if l.closed {
		l.mu.Unlock()
		return &net.OpError{Op: "close", Net: "tcp", Addr: l.addr, Err: net.ErrClosed}
	}
	l.closed = true
	waiting := l.queue
	l.queue = nil
	l.ready.Broadcast()
	l.mu.Unlock()
	for _, c := range waiting {
		_ = c.Reset()
	}
	return nil
}

// Addr implements net.Listener.
func (l *listener) Addr() net.Addr { return l.addr }
