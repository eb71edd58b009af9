package scenarios_test

import (
	"context"
	"fmt"
	"runtime/metrics"
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
const messageRate = 4000

// Messages are counted over whole cycles of the garbage collector, and for a time
// at least. The cycles before them let the heap grow to what it stays at: the first
// touch of every page is paid once, however many messages follow.
//
// So many messages come before them in each fleet. A world keeps what became of every
// message (records, objects, the ledger), and a larger heap costs more to mark: a
// fleet that took longer to connect would pay for its history, not for its devices.
const (
	history       = 400_000
	settling      = 2
	counted       = 2
	measuredLeast = 20 * time.Second
)

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
	pipeline := scenarios.Pipeline{Shards: 4, Poll: time.Second} // as a scenario has it where it says nothing
	w, err := scenarios.NewWorld(ctx, scenarios.WorldOptions{Pipeline: pipeline})
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
	require.Eventually(b, func() bool { return w.Ledger.Count(ledger.Written) >= history }, 5*time.Minute, 100*time.Millisecond)
	collected(b, settling, 0)
	begin := time.Now()
	before, from := w.Ledger.Count(ledger.Written), cpuTime(b)
	collected(b, counted, measuredLeast)
	lasted := time.Since(begin)
	after, to := w.Ledger.Count(ledger.Written), cpuTime(b)
	enough.Store(true)
	fleet.Wait()
	require.NoError(b, w.Close())
	require.Greater(b, float64(after-before), 0.9*messageRate*lasted.Seconds(), "the machine does not keep up")
	return float64((to - from).Microseconds()) / float64(after-before)
}

// collected returns at the end of a cycle of the garbage collector, so many cycles
// and so much time from now.
func collected(b *testing.B, cycles uint64, least time.Duration) {
	from, begin := ended(), time.Now()
	for last := from; ; {
		time.Sleep(10 * time.Millisecond)
		now := ended()
		if now != last && now-from >= cycles && time.Since(begin) >= least {
			return
		}
		last = now
		require.Less(b, time.Since(begin), 5*time.Minute, "no garbage is collected")
	}
}

// ended is how many cycles of the garbage collector have ended.
func ended() uint64 {
	cycles := []metrics.Sample{{Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(cycles)
	return cycles[0].Value.Uint64()
}

// cpuTime is what this process has used so far.
func cpuTime(b *testing.B) time.Duration {
	var r syscall.Rusage
	require.NoError(b, syscall.Getrusage(syscall.RUSAGE_SELF, &r))
	return time.Duration(r.Utime.Nano() + r.Stime.Nano())
}
