package scenarios_test

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// messageRate is that of the whole fleet, whatever its size, in messages a second:
// low enough for a slow machine to keep up, and high enough that what a world does
// without messages does not count.
const messageRate = 1000

// measured is how long messages are counted: some cycles of the garbage collector
// with the heap of the largest fleet.
const measured = 40 * time.Second

// BenchmarkMessageCost measures what a message costs in processor time, from its
// sample to all sinks, in fleets of more and more devices that report as much
// together. It is flat as long as nothing that a message does depends on how many
// devices there are. Messages with every device's hello and goodbye are left out.
func BenchmarkMessageCost(b *testing.B) {
	for _, devices := range []int{1000, 5000, 20000} {
		b.Run(fmt.Sprintf("devices=%d", devices), func(b *testing.B) {
			for b.Loop() {
				b.ReportMetric(messageCost(b, devices), "CPU-µs/message")
			}
		})
	}
}

// messageCost is what a message of such a fleet costs, in µs of CPU time.
func messageCost(b *testing.B, devices int) float64 {
	ctx := context.Background()
	w, err := scenarios.NewWorld(ctx, scenarios.WorldOptions{Pipeline: scenarios.Pipeline{Shards: 4}})
	require.NoError(b, err)
	progress, enough := &scenarios.Progress{}, atomic.Bool{}
	ramp := time.Duration(devices) * 4 * time.Millisecond
	fleet, err := w.StartFleet(ctx, scenarios.FleetPlan{
		Seed: 1, Duration: time.Hour, Interrupted: enough.Load, Progress: progress,
		Groups: []scenarios.Group{{Name: "sensor", Count: devices, KeepAlive: 20 * time.Minute, Ramp: ramp,
			Interval: time.Duration(devices) * time.Second / messageRate}},
	})
	require.NoError(b, err)
	require.Eventually(b, func() bool { return progress.Snapshot().Connected == devices }, 5*time.Minute, 100*time.Millisecond)
	time.Sleep(5 * time.Second) // what hellos have begun is over
	runtime.GC()
	before, from := w.Ledger.Count(ledger.Written), cpuTime(b)
	time.Sleep(measured)
	after, to := w.Ledger.Count(ledger.Written), cpuTime(b)
	enough.Store(true)
	fleet.Wait()
	require.NoError(b, w.Close())
	require.Greater(b, after-before, 10*messageRate, "the machine does not keep up")
	return float64((to - from).Microseconds()) / float64(after-before)
}

// cpuTime is what this process has used so far.
func cpuTime(b *testing.B) time.Duration {
	var r syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
