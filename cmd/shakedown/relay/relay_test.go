package relay_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/cmd/shakedown/relay"
)

// inProcess starts relays as goroutines at the other end of a pipe; capacity is
// that of each accepting one.
func inProcess(t *testing.T, relays, capacity int) *relay.Network {
	var serving sync.WaitGroup
	n := &relay.Network{
		Relays: relays,
		Source: func(uint64) net.IP { return net.IPv4(127, 0, 0, 1) },
		Start: func(role relay.Role, socket *os.File) (*relay.Relay, error) {
			near, far := net.Pipe()
			if role == relay.Dial {
				serving.Go(func() { _ = relay.ServeDial(far, dial) })
				return relay.New(near)
			}
			l, err := net.FileListener(socket)
			if err != nil {
				return nil, err
			}
			serving.Go(func() { _ = relay.ServeAccept(far, func() (net.Listener, error) { return l, nil }, capacity) })
			return relay.New(near)
		},
	}
	t.Cleanup(func() {
		require.NoError(t, n.Close())
		serving.Wait()
	})
	return n
}

func dial(source, address string) (net.Conn, error) {
	d := net.Dialer{LocalAddr: &net.TCPAddr{IP: net.ParseIP(source)}, Timeout: 10 * time.Second}
	return d.Dial("tcp", address)
}

// pair is one connection, both ends.
func pair(t *testing.T, n *relay.Network, l net.Listener) (device, broker net.Conn) {
	t.Helper()
	device, err := n.Dial(context.Background(), "tcp", l.Addr().String())
	require.NoError(t, err)
	broker, err = l.Accept()
	require.NoError(t, err)
	return device, broker
}

// TestBytesArriveBothWays: more than all buffers on the way hold, and each end
// names the addresses of the socket.
func TestBytesArriveBothWays(t *testing.T) {
	n := inProcess(t, 2, 10)
	l, err := n.Listen("127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	sent := make([]byte, 3<<20)
	_, _ = rand.Read(sent)
	for range 3 {
		device, broker := pair(t, n, l)
		require.Equal(t, device.LocalAddr().String(), broker.RemoteAddr().String())
		require.Equal(t, l.Addr().String(), device.RemoteAddr().String())
		for _, way := range [][2]net.Conn{{device, broker}, {broker, device}} {
			go func() { _, _ = way[0].Write(sent) }()
			got := make([]byte, len(sent))
			_, err := io.ReadFull(way[1], got)
			require.NoError(t, err)
			require.True(t, bytes.Equal(sent, got))
		}
		require.NoError(t, device.Close())
		_, err := broker.Read(make([]byte, 1))
		require.ErrorIs(t, err, io.EOF, "the end arrives")
		require.NoError(t, broker.Close())
	}
}

// TestClosedListenerFreesItsAddress: connections outlive it, as those of TCP do,
// and the address can be listened on again at once (a broker that restarts).
func TestClosedListenerFreesItsAddress(t *testing.T) {
	n := inProcess(t, 2, 10)
	l, err := n.Listen("127.0.0.1:0")
	require.NoError(t, err)
	device, broker := pair(t, n, l)
	require.NoError(t, l.Close())
	_, err = l.Accept()
	require.ErrorIs(t, err, net.ErrClosed)
	_, err = n.Dial(context.Background(), "tcp", l.Addr().String())
	require.ErrorContains(t, err, "connection refused")
	again, err := n.Listen(l.Addr().String())
	require.NoError(t, err)
	defer again.Close()
	_, err = device.Write([]byte("still here"))
	require.NoError(t, err)
	got := make([]byte, 10)
	_, err = io.ReadFull(broker, got)
	require.NoError(t, err)
	require.Equal(t, "still here", string(got))
	pair(t, n, again)
}

// TestFullRelayLetsTheOtherAccept: two relays of one connection each carry two, and
// a third waits for an end.
func TestFullRelayLetsTheOtherAccept(t *testing.T) {
	n := inProcess(t, 2, 1)
	l, err := n.Listen("127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	first, _ := pair(t, n, l)
	pair(t, n, l)
	third, err := n.Dial(context.Background(), "tcp", l.Addr().String())
	require.NoError(t, err, "it waits in the socket's backlog")
	require.NoError(t, first.Close())
	broker, err := l.Accept()
	require.NoError(t, err)
	require.Equal(t, third.LocalAddr().String(), broker.RemoteAddr().String())
}

// TestDeadlinesAct: whoever waits for a relayed connection can give up.
func TestDeadlinesAct(t *testing.T) {
	n := inProcess(t, 1, 10)
	l, err := n.Listen("127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	_, broker := pair(t, n, l)
	require.NoError(t, broker.SetReadDeadline(time.Now().Add(10*time.Millisecond)))
	_, err = broker.Read(make([]byte, 1))
	var timeout net.Error
	require.ErrorAs(t, err, &timeout)
	require.True(t, timeout.Timeout())
	gone, cancel := context.WithCancel(context.Background())
	cancel()
	_, err = n.Dial(gone, "tcp", l.Addr().String())
	require.Error(t, err)
}
