package relay_test

import (
	"context"
	"fmt"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/cmd/shakedown/relay"
)

// TestMain is a relay where it is started as one.
func TestMain(m *testing.M) {
	if len(os.Args) != 3 || os.Args[1] != relay.Command {
		os.Exit(m.Run())
	}
	if err := relay.Main(relay.Role(os.Args[2]), 10, dial); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// processes is a network of processes, and those that it has started by role.
func processes(relays int) (*relay.Network, map[relay.Role][]*relay.Relay) {
	var mu sync.Mutex
	started := map[relay.Role][]*relay.Relay{}
	return &relay.Network{
		Relays: relays,
		Source: func(uint64) net.IP { return net.IPv4(127, 0, 0, 1) },
		Start: func(role relay.Role, socket *os.File) (*relay.Relay, error) {
			r, err := relay.Process(role, socket)
			mu.Lock()
			defer mu.Unlock()
			started[role] = append(started[role], r)
			return r, err
		},
	}, started
}

// TestRelayThatDiesIsTold: the network is broken at once, and its end says why; a
// relay that ends with its listener is none of those.
func TestRelayThatDiesIsTold(t *testing.T) {
	for _, role := range []relay.Role{relay.Accept, relay.Dial} {
		n, started := processes(2)
		l, err := n.Listen("127.0.0.1:0")
		require.NoError(t, err)
		require.NoError(t, l.Close())
		l, err = n.Listen(l.Addr().String())
		require.NoError(t, err)
		pair(t, n, l)
		require.False(t, n.Broken())
		started[role][len(started[role])-1].Kill()
		require.Eventually(t, n.Broken, time.Minute, time.Millisecond)
		require.NoError(t, l.Close())
		require.EqualError(t, n.Close(), "a relay has ended, and with it the connections that it held: signal: killed")
		_, err = n.Listen("127.0.0.1:0")
		require.ErrorIs(t, err, net.ErrClosed, "none is started any more")
	}
}

// TestProcessesEndWithTheNetwork: even with connections, and a listener, that are
// open.
func TestProcessesEndWithTheNetwork(t *testing.T) {
	n, _ := processes(2)
	l, err := n.Listen("127.0.0.1:0")
	require.NoError(t, err)
	device, _ := pair(t, n, l)
	require.NoError(t, n.Close())
	_, err = device.Read(make([]byte, 1))
	require.Error(t, err)
	_, err = n.Dial(context.Background(), "tcp", l.Addr().String())
	require.Error(t, err)
	require.NoError(t, l.Close())
}
