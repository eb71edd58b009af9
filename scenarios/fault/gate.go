package fault

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/pause"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// Gate is passed before each read of a shard by the mapping of a function. It
// blocks while the mapping is stalled and delays the read of a slow shard. Its
// error is that of ctx.
func (i *Injector) Gate(ctx context.Context, function, shard string) error {
	if i.now.Load() == nil {
		return ctx.Err()
	}
	if err := i.stall(ctx, function); err != nil {
		return err
	}
	for _, a := range i.befalling(func(a *active) bool { return a.slows(function, shard) }) {
		a.count()
		if !pause.For(ctx, a.pause(a.about("stream", function, shard))) {
			return ctx.Err()
		}
	}
	return ctx.Err()
}

// stall waits for the end of all faults that stall the mapping.
func (i *Injector) stall(ctx context.Context, function string) error {
	for {
		faults := i.befalling(func(a *active) bool {
			return a.Kind == simfault.StalledMapping && a.Target.Function == function
		})
		if len(faults) == 0 {
			return nil
		}
		faults[0].count()
		select {
		case <-faults[0].over:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

func (a *active) slows(function, shard string) bool {
	return a.Kind == simfault.SlowShard &&
		(a.Target.Shard == "" || a.Target.Shard == shard) && (a.Target.Function == "" || a.Target.Function == function)
}
