package main

import (
	"context"
	"errors"
	"net"
	"runtime"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// TestCapacityNamesTheSetting holds fleets against machines of all sizes.
func TestCapacityNamesTheSetting(t *testing.T) {
	fleet := func(n int) *scenarios.Scenario {
		return &scenarios.Scenario{Transport: scenarios.TCPTransport, Fleet: []scenarios.Group{{Name: "s", Count: n}}}
	}
	small := machine{
		files:     func(uint64) (uint64, error) { return 20_000, nil },
		ports:     func() (int, int, error) { return 32768, 60999, nil },
		addresses: sourceAddresses,
	}
	relays := func(m machine, s *scenarios.Scenario) int {
		t.Helper()
		n, err := m.sockets(s)
		require.NoError(t, err)
		return n
	}
	require.Zero(t, relays(small, fleet(9_900)))
	require.Zero(t, relays(small, &scenarios.Scenario{Fleet: fleet(100_000).Fleet}), "in memory there are no sockets")
	if canRelay {
		require.Equal(t, 1, relays(small, fleet(10_000)))
		require.Equal(t, 2, relays(small, fleet(20_000)), "one has 19,936 files for 22,000 sockets")
		require.Equal(t, maxRelays, relays(small, fleet(140_000)))
	}
	refused := func(m machine, n int, what, setting string) {
		t.Helper()
		var e *exitError
		_, err := m.sockets(fleet(n))
		require.ErrorAs(t, err, &e)
		require.Equal(t, exitEnvironment, e.code)
		require.ErrorContains(t, e, what)
		require.Contains(t, e.hint, setting)
	}
	require.NoError(t, small.holds(9_900))
	require.ErrorContains(t, small.holds(10_000), "needs 20064 open files, and there are 20000", "with relays a benchmark would measure them")
	refused(small, 200_000, "needs 400064 open files, and there are 20000", "ulimit -n 400064")
	tiny := small
	tiny.files = func(uint64) (uint64, error) { return spareFiles, nil }
	refused(tiny, 100, "needs 264 open files, and there are 64", "ulimit -n 264")
	large := small
	large.files = func(want uint64) (uint64, error) { return want, nil }
	require.Zero(t, relays(large, fleet(100_000)), "many source addresses")
	large.addresses = 1
	refused(large, 20_000, "needs 20000 local ports, and there are 14116", portsSetting)
	broken := small
	broken.files = func(uint64) (uint64, error) { return 0, errors.New("no proc") }
	refused(broken, 1, "limit of open files: no proc", "")
}

// TestThisMachineIsMeasured: what the operating system says makes sense.
func TestThisMachineIsMeasured(t *testing.T) {
	have, err := thisMachine.files(128)
	require.NoError(t, err)
	require.GreaterOrEqual(t, have, uint64(128))
	first, last, err := thisMachine.ports()
	require.NoError(t, err)
	require.Less(t, first, last)
}

// TestDialsHaveSourceAddresses: two dials to one broker may have one port, as they
// come from two addresses.
func TestDialsHaveSourceAddresses(t *testing.T) {
	if !manyLoopbacks {
		t.Skip("NOT TESTED: " + runtime.GOOS + " has one loopback address; Linux has many, and runs this")
	}
	var network loopback
	l, err := network.Listen("127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	seen := map[string]bool{}
	for range 3 {
		near, err := network.Dial(context.Background(), "tcp", l.Addr().String())
		require.NoError(t, err)
		defer near.Close()
		far, err := l.Accept()
		require.NoError(t, err)
		defer far.Close()
		host, port, err := net.SplitHostPort(far.RemoteAddr().String())
		require.NoError(t, err)
		require.NotEqual(t, "127.0.0.1", host)
		_, err = strconv.Atoi(port)
		require.NoError(t, err)
		seen[host] = true
	}
	require.Len(t, seen, 3)
	require.True(t, sourceAddress(1<<22+5).Equal(sourceAddress(5)))
	require.True(t, sourceAddress(1<<22-1).Equal(net.IPv4(127, 127, 255, 255)))
}
