package memnet

import (
	"context"
	"net"
	"os"
	"strconv"
	"sync"
	"syscall"
)

// DefaultLimit is the Network.Limit of a zero Network, in bytes.
const DefaultLimit = 64 << 20

// Network is a set of listeners and the connections between them and their
// dialers. The zero value is ready. It has goroutines only while somebody waits by
// WhenReadable.
type Network struct {
	// Limit is the number of bytes that one direction of a connection holds
	// unread before the connection is reset; DefaultLimit when zero. Set it
	// before the first Listen.
	Limit int

	mu        sync.Mutex
	listeners map[string]*listener
	dials     uint64
	ports     int

	readers readers
}

func (n *Network) limit() int {
	if n.Limit > 0 {
		return n.Limit
	}
	return DefaultLimit
}

// Listen announces on addr (host:port). Port 0 picks a free one; an empty host,
// 0.0.0.0 or [::] serves every host name. An address in use is EADDRINUSE.
func (n *Network) Listen(addr string) (net.Listener, error) {
	fail := func(err error) (net.Listener, error) {
		return nil, &net.OpError{Op: "listen", Net: "tcp", Addr: Addr(addr), Err: err}
	}
	host, port, err := split(addr)
	if err != nil {
		return fail(err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if port == 0 {
		if n.ports >= 1<<16-firstPort {
			return fail(os.NewSyscallError("bind", syscall.EADDRINUSE))
		}
		port = firstPort + n.ports
		n.ports++
	}
	key := key(host, port)
	if n.listeners[key] != nil {
		return fail(os.NewSyscallError("bind", syscall.EADDRINUSE))
	}
	if n.listeners == nil {
		n.listeners = map[string]*listener{}
	}
	l := newListener(n, key, Addr(net.JoinHostPort(host, strconv.Itoa(port))))
	n.listeners[key] = l
	return l, nil
}

// key is what a listener is found under.
func key(host string, port int) string {
	if wildcard(host) {
		host = ""
	}
	return net.JoinHostPort(host, strconv.Itoa(port))
}

// Dial connects to a listener from a new address in 10.0.0.0/8. network is tcp,
// tcp4 or tcp6.
func (n *Network) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	switch network {
	case "tcp", "tcp4", "tcp6":
		return n.DialFrom(ctx, "", addr)
	}
	return nil, &net.OpError{Op: "dial", Net: network, Addr: Addr(addr), Err: net.UnknownNetworkError(network)}
}

// DialFrom connects to a listener from the address local (host:port), which the
// peer sees as RemoteAddr; a new one when empty.
func (n *Network) DialFrom(ctx context.Context, local, addr string) (net.Conn, error) {
	fail := func(err error) (net.Conn, error) {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: Addr(addr), Err: err}
	}
	if err := ctx.Err(); err != nil {
		return fail(err)
	}
	host, port, err := split(addr)
	if err != nil {
		return fail(err)
	}
	if local != "" {
		if _, _, err := split(local); err != nil {
			return fail(err)
		}
	}
	n.mu.Lock()
	l := n.listeners[key(host, port)]
	if l == nil {
		l = n.listeners[key("", port)]
	}
	from := Addr(local)
	if local == "" {
		n.dials++
		from = ephemeral(n.dials)
	}
	n.mu.Unlock()
	refused := os.NewSyscallError("connect", syscall.ECONNREFUSED)
	if l == nil {
		return fail(refused)
	}
	near, far := newPair(from, Addr(addr), n.limit(), &n.readers)
	if !l.offer(far) {
		return fail(refused)
	}
	return near, nil
}

func (n *Network) forget(l *listener) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.listeners[l.key] == l {
		delete(n.listeners, l.key)
	}
}
