package bench

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// connectTime bounds how long the devices may take to connect.
const connectTime = 5 * time.Minute

// connects lets all devices connect at once, say hello and then wait.
func (o Options) connects(ctx context.Context, w *scenarios.World, r *Result) error {
	progress, enough := &scenarios.Progress{}, atomic.Bool{}
	before := settledHeap()
	fleet, err := w.StartFleet(ctx, scenarios.FleetPlan{
		Seed: 1, Duration: time.Hour, Interrupted: enough.Load, Progress: progress,
		Groups: []scenarios.Group{{Name: "connected", Count: o.Devices, Interval: time.Hour, KeepAlive: 20 * time.Minute, Ramp: time.Millisecond}},
	})
	if err != nil {
		return err
	}
	began := time.Now()
	defer fleet.Wait()
	defer enough.Store(true)
	for progress.Snapshot().Connected < o.Devices {
		if time.Since(began) > connectTime || ctx.Err() != nil {
			return fmt.Errorf("%d of %d devices have connected in %s", progress.Snapshot().Connected, o.Devices, time.Since(began).Round(time.Second))
		}
		time.Sleep(time.Millisecond)
	}
	r.Devices, r.Connects = o.Devices, float64(o.Devices)/time.Since(began).Seconds()
	if err := w.Drain(ctx, drainTime); err != nil {
		return err
	}
	r.DeviceBytes = (settledHeap() - before) / o.Devices
	return nil
}

// settledHeap is the memory in use, stacks included, without garbage.
func settledHeap() int {
	var m runtime.MemStats
	for range 3 { // stacks shrink one half a time
		runtime.GC()
	}
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc + m.StackInuse)
}
