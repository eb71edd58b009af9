package fault_test

import (
	"context"
	"errors"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	"github.com/stretchr/testify/require"

	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// TestTimeout: nothing is done and nothing answered, until Delay has passed, the
// caller gives up or the fault ends.
func TestTimeout(t *testing.T) {
	for service := range operations {
		t.Run(service, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := start(t)
				w.begin(simfault.Timeout, service, "", simfault.Parameters{Delay: 30 * time.Second})
				began := time.Now()
				err := w.store(t.Context(), service, 1)
				require.Equal(t, 30*time.Second, time.Since(began))
				timeout, ok := errors.AsType[net.Error](err)
				require.True(t, ok && timeout.Timeout(), "%v", err)
				require.Equal(t, aws.TrueTernary, retry.IsErrorRetryables(retry.DefaultRetryables).IsErrorRetryable(err))
				require.Zero(t, w.stored(service))

				w.begin(simfault.Timeout, service, "", simfault.Parameters{})
				ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
				defer cancel()
				began = time.Now()
				require.ErrorIs(t, w.store(ctx, service, 2), context.DeadlineExceeded)
				require.Equal(t, 5*time.Second, time.Since(began))

				time.AfterFunc(time.Hour, func() { w.injector.End(0) })
				began = time.Now()
				require.Error(t, w.store(t.Context(), service, 3))
				require.Equal(t, time.Hour, time.Since(began))
				require.Zero(t, w.stored(service))
				require.Equal(t, 3, w.injector.Hits(0))
				require.NoError(t, w.store(t.Context(), service, 4))
			})
		})
	}
}

func TestSlowCalls(t *testing.T) {
	for service := range operations {
		t.Run(service, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				w := start(t)
				w.begin(simfault.SlowCalls, service, "", simfault.Parameters{Delay: 3 * time.Second})
				began := time.Now()
				require.NoError(t, w.store(t.Context(), service, 1))
				require.Equal(t, 3*time.Second, time.Since(began))

				w.begin(simfault.SlowCalls, service, "", simfault.Parameters{Delay: 3 * time.Second, Jitter: time.Second})
				took := map[time.Duration]bool{}
				for n := range 10 {
					began = time.Now()
					require.NoError(t, w.store(t.Context(), service, 2+n))
					require.InDelta(t, 3*time.Second, time.Since(began), float64(time.Second))
					took[time.Since(began)] = true
				}
				require.Greater(t, len(took), 5, "the delay varies")

				ctx, cancel := context.WithTimeout(t.Context(), time.Second)
				defer cancel()
				began = time.Now()
				require.ErrorIs(t, w.store(ctx, service, 20), context.DeadlineExceeded)
				require.Equal(t, time.Second, time.Since(began))
			})
		})
	}
}

// TestFaultsOverlap: each is a layer, the lowest id outermost.
func TestFaultsOverlap(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		w := start(t)
		target := simfault.Target{Service: "kinesis"}
		slow := simfault.Fault{Kind: simfault.SlowCalls, Target: target, Parameters: simfault.Parameters{Delay: time.Second}}
		w.injector.Begin(4, simfault.Fault{Kind: simfault.Throttle, Target: target})
		w.injector.Begin(2, slow)
		w.injector.Begin(5, simfault.Fault{Kind: simfault.LostAnswer, Target: target})
		began := time.Now()
		require.True(t, refusals["kinesis"].throttle(w.store(t.Context(), "kinesis", 1)))
		require.Equal(t, time.Second, time.Since(began), "the refusal is slow")
		require.Equal(t, 1, w.injector.Hits(2))
		require.Equal(t, 1, w.injector.Hits(4))
		require.Zero(t, w.injector.Hits(5), "the call was refused before")
		w.injector.End(4)
		began = time.Now()
		require.True(t, refusals["kinesis"].broken(w.store(t.Context(), "kinesis", 1)))
		require.Equal(t, time.Second, time.Since(began))
		require.Equal(t, 1, w.stored("kinesis"))
		w.injector.End(2)
		w.injector.End(5)
		w.injector.End(9) // never begun
		require.NoError(t, w.store(t.Context(), "kinesis", 1))
	})
}
