package fault_test

import (
	"context"
	"io"
	"net"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/fault"
	"github.com/shakedown-iot/shakedown/sim/memnet"
)

// connected is a link with one connection through it.
func connected(t *testing.T) (link *fault.Link, device, broker net.Conn, dial func() (net.Conn, error)) {
	var network memnet.Network
	l, err := network.Listen("broker:1")
	require.NoError(t, err)
	t.Cleanup(func() { l.Close() })
	link = &fault.Link{}
	dial = func() (net.Conn, error) {
		return link.Dial(t.Context(), func(ctx context.Context) (net.Conn, error) { return network.Dial(ctx, "tcp", "broker:1") })
	}
	device, err = dial()
	require.NoError(t, err)
	broker, err = l.Accept()
	require.NoError(t, err)
	return link, device, broker, dial
}

func echo(t *testing.T, from, to net.Conn) {
	t.Helper()
	_, err := from.Write([]byte("x"))
	require.NoError(t, err)
	var b [1]byte
	_, err = io.ReadFull(to, b[:])
	require.NoError(t, err)
}

func TestResetCutsBothEndsAndRefusesUntilHealed(t *testing.T) {
	link, device, broker, dial := connected(t)
	echo(t, device, broker)
	f := fault.Fault{Kind: fault.ConnectionReset, Target: fault.Target{Thing: "s"}}
	f.Apply(link)
	var b [1]byte
	_, err := device.Read(b[:])
	require.ErrorIs(t, err, syscall.ECONNRESET)
	_, err = broker.Read(b[:])
	require.ErrorIs(t, err, syscall.ECONNRESET)
	_, err = dial()
	require.ErrorIs(t, err, syscall.ECONNREFUSED)
	f.Heal(link)
	again, err := dial()
	require.NoError(t, err)
	again.Close()
}

func TestHalfOpenCarriesNothingAndSaysNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link, device, broker, _ := connected(t)
		echo(t, broker, device)
		f := fault.Fault{Kind: fault.HalfOpen, Target: fault.Target{Thing: "s"}}
		f.Apply(link)
		for _, c := range []struct{ from, to net.Conn }{{device, broker}, {broker, device}} {
			_, err := c.from.Write([]byte("x"))
			require.NoError(t, err, "the sender notices nothing")
			c.to.SetReadDeadline(time.Now().Add(time.Minute))
			_, err = c.to.Read(make([]byte, 1))
			require.True(t, err.(net.Error).Timeout(), "nothing arrives: %v", err)
		}
		require.NoError(t, device.Close())
		broker.SetReadDeadline(time.Now().Add(time.Minute))
		_, err := broker.Read(make([]byte, 1))
		require.True(t, err.(net.Error).Timeout(), "the broker does not see the close: %v", err)
		broker.Close()
	})
}

// TestDialDuringAFault lets the fault begin while a dial is on its way.
func TestDialDuringAFault(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var far net.Conn
		through := func(l *fault.Link, begin func()) (net.Conn, error) {
			return l.Dial(t.Context(), func(context.Context) (net.Conn, error) {
				begin()
				var near net.Conn
				near, far = memnet.Pipe()
				return near, nil
			})
		}
		var link fault.Link
		_, err := through(&link, link.Cut)
		require.ErrorIs(t, err, syscall.ECONNRESET)
		_, err = far.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ECONNRESET)

		link.Heal()
		near, err := through(&link, link.Freeze)
		require.NoError(t, err)
		_, err = near.Write([]byte("x"))
		require.NoError(t, err)
		require.NoError(t, far.SetReadDeadline(time.Now().Add(time.Minute)))
		_, err = far.Read(make([]byte, 1))
		require.True(t, err.(net.Error).Timeout(), "nothing arrives: %v", err)
	})
}

func TestValidateNamesWhatIsWrong(t *testing.T) {
	good := fault.Fault{Kind: fault.ConnectionReset, Target: fault.Target{Thing: "s"}}
	require.NoError(t, good.Validate())
	for _, c := range []struct {
		change func(*fault.Fault)
		want   string
	}{
		{func(f *fault.Fault) { f.Kind = "meteor" }, `"meteor" is none of connection-reset, half-open`},
		{func(f *fault.Fault) { f.At = -1 }, "at:"},
		{func(f *fault.Fault) { f.For = -1 }, "for:"},
		{func(f *fault.Fault) { f.Target.Thing = "" }, "target.thing"},
	} {
		f := good
		c.change(&f)
		require.ErrorContains(t, f.Validate(), c.want)
	}
}
