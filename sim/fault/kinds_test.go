package fault_test

import (
	"bytes"
	"context"
	"io"
	"net"
	"os"
	"strings"
	"syscall"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/fault"
)

func inBubble(t *testing.T, name string, f func(t *testing.T, p *path)) {
	t.Run(name, func(t *testing.T) { synctest.Test(t, func(t *testing.T) { f(t, inMemory(t)) }) })
}

func TestLatency(t *testing.T) {
	second := fault.Parameters{Delay: time.Second}
	inBubble(t, "both ways, exactly", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Latency, second)
		for _, d := range append(p.lateness(5, true), p.lateness(5, false)...) {
			require.Equal(t, time.Second, d)
		}
		began := time.Now()
		p.connect()
		require.Equal(t, 2*time.Second, time.Since(began), "SYN and its answer")
	})
	inBubble(t, "a pipeline, not a queue", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Latency, second)
		began := time.Now()
		for range 100 {
			_, err := p.device.Write([]byte("x"))
			require.NoError(t, err)
			time.Sleep(time.Millisecond)
		}
		_, err := io.ReadFull(p.broker, make([]byte, 100))
		require.NoError(t, err)
		require.Equal(t, 1099*time.Millisecond, time.Since(began))
	})
	inBubble(t, "several add up", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Latency, second)
		p.begin(2, fault.Latency, second)
		require.Equal(t, 2*time.Second, p.lateness(1, true)[0])
		p.link.End(1)
		require.Equal(t, time.Second, p.lateness(1, true)[0])
	})
	inBubble(t, "jitter is even and keeps the order", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Latency, fault.Parameters{Delay: time.Second, Jitter: time.Second})
		late := p.lateness(2000, true)
		var sum, low, high = time.Duration(0), time.Hour, time.Duration(0)
		for _, d := range late {
			sum, low, high = sum+d, min(low, d), max(high, d)
			require.Zero(t, d%time.Millisecond, "in the sender's lane")
		}
		require.InDelta(t, 1, (sum / 2000).Seconds(), 0.07, "five standard deviations of 1/√12/√2000 s")
		require.Less(t, low, 20*time.Millisecond)
		require.Greater(t, high, 1980*time.Millisecond)

		want := strings.Repeat("0123456789", 10)
		go func() {
			for i := range want {
				_, _ = p.device.Write([]byte(want[i : i+1]))
				time.Sleep(time.Millisecond)
			}
		}()
		got := make([]byte, len(want))
		_, err := io.ReadFull(p.broker, got)
		require.NoError(t, err)
		require.Equal(t, want, string(got))
	})
	inBubble(t, "the same for a seed and thing", func(t *testing.T, p *path) {
		with := fault.Parameters{Delay: time.Second, Jitter: time.Second}
		run := func(thing string, seed uint64) []time.Duration {
			q := inMemory(t)
			q.link.Thing, q.link.Seed = thing, seed
			q.connect().begin(1, fault.Latency, with)
			return q.lateness(20, false)
		}
		first := run("a", 1)
		require.Equal(t, first, run("a", 1))
		require.NotEqual(t, first, run("b", 1))
		require.NotEqual(t, first, run("a", 2))
	})
	inBubble(t, "the end is late too", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Latency, second)
		began := time.Now()
		_, err := p.device.Write([]byte("bye"))
		require.NoError(t, err)
		require.NoError(t, p.device.Close())
		got, err := io.ReadAll(p.broker)
		require.NoError(t, err)
		require.Equal(t, "bye", string(got))
		require.Equal(t, time.Second, time.Since(began))

		p.connect()
		began = time.Now()
		_, err = p.broker.Write([]byte("bye"))
		require.NoError(t, err)
		require.NoError(t, p.broker.Close())
		got, err = io.ReadAll(p.device)
		require.NoError(t, err)
		require.Equal(t, "bye", string(got))
		require.Equal(t, time.Second, time.Since(began))
	})
	inBubble(t, "what is on its way when it ends comes at once", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Latency, fault.Parameters{Delay: time.Hour})
		_, err := p.device.Write([]byte("x"))
		require.NoError(t, err)
		time.Sleep(time.Second + time.Microsecond)
		p.link.End(1)
		require.Equal(t, 999*time.Microsecond, send(t, p.device, p.broker, "xx")/time.Microsecond*time.Microsecond, "in the lane of the first")
	})
}

func TestBandwidth(t *testing.T) {
	inBubble(t, "each way by itself", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Bandwidth, fault.Parameters{Bandwidth: 1000})
		text := strings.Repeat("x", 5000)
		other := make(chan time.Duration, 1)
		go func() { other <- send(t, p.broker, p.device, text) }()
		require.Equal(t, 5*time.Second, send(t, p.device, p.broker, text))
		require.Equal(t, 5*time.Second, <-other)
	})
	inBubble(t, "one after the other, in pieces", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Bandwidth, fault.Parameters{Bandwidth: 1460})
		began := time.Now()
		for range 4 {
			_, err := p.device.Write(bytes.Repeat([]byte("x"), 2920))
			require.NoError(t, err)
			time.Sleep(time.Millisecond)
		}
		for n := range 8 {
			_, err := io.ReadFull(p.broker, make([]byte, 1460))
			require.NoError(t, err)
			require.Equal(t, time.Duration(n+1)*time.Second, time.Since(began).Truncate(10*time.Millisecond))
		}
	})
	inBubble(t, "the narrowest counts, and changes on the way", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Bandwidth, fault.Parameters{Bandwidth: 1000})
		p.begin(2, fault.Bandwidth, fault.Parameters{Bandwidth: 100})
		time.AfterFunc(10*time.Second, func() { p.link.End(2) })
		require.Equal(t, 14*time.Second, send(t, p.device, p.broker, strings.Repeat("x", 5000)))
	})
	inBubble(t, "with latency", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Bandwidth, fault.Parameters{Bandwidth: 1000})
		p.begin(2, fault.Latency, fault.Parameters{Delay: time.Minute})
		require.Equal(t, 65*time.Second, send(t, p.device, p.broker, strings.Repeat("x", 5000)))
	})
	inBubble(t, "more than 16 MiB is too much", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Bandwidth, fault.Parameters{Bandwidth: 1})
		_, err := p.device.Write(make([]byte, 16<<20))
		require.NoError(t, err)
		_, err = p.device.Write([]byte("x"))
		require.ErrorContains(t, err, "more than 16777216 bytes wait on the faulty link")
		_, err = p.device.Read(make([]byte, 1))
		require.ErrorContains(t, err, "more than 16777216 bytes")
	})
}

func TestPartition(t *testing.T) {
	inBubble(t, "holds, then delivers in order", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Partition, fault.Parameters{})
		for _, text := range []string{"one", "two"} {
			_, err := p.device.Write([]byte(text))
			require.NoError(t, err)
			_, err = p.broker.Write([]byte(text))
			require.NoError(t, err)
			silent(t, p.broker, time.Minute)
			silent(t, p.device, time.Minute)
		}
		p.link.End(1)
		for _, end := range []net.Conn{p.broker, p.device} {
			got := make([]byte, 6)
			_, err := io.ReadFull(end, got)
			require.NoError(t, err)
			require.Equal(t, "onetwo", string(got))
		}
	})
	inBubble(t, "a read that waited goes on", func(t *testing.T, p *path) {
		p.connect()
		time.AfterFunc(time.Second, func() { p.begin(1, fault.Partition, fault.Parameters{}) })
		time.AfterFunc(2*time.Second, func() { _, _ = p.broker.Write([]byte("x")) })
		time.AfterFunc(time.Minute, func() { p.link.End(1) })
		began := time.Now()
		_, err := p.device.Read(make([]byte, 1))
		require.NoError(t, err)
		require.Equal(t, time.Minute, time.Since(began))
	})
	inBubble(t, "closed meanwhile: a reset once it heals", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Partition, fault.Parameters{})
		_, err := p.device.Write([]byte("x"))
		require.NoError(t, err)
		require.NoError(t, p.device.Close())
		silent(t, p.broker, time.Minute)
		p.link.End(1)
		_, err = p.broker.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ECONNRESET)
	})
	inBubble(t, "TCP gives up after 924.6 s", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Partition, fault.Parameters{})
		_, err := p.device.Write([]byte("x"))
		require.NoError(t, err)
		began := time.Now()
		_, err = p.device.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ETIMEDOUT)
		require.Equal(t, 924_600*time.Millisecond, time.Since(began))
		_, err = p.broker.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ECONNRESET)
	})
	inBubble(t, "dials wait", func(t *testing.T, p *path) {
		p.begin(1, fault.Partition, fault.Parameters{})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := p.link.Dial(ctx, p.dialer)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		var timeout net.Error
		require.ErrorAs(t, err, &timeout)
		time.AfterFunc(time.Hour, func() { p.link.End(1) })
		began := time.Now()
		p.connect()
		require.Equal(t, time.Hour+time.Millisecond, time.Since(began), "the next in its lane")
		p.quick()
	})
}

func TestDrop(t *testing.T) {
	inBubble(t, "late by 200 ms, doubling", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Drop, fault.Parameters{Rate: 0.5})
		count := map[time.Duration]int{}
		for range 2000 { // what is sent at one instant is one segment
			time.Sleep(time.Millisecond)
			count[p.lateness(1, true)[0]]++
			count[p.lateness(1, false)[0]]++
		}
		// 4,000 throws of a coin: the standard deviations are 32, 32, 26 and 19.
		for late, want := range map[time.Duration]int{0: 2000, 200 * time.Millisecond: 1000, 600 * time.Millisecond: 500, 1400 * time.Millisecond: 250} {
			require.InDelta(t, want, count[late], 160, "%s", late)
		}
	})
	inBubble(t, "everything behind waits", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Drop, fault.Parameters{Rate: 1})
		_, err := p.device.Write([]byte("a"))
		require.NoError(t, err)
		time.Sleep(100 * time.Millisecond)
		_, err = p.device.Write([]byte("b"))
		require.NoError(t, err)
		silent(t, p.broker, time.Minute)
		p.link.End(1)
		got := make([]byte, 2)
		_, err = io.ReadFull(p.broker, got)
		require.NoError(t, err)
		require.Equal(t, "ab", string(got))
		p.quick()
	})
	inBubble(t, "TCP gives up", func(t *testing.T, p *path) {
		p.connect().begin(1, fault.Drop, fault.Parameters{Rate: 1})
		began := time.Now()
		_, err := p.device.Write([]byte("a"))
		require.NoError(t, err)
		_, err = p.device.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ETIMEDOUT)
		// Linux: "The default value of 15 yields a hypothetical timeout of 924.6 seconds".
		require.Equal(t, 924_600*time.Millisecond, time.Since(began))
	})
	inBubble(t, "a dial repeats its SYN", func(t *testing.T, p *path) {
		p.begin(1, fault.Drop, fault.Parameters{Rate: 1})
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		_, err := p.link.Dial(ctx, p.dialer)
		require.ErrorIs(t, err, context.DeadlineExceeded)
		p.link.End(1)
		p.begin(1, fault.Drop, fault.Parameters{Rate: 0.5})
		count := map[time.Duration]int{}
		for range 200 {
			began := time.Now()
			p.connect()
			count[time.Since(began)]++
			_ = p.device.Close()
		}
		require.InDelta(t, 100, count[0], 35)
		require.InDelta(t, 50, count[time.Second], 30)
		require.InDelta(t, 25, count[3*time.Second], 23)
	})
}

func TestHalfOpenStaysDead(t *testing.T) {
	inBubble(t, "", func(t *testing.T, p *path) {
		p.connect()
		waiting := make(chan error, 1)
		go func() { _, err := p.device.Read(make([]byte, 1)); waiting <- err }()
		time.Sleep(time.Second)
		p.begin(1, fault.HalfOpen, fault.Parameters{})
		_, err := p.broker.Write([]byte("x"))
		require.NoError(t, err)
		time.Sleep(time.Minute)
		p.link.End(1)
		_, err = p.device.Write([]byte("x"))
		require.NoError(t, err)
		silent(t, p.broker, time.Minute)
		require.NoError(t, p.broker.Close(), "its end does not get through either")
		time.Sleep(time.Minute)
		require.NoError(t, p.device.SetReadDeadline(time.Now()))
		require.ErrorIs(t, <-waiting, os.ErrDeadlineExceeded)
	})
}

func TestResetOverTCP(t *testing.T) {
	for _, shaped := range []bool{false, true} {
		p := overTCP(t).connect()
		if shaped {
			p.begin(2, fault.Latency, fault.Parameters{Delay: time.Millisecond})
		}
		time.AfterFunc(10*time.Millisecond, func() { p.begin(1, fault.ConnectionReset, fault.Parameters{}) })
		_, err := p.device.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ECONNRESET)
		_, err = p.broker.Read(make([]byte, 1))
		require.ErrorIs(t, err, syscall.ECONNRESET)
		_, err = p.device.Write([]byte("x"))
		require.ErrorIs(t, err, syscall.ECONNRESET)
		_, err = p.link.Dial(t.Context(), p.dialer)
		require.ErrorIs(t, err, syscall.ECONNREFUSED)
	}
}

// TestVanish is what a device does that loses its power: with and without a fault,
// the broker hears nothing any more, and what was on its way is gone.
func TestVanish(t *testing.T) {
	for name, with := range map[string]time.Duration{"healthy": 0, "late": time.Second} {
		inBubble(t, name, func(t *testing.T, p *path) {
			if p.connect(); with > 0 {
				p.begin(1, fault.Latency, fault.Parameters{Delay: with})
				_, err := p.device.Write([]byte("x"))
				require.NoError(t, err)
			}
			reading := make(chan error, 1)
			go func() { _, err := p.device.Read(make([]byte, 1)); reading <- err }()
			time.Sleep(with / 2)
			require.NoError(t, p.device.(interface{ Vanish() error }).Vanish())
			require.ErrorIs(t, <-reading, net.ErrClosed)
			require.ErrorIs(t, p.device.Close(), net.ErrClosed)
			p.link.Heal()
			silent(t, p.broker, 30*time.Minute)
			_, err := p.broker.Write([]byte("x"))
			require.NoError(t, err)
			p.connect().quick()
		})
	}
}

// TestOverTCP is each kind on the real clock and the machine's own TCP.
func TestOverTCP(t *testing.T) {
	with := func(k fault.Kind, its fault.Parameters) *path {
		p := overTCP(t).connect()
		p.quick()
		p.begin(1, k, its)
		return p
	}
	late := func(p *path) {
		for _, d := range append(p.lateness(1, true), p.lateness(1, false)...) {
			require.GreaterOrEqual(t, d, 100*time.Millisecond)
			require.Less(t, d, 2*time.Second)
		}
		p.link.End(1)
		p.quick()
	}
	late(with(fault.Latency, fault.Parameters{Delay: 100 * time.Millisecond}))
	late(with(fault.Bandwidth, fault.Parameters{Bandwidth: 100}))
	for _, k := range []fault.Kind{fault.Partition, fault.Drop, fault.HalfOpen} {
		p := with(k, fault.Parameters{})
		for _, ends := range [][2]net.Conn{{p.device, p.broker}, {p.broker, p.device}} {
			_, err := ends[0].Write([]byte("x"))
			require.NoError(t, err)
			silent(t, ends[1], 20*time.Millisecond)
		}
		p.link.End(1)
		if k == fault.HalfOpen {
			silent(t, p.broker, 20*time.Millisecond)
			continue
		}
		for _, end := range []net.Conn{p.device, p.broker} {
			_, err := io.ReadFull(end, make([]byte, 1))
			require.NoError(t, err)
		}
		p.quick()
	}
}
