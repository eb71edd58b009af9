package scenarios_test

import (
	"context"
	"os"
	"runtime"
	"runtime/pprof"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// footprintDevices is enough for what a device costs to stand out.
const footprintDevices = 2000

// BenchmarkConnectedDevice measures what a connected device costs that has said
// hello and then waits: both ends of its TLS connection in memory, its firmware,
// its thing and certificate, its state in the stores, the ledger. With
// SHAKEDOWN_HEAP=file it leaves a heap profile of that moment.
func BenchmarkConnectedDevice(b *testing.B) {
	for b.Loop() {
		before := settledMemory()
		w, err := scenarios.NewWorld(context.Background(), scenarios.WorldOptions{})
		require.NoError(b, err)
		progress, enough := &scenarios.Progress{}, atomic.Bool{}
		provisioning := time.Now()
		fleet, err := w.StartFleet(context.Background(), scenarios.FleetPlan{
			Seed: 1, Duration: time.Hour, Interrupted: enough.Load, Progress: progress,
			Groups: []scenarios.Group{{Name: "sensor", Count: footprintDevices, Interval: time.Hour, KeepAlive: 20 * time.Minute, Ramp: 10 * time.Second}},
		})
		require.NoError(b, err)
		provisioned := time.Since(provisioning)
		require.Eventually(b, func() bool { return progress.Snapshot().Connected == footprintDevices }, 3*time.Minute, 100*time.Millisecond)
		require.NoError(b, w.Drain(context.Background(), time.Minute))
		after := settledMemory()
		if path := os.Getenv("SHAKEDOWN_HEAP"); path != "" {
			file, err := os.Create(path)
			require.NoError(b, err)
			require.NoError(b, pprof.Lookup("heap").WriteTo(file, 0))
			require.NoError(b, file.Close())
		}
		b.ReportMetric(perDevice(after.HeapAlloc, before.HeapAlloc), "heap-B/device")
		b.ReportMetric(perDevice(after.StackInuse, before.StackInuse), "stack-B/device")
		b.ReportMetric(perDevice(after.Sys-after.HeapReleased, before.Sys-before.HeapReleased), "all-B/device")
		b.ReportMetric(float64(runtime.NumGoroutine())/footprintDevices, "goroutines/device")
		b.ReportMetric(float64(provisioned.Microseconds())/footprintDevices, "provisioning-µs/device")
		enough.Store(true)
		fleet.Wait()
		require.NoError(b, w.Close())
	}
}

// settledMemory is the memory in use once stacks have shrunk and garbage is gone.
func settledMemory() *runtime.MemStats {
	for range 6 {
		runtime.GC()
	}
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return &m
}

func perDevice(after, before uint64) float64 {
	return (float64(after) - float64(before)) / footprintDevices
}
