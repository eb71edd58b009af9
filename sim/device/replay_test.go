package device_test

import (
	"context"
	"fmt"
	"net"
	"runtime"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/device"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

// TestSameFaultsEachRun lets every kind of fault of links and devices overlap on
// twenty devices, begun for all at one instant, and wants every event of every
// device at the same nanosecond again.
func TestSameFaultsEachRun(t *testing.T) {
	faults := []fault.Fault{
		{At: 20 * time.Second, For: 50 * time.Second, Kind: fault.Latency, Parameters: fault.Parameters{Delay: 300 * time.Millisecond, Jitter: 200 * time.Millisecond}},
		{At: 25 * time.Second, For: 50 * time.Second, Kind: fault.Drop, Parameters: fault.Parameters{Rate: 0.3}},
		{At: 30 * time.Second, For: 5 * time.Second, Kind: fault.Partition},
		{At: 40 * time.Second, For: 50 * time.Second, Kind: fault.Bandwidth, Parameters: fault.Parameters{Bandwidth: 500}},
		{At: 50 * time.Second, For: 10 * time.Second, Kind: fault.PayloadCorruption, Parameters: fault.Parameters{Rate: 0.5}},
		{At: 60 * time.Second, For: 10 * time.Second, Kind: fault.ConnectStorm},
		{At: 80 * time.Second, For: 30 * time.Second, Kind: fault.DuplicateDelivery, Parameters: fault.Parameters{Times: 2}},
		{At: 100 * time.Second, For: 10 * time.Second, Kind: fault.PowerLoss},
		{At: 120 * time.Second, For: 10 * time.Second, Kind: fault.ConnectionReset},
		{At: 150 * time.Second, For: 10 * time.Second, Kind: fault.HalfOpen},
		{At: 180 * time.Second, For: 60 * time.Second, Kind: fault.DriftingSensor, Parameters: fault.Parameters{Metric: "temperature", Drift: 10}},
	}
	var resent, connected int
	run := func(procs int, seed uint64) (hash string) {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(procs))
		synctest.Test(t, func(t *testing.T) {
			w := newWorld(t)
			for i := range 20 {
				name := fmt.Sprintf("s%02d", i)
				link := &fault.Link{Thing: name, Seed: seed}
				d := &fault.Device{Thing: name, Seed: seed, Machine: w.start(name, func(c *device.Config) {
					dial := c.Dial
					c.Index, c.Dial = i, func(ctx context.Context) (net.Conn, error) { return link.Dial(ctx, dial) }
				})}
				for id, f := range faults {
					time.AfterFunc(f.At, func() { link.Begin(id, f); d.Begin(id, f) })
					time.AfterFunc(f.At+f.For, func() { link.End(id); d.End(id) })
				}
			}
			time.Sleep(6 * time.Minute)
			w.end()
			hash = w.hash()
			resent, connected = len(w.of("s07", device.Resent)), len(w.of("s07", device.Connected))
		})
		return hash
	}
	first := run(1, 1)
	require.Greater(t, resent, 0)
	require.Greater(t, connected, 3)
	require.Equal(t, first, run(2, 1), "GOMAXPROCS 2")
	require.Equal(t, first, run(2, 1), "again")
	require.NotEqual(t, first, run(2, 2), "another seed")
}
