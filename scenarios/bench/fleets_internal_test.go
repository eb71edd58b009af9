package bench

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// TestFleet: as many messages are counted as the fleet sends, and the processor
// time is theirs.
func TestFleet(t *testing.T) {
	if testing.Short() {
		t.Skip("it measures for seconds")
	}
	began := time.Now()
	o := Options{For: 2 * time.Second, CPU: func() time.Duration { return time.Since(began) }} // as of one processor that is never idle
	o.fill()
	require.NoError(t, o.within(t.Context(), fleetPipeline, func(w *scenarios.World) error {
		c, err := o.fleet(t.Context(), w, 50, load{1000, time.Second})
		require.Equal(t, 50, c.Devices)
		require.InDelta(t, 1000, c.CPU.Microseconds(), 700, "a thousand messages share a second")
		return err
	}))
}
