package bench

import (
	"context"
	"fmt"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// FleetRate is how many messages a second a fleet sends together, whatever its
// size: low enough for a slow machine to keep up, and high enough that what a world
// does without messages does not count.
const FleetRate = 4000

// Messages are counted over whole cycles of the garbage collector, and for
// Options.For at least. The cycles before them let the heap grow to what it stays
// at: the first touch of every page is paid once, however many messages follow.
const (
	settlingCycles = 2
	countedCycles  = 2
	cycleTime      = 5 * time.Minute // bounds the wait for them
)

// history is for how long a fleet sends before its messages are counted. A
// world keeps what became of every message (records, objects, the ledger), and a
// larger heap costs more to mark: a fleet that took longer to connect would pay for
// its history, not for its devices.
const history = 100 * time.Second

// connectRamp is how long the devices of a fleet take to connect, each.
const connectRamp = 4 * time.Millisecond

// FleetCost is the processor time of a message, from its sample to every sink, in a
// fleet of so many devices: simulator, emulators and pipeline, with TLS at both ends.
type FleetCost struct {
	Devices int
	CPU     time.Duration
}

// mostBehind is how long messages are on their way where the pipeline keeps up: it
// polls once a second, and waits for a batch.
const mostBehind = 5 * time.Second

// leastFleet can send FleetRate within 100 messages a second of a connection.
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
const leastFleet = 100

// Fleets measures what a message costs in fleets of so many devices, one after the
// other, and tells each. It is the same in all as long as nothing that a message
// does depends on how many devices there are. Every device's hello and good-bye are
// left out.
func Fleets(ctx context.Context, o Options, sizes []int, tell func(FleetCost)) error {
	if err := ValidateFleets(sizes); err != nil {
		return err
	}
	o.fill()
	for _, devices := range sizes {
		o.Say("measuring a fleet of %d", devices)
		err := o.within(ctx, fleetPipeline, func(w *scenarios.World) error {
			c, err := o.fleet(ctx, w, devices, load{FleetRate, history})
			if err == nil {
				tell(c)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("a fleet of %d: %w", devices, err)
		}
	}
	return nil
}

// ValidateFleets tells which size cannot be measured.
func ValidateFleets(sizes []int) error {
	for _, devices := range sizes {
		if devices < leastFleet {
			return fmt.Errorf("a fleet of %d does not send %d messages a second: there must be %d devices", devices, FleetRate, leastFleet)
		}
	}
	return nil
}

// fleetPipeline is what a scenario has where it says nothing.
var fleetPipeline = scenarios.Pipeline{Shards: 4, Poll: time.Second}

// load is how many messages a second a fleet sends, and for how long before they
// are counted.
type load struct {
	rate    int
	history time.Duration
}

func (o Options) fleet(ctx context.Context, w *scenarios.World, devices int, l load) (FleetCost, error) {
	progress, enough := &scenarios.Progress{}, atomic.Bool{}
	fleet, err := w.StartFleet(ctx, scenarios.FleetPlan{
		Seed: 1, Duration: 24 * time.Hour, Interrupted: enough.Load, Progress: progress,
		Groups: []scenarios.Group{{
			Name: "sensor", Count: devices, KeepAlive: 20 * time.Minute, Ramp: time.Duration(devices) * connectRamp,
			Interval: time.Duration(devices) * time.Second / time.Duration(l.rate),
		}},
	})
	if err != nil {
		return FleetCost{}, err
	}
	defer fleet.Wait()
	defer enough.Store(true)
	written := func() int { return int(w.Ledger.Count(ledger.Written)) }
	before := int(float64(l.rate) * l.history.Seconds())
	ready := func() bool { return progress.Snapshot().Connected == devices && written() >= before }
	if err := await(ctx, ready, connectTime+2*l.history); err != nil {
		return FleetCost{}, fmt.Errorf("%d devices have connected, and %d messages of the first %d are stored: %w", progress.Snapshot().Connected, written(), before, err)
	}
	if err := await(ctx, cycles(settlingCycles, 0), cycleTime); err != nil {
		return FleetCost{}, fmt.Errorf("garbage collection: %w", err)
	}
	from, used := written(), o.CPU()
	if err := await(ctx, cycles(countedCycles, o.For), cycleTime+o.For); err != nil {
		return FleetCost{}, fmt.Errorf("garbage collection: %w", err)
	}
	sent := written() - from
	if behind := int(w.Ledger.Count(ledger.Sampled)) - written(); behind > l.rate*int(mostBehind.Seconds()) {
		return FleetCost{}, fmt.Errorf("this machine does not keep up with %d messages a second: %d are on their way", l.rate, behind)
	}
	return FleetCost{devices, each(o.CPU()-used, sent)}, nil
}

// await asks until it is so.
func await(ctx context.Context, so func() bool, most time.Duration) error {
	for began := time.Now(); !so(); time.Sleep(10 * time.Millisecond) {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		if time.Since(began) > most {
			return fmt.Errorf("not done in %s", most)
		}
	}
	return nil
}

// cycles tells when a cycle of the garbage collector ends, so many cycles and so
// much time from the first question.
func cycles(n uint64, least time.Duration) func() bool {
	var began time.Time
	var from, last uint64
	return func() bool {
		now := collections()
		if began.IsZero() {
			began, from, last = time.Now(), now, now
		}
		ended := now != last
		last = now
		return ended && now-from >= n && time.Since(began) >= least
	}
}

// collections is how many cycles of the garbage collector have ended.
func collections() uint64 {
	sample := []metrics.Sample{{Name: "/gc/cycles/total:gc-cycles"}}
	metrics.Read(sample)
	return sample[0].Value.Uint64()
}
