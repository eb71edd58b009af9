package fault_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/sim/fault"
	"github.com/shakedown-iot/shakedown/sim/memnet"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var everyLinkKind = map[fault.Kind]fault.Parameters{
	fault.ConnectionReset: {},
	fault.HalfOpen:        {},
	fault.Partition:       {},
	fault.Latency:         {Delay: time.Second, Jitter: 500 * time.Millisecond},
	fault.Bandwidth:       {Bandwidth: 1000},
	fault.Drop:            {Rate: 0.5},
}

// path is a link, its network and the connection that was made last.
type path struct {
	t              *testing.T
	link           *fault.Link
	listener       net.Listener
	dialer         func(context.Context) (net.Conn, error)
	device, broker net.Conn
}

// inMemory is a path over memnet.
func inMemory(t *testing.T) *path {
	var network memnet.Network
	l, err := network.Listen("broker:1")
	require.NoError(t, err)
	return newPath(t, l, func(ctx context.Context) (net.Conn, error) { return network.Dial(ctx, "tcp", "broker:1") })
}

// overTCP is a path over the machine's own TCP.
func overTCP(t *testing.T) *path {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	return newPath(t, l, func(ctx context.Context) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", l.Addr().String())
	})
}

func newPath(t *testing.T, l net.Listener, dialer func(context.Context) (net.Conn, error)) *path {
	t.Cleanup(func() { _ = l.Close() })
	return &path{t: t, link: &fault.Link{Thing: "s", Seed: 1}, listener: l, dialer: dialer}
}

// connect makes a connection; both ends are closed at the end of the test.
func (p *path) connect() *path {
	p.t.Helper()
	var err error
	p.device, err = p.link.Dial(p.t.Context(), p.dialer)
	require.NoError(p.t, err)
	p.broker, err = p.listener.Accept()
	require.NoError(p.t, err)
	device, broker := p.device, p.broker
	p.t.Cleanup(func() { _, _ = device.Close(), broker.Close() })
	return p
}

func (p *path) begin(id int, k fault.Kind, with fault.Parameters) {
	p.link.Begin(id, fault.Fault{Kind: k, Target: fault.Target{Thing: "s"}, Parameters: with})
}

// send writes at one end and tells how long after that all has arrived at the other.
func send(t *testing.T, from, to net.Conn, text string) time.Duration {
	t.Helper()
	began := time.Now()
	_, err := from.Write([]byte(text))
	require.NoError(t, err)
	require.Less(t, time.Since(began), 100*time.Millisecond, "a write does not wait")
	got := make([]byte, len(text))
	_, err = io.ReadFull(to, got)
	require.NoError(t, err)
	require.Equal(t, text, string(got))
	return time.Since(began)
}

// silent tells that nothing arrives for a while.
func silent(t *testing.T, at net.Conn, d time.Duration) {
	t.Helper()
	began := time.Now()
	require.NoError(t, at.SetReadDeadline(began.Add(d)))
	_, err := at.Read(make([]byte, 1))
	require.ErrorIs(t, err, os.ErrDeadlineExceeded)
	require.GreaterOrEqual(t, time.Since(began), d)
	require.NoError(t, at.SetReadDeadline(time.Time{}))
}

// lateness sends n messages one after the other and returns how late each was.
func (p *path) lateness(n int, up bool) (list []time.Duration) {
	from, to := p.broker, p.device
	if up {
		from, to = p.device, p.broker
	}
	for range n {
		list = append(list, send(p.t, from, to, "0123456789"))
	}
	return list
}

// quick tells that nothing is late, in either direction; a fault that has just
// ended may hold bytes to the end of a millisecond.
func (p *path) quick() {
	p.t.Helper()
	for _, d := range append(p.lateness(3, true), p.lateness(3, false)...) {
		require.Less(p.t, d, 50*time.Millisecond)
	}
}

// TestLinkContract holds each kind to what all have in common.
func TestLinkContract(t *testing.T) {
	for kind, with := range everyLinkKind {
		breaks := kind == fault.ConnectionReset || kind == fault.HalfOpen
		bubble := func(name string, f func(t *testing.T, p *path)) {
			t.Run(string(kind)+"/"+name, func(t *testing.T) {
				synctest.Test(t, func(t *testing.T) { f(t, inMemory(t)) })
			})
		}
		bubble("does nothing before, ends completely, begins again", func(t *testing.T, p *path) {
			p.connect().quick()
			for range 3 {
				p.begin(7, kind, with)
				time.Sleep(time.Minute)
				p.link.End(7)
				if breaks {
					p.connect()
				}
				p.quick()
			}
		})
		bubble("never blocks a close", func(t *testing.T, p *path) {
			p.connect()
			reading := make(chan error, 1)
			go func() { _, err := p.device.Read(make([]byte, 1)); reading <- err }()
			time.Sleep(time.Second)
			p.begin(1, kind, with)
			_, _ = p.device.Write(bytes.Repeat([]byte("x"), 100_000))
			began := time.Now()
			require.NoError(t, p.device.Close())
			require.Error(t, <-reading)
			require.Zero(t, time.Since(began))
			_, err := p.device.Write([]byte("x"))
			require.Error(t, err)
			require.ErrorIs(t, p.device.Close(), net.ErrClosed)
			require.Error(t, p.device.SetDeadline(time.Now()))
		})
		bubble("keeps read deadlines", func(t *testing.T, p *path) {
			p.connect()
			require.NoError(t, p.device.SetReadDeadline(time.Now().Add(time.Minute)))
			began := time.Now()
			time.AfterFunc(time.Second, func() { p.begin(1, kind, with) })
			_, err := p.device.Read(make([]byte, 1))
			if kind == fault.ConnectionReset {
				require.ErrorIs(t, err, syscall.ECONNRESET)
				return
			}
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			require.Equal(t, time.Minute, time.Since(began))
			time.AfterFunc(time.Second, func() { _ = p.device.SetDeadline(time.Unix(1, 0)) })
			require.NoError(t, p.device.SetDeadline(time.Time{}))
			_, err = p.device.Read(make([]byte, 1))
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
			_, err = p.device.Write([]byte("x"))
			require.ErrorIs(t, err, os.ErrDeadlineExceeded)
		})
		for other, its := range everyLinkKind {
			bubble("and "+string(other)+", each ends alone", func(t *testing.T, p *path) {
				p.begin(1, kind, with)
				p.begin(2, other, its)
				p.begin(2, other, its) // again: counts once
				time.Sleep(time.Minute)
				p.link.End(2)
				p.link.End(2)
				if breaks || kind == fault.Partition {
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					defer cancel()
					_, err := p.link.Dial(ctx, p.dialer)
					require.Error(t, err, "%s goes on", kind)
				}
				p.link.End(1)
				p.connect().quick()
			})
		}
		t.Run(string(kind)+"/over TCP", func(t *testing.T) {
			p := overTCP(t).connect()
			p.quick()
			p.begin(1, kind, with)
			time.Sleep(20 * time.Millisecond)
			p.link.End(1)
			if breaks {
				p.connect()
			}
			p.quick()
		})
	}
}

// TestNothingIsLostOrSwapped sends 3 MB each way while faults come and go, over TCP.
func TestNothingIsLostOrSwapped(t *testing.T) {
	p := overTCP(t).connect()
	sent := make([]byte, 3<<20)
	_, _ = rand.Read(sent)
	var moving sync.WaitGroup
	for _, way := range [][2]net.Conn{{p.device, p.broker}, {p.broker, p.device}} {
		moving.Go(func() {
			for rest := sent; len(rest) > 0; {
				n := min(len(rest), 10_007)
				_, err := way[0].Write(rest[:n])
				if !errors.Is(err, nil) {
					t.Error(err)
					return
				}
				rest = rest[n:]
			}
		})
		moving.Go(func() {
			got := make([]byte, len(sent))
			if _, err := io.ReadFull(way[1], got); err != nil || !bytes.Equal(sent, got) {
				t.Errorf("not what was sent: %v", err)
			}
		})
	}
	for i := range 20 {
		p.begin(1, fault.Latency, fault.Parameters{Delay: 5 * time.Millisecond, Jitter: 5 * time.Millisecond})
		time.Sleep(2 * time.Millisecond)
		p.begin(2, fault.Bandwidth, fault.Parameters{Bandwidth: 50_000_000})
		p.begin(3, fault.Partition, fault.Parameters{})
		time.Sleep(2 * time.Millisecond)
		p.link.End(i%3 + 1)
		time.Sleep(2 * time.Millisecond)
		p.link.Heal()
	}
	moving.Wait()
}
