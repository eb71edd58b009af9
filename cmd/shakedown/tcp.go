package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/shakedown-iot/shakedown/cmd/shakedown/relay"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// loopback is the machine's own TCP, on loopback only. Where all of 127.0.0.0/8
// is local, which is on Linux, each dial has a source address of its own:
//
//	127.64.0.1 ─┐
//	127.64.0.2 ─┼─> 127.0.0.1:<port>
//	127.64.0.3 ─┘   …
//
// A source address has no more than 64 k ports for one destination, and by default
// 28 k; that would be the end of the fleet.
type loopback struct{ dials atomic.Uint64 }

// Listen implements scenarios.Network.
func (*loopback) Listen(addr string) (net.Listener, error) { return net.Listen("tcp", addr) }

// Dial implements scenarios.Network.
func (l *loopback) Dial(ctx context.Context, network, addr string) (net.Conn, error) {
	// The broker notices a dead peer by MQTT's keep-alive: no TCP probes, which
	// would cost a timer in the kernel for each socket.
	d := net.Dialer{KeepAlive: -1}
	if manyLoopbacks {
		d.LocalAddr = &net.TCPAddr{IP: sourceAddress(l.dials.Add(1))}
	}
	return d.DialContext(ctx, network, addr)
}

// manyLoopbacks tells that any address in 127.0.0.0/8 can be dialed from.
const manyLoopbacks = runtime.GOOS == "linux"

// sourceAddresses is how many there are: 127.64.0.0/10.
const sourceAddresses = 1 << 22

// sourceAddress is where the n-th dial comes from; the last comes before the first.
func sourceAddress(n uint64) net.IP {
	n %= sourceAddresses
	return net.IPv4(127, 64|byte(n>>16), byte(n>>8), byte(n))
}

// openNetwork gives a run over TCP its sockets, where it has none yet: this
// process's, or those of relays, without which the run ends as by Ctrl-C. What it
// answers closes them.
func openNetwork(options *scenarios.RunOptions, relays int, stderr io.Writer) (func() error, error) {
	none := func() error { return nil }
	if options.Network != nil || options.Scenario.Transport != scenarios.TCPTransport {
		return none, nil
	}
	addr, err := freeAddress()
	if err != nil {
		return nil, environment(err, "")
	}
	options.BrokerAddr = addr
	if relays == 0 {
		options.Network = &loopback{}
		return none, nil
	}
	fmt.Fprintf(stderr, "this process may not open a file for each socket: %d relay processes hold them (`ulimit -n %d` spares them)\n",
		2*relays, 2*options.Scenario.Devices()+spareFiles)
	network := &relay.Network{Relays: relays, Source: sourceAddress, Start: startRelay}
	options.Network = network
	interrupted := options.Interrupted
	options.Interrupted = func() bool { return network.Broken() || interrupted() }
	return func() error { return relayError(network.Close()) }, nil
}

// startRelay is relay.Process, with what may be in its way.
func startRelay(role relay.Role, socket *os.File) (*relay.Relay, error) {
	r, err := relay.Process(role, socket)
	if err != nil {
		return nil, environment(fmt.Errorf("start a relay process: %w", err), "may this user start more processes (`ulimit -u`)? A fleet with `transport: memory` needs no relays")
	}
	return r, nil
}

// relayError is what was wrong with a run's relays.
func relayError(err error) error {
	if err == nil {
		return nil
	}
	return environment(err, "the run was cut short. Did the machine run out of memory? The kernel's log tells (dmesg). A fleet with `transport: memory` needs no relays")
}

// freeAddress is a loopback address that nobody listens on at the moment.
func freeAddress() (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	l, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("broker: %w", err)
	}
	return l.Addr().String(), l.Close()
}
