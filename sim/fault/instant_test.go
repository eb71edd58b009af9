package fault_test

import (
	"context"
	"net"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/fault"
	"github.com/shakedown-iot/shakedown/sim/memnet"
)

// TestDialBetweenTwoFaults: where one fault ends and another begins at one instant, a
// dial that waits never sees the healthy link between them.
func TestDialBetweenTwoFaults(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		link := fault.Link{Thing: "sensor"}
		link.Begin(0, fault.Fault{Kind: fault.HalfOpen})
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		began, done := time.Now(), make(chan error, 1)
		go func() {
			_, err := link.Dial(ctx, func(context.Context) (net.Conn, error) { c, _ := memnet.Pipe(); return c, nil })
			done <- err
		}()
		time.Sleep(time.Second)
		link.End(0)
		synctest.Wait() // the dial is woken before the next fault begins
		link.Begin(1, fault.Fault{Kind: fault.Partition})
		require.ErrorIs(t, <-done, context.DeadlineExceeded)
		require.Equal(t, 10*time.Second, time.Since(began))
	})
}
