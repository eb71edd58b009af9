package relay

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/hashicorp/yamux"
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
	running  sync.WaitGroup
	broken   atomic.Bool
	mu       sync.Mutex
	closed   bool
	all      map[*Relay]bool // those that run
	failed   []error         // how others have ended
}

// stopTime is how long a relay may take to close its socket, and to end.
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
	// All are started before one accepts: to hand the socket to a process lets it
	// block, for all who share it, until a relay listens.
	var relays []*Relay
	for range n.Relays {
		r, err := n.start(Accept, file, l.receive)
		if err != nil {
			return nil, errors.Join(err, l.Close())
		}
		relays = append(relays, r)
	}
	for _, r := range relays {
		if err := l.add(r); err != nil {
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
		r, err := n.start(Dial, nil, nil)
		if err != nil {
			return nil, err
		}
		n.dialers = append(n.dialers, r)
	}
	return n.dialers, nil
}

// start starts a relay; receive takes what it opens until it ends.
func (n *Network) start(role Role, file *os.File, receive func(*yamux.Session)) (*Relay, error) {
	start := n.Start
	if start == nil {
		start = Process
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.closed {
		return nil, net.ErrClosed
	}
	r, err := start(role, file)
	if err != nil {
		return nil, err
	}
	if n.all == nil {
		n.all = map[*Relay]bool{}
	}
	n.all[r] = true
	n.running.Go(func() {
		if receive != nil {
			receive(r.session)
		}
		n.await(r)
	})
	return r, nil
}

// await waits for the end of a relay, and keeps what was wrong with it: after Close
// it may end in the middle of a write.
func (n *Network) await(r *Relay) {
	err := r.wait()
	n.mu.Lock()
	defer n.mu.Unlock()
	delete(n.all, r)
	if err != nil && !n.closed {
		n.failed = append(n.failed, fmt.Errorf("a relay has ended, and with it the connections that it held: %w", err))
		n.broken.Store(true)
	}
}

// giveUp kills a relay that does not end.
func (n *Network) giveUp(r *Relay) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.all[r] {
		r.kill()
		n.failed = append(n.failed, fmt.Errorf("a relay had not ended after %s, and was killed", stopTime))
	}
}

// Broken tells that a relay has ended that should not have. Close tells how.
func (n *Network) Broken() bool { return n.broken.Load() }

// Close ends all relays, and with them their connections, and waits for them.
func (n *Network) Close() error {
	n.mu.Lock()
	n.closed = true
	all := slices.Collect(maps.Keys(n.all))
	n.mu.Unlock()
	for _, r := range all {
		_ = r.session.Close()
		late := time.AfterFunc(stopTime, func() { n.giveUp(r) })
		defer late.Stop()
	}
	n.running.Wait()
	n.mu.Lock()
	defer n.mu.Unlock()
	return errors.Join(n.failed...)
}
