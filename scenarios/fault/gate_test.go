package fault_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/fault"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

const shard = "shardId-000000000000"

func TestStalledMapping(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i, began := fault.New(seed), time.Now()
		stall := simfault.Fault{Kind: simfault.StalledMapping, Target: simfault.Target{Function: "processor"}}
		i.Begin(0, stall)
		i.Begin(1, stall)
		time.AfterFunc(time.Minute, func() { i.End(0) })
		time.AfterFunc(2*time.Minute, func() { i.End(1) })
		require.NoError(t, i.Gate(t.Context(), "other", shard))
		require.Zero(t, time.Since(began))
		require.NoError(t, i.Gate(t.Context(), "processor", shard))
		require.Equal(t, 2*time.Minute, time.Since(began), "both stall it")
		require.Equal(t, 1, i.Hits(0))

		i.Begin(0, stall)
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, i.Gate(ctx, "processor", shard), context.DeadlineExceeded)
		i.End(0)
		require.NoError(t, i.Gate(t.Context(), "processor", shard))
	})
}

func TestSlowShard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i := fault.New(seed)
		slow := simfault.Fault{Kind: simfault.SlowShard, Target: simfault.Target{Shard: shard},
			Parameters: simfault.Parameters{Delay: 10 * time.Second, Jitter: 2 * time.Second}}
		i.Begin(0, slow)
		took := func(function, shard string) time.Duration {
			began := time.Now()
			require.NoError(t, i.Gate(t.Context(), function, shard))
			return time.Since(began)
		}
		first, second := took("f", shard), took("f", shard)
		require.InDelta(t, 10*time.Second, first, float64(2*time.Second))
		require.InDelta(t, 10*time.Second, second, float64(2*time.Second))
		require.NotEqual(t, first, second)
		require.Zero(t, took("f", "shardId-000000000001"))
		require.Equal(t, 2, i.Hits(0))

		slow.Target, slow.Jitter = simfault.Target{Function: "f"}, 0
		i.Begin(0, slow)
		require.Equal(t, 10*time.Second, took("f", "shardId-000000000001"))
		require.Zero(t, took("g", shard))

		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		require.ErrorIs(t, i.Gate(ctx, "f", shard), context.DeadlineExceeded)
		i.End(0)
		require.Zero(t, took("f", shard))
	})
}
