package relay

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"time"
)

// Network is TCP through relays: a scenarios.Network.
type Network struct {
	// Relays is how many hold the broker's ends, and as many the devices'.
	Relays int
	// Source is the address, without a port, that the n-th dial comes from.
	Source func(n uint64) net.IP
	// Start starts a relay; Process when nil. The file is the listening socket of
	// an accepting relay.
	Start func(Role, *os.File) (*Relay, error)

	dials    atomic.Uint64
	starting sync.Mutex
	dialers  []*Relay // under starting
	mu       sync.Mutex
	all      []*Relay
}

// stopTime is how long a listener waits for its relays to have closed the socket.
const stopTime = 10 * time.Second

// Listen implements scenarios.Network.
func (n *Network) Listen(addr string) (net.Listener, error) {
	tcp, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, err
	}
	defer tcp.Close() // the relays have it
	file, err := tcp.(*net.TCPListener).File()
	if err != nil {
		return nil, fmt.Errorf("relay: %w", err)
	}
	defer file.Close()
	l := &listener{addr: tcp.Addr(), ready: make(chan net.Conn), done: make(chan struct{})}
	for range n.Relays {
		r, err := n.start(Accept, file)
		if err == nil {
			err = l.add(r)
		}
		if err != nil {
			return nil, errors.Join(err, l.Close())
		}
	}
	return l, nil
}

// Dial implements scenarios.Network. The relays take turns.
func (n *Network) Dial(ctx context.Context, _, addr string) (net.Conn, error) {
	dialers, err := n.dialing()
	if err != nil {
		return nil, err
	}
	dial := n.dials.Add(1)
	c, err := call(ctx, dialers[dial%uint64(len(dialers))].session, n.Source(dial).String(), addr)
	if err != nil {
		return nil, fmt.Errorf("dial %s through a relay: %w", addr, err)
	}
	return c, nil
}

// dialing starts the dialing relays when the first is needed.
func (n *Network) dialing() ([]*Relay, error) {
	n.starting.Lock()
	defer n.starting.Unlock()
	for len(n.dialers) < n.Relays {
		r, err := n.start(Dial, nil)
		if err != nil {
			return nil, err
		}
		n.dialers = append(n.dialers, r)
	}
	return n.dialers, nil
}

func (n *Network) start(role Role, file *os.File) (*Relay, error) {
	start := n.Start
	if start == nil {
		start = Process
	}
	r, err := start(role, file)
	if err != nil {
		return nil, fmt.Errorf("start a relay: %w", err)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	n.all = append(n.all, r)
	return r, nil
}

// Close ends all relays, and with them their connections, and waits for them.
func (n *Network) Close() error {
	n.mu.Lock()
	defer n.mu.Unlock()
	var failed []error
	for _, r := range n.all {
		failed = append(failed, r.end())
	}
	n.all = nil
	return errors.Join(failed...)
}
