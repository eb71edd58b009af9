package device_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/device"
)

func TestLanesAreUnique(t *testing.T) {
	for _, seed := range []uint64{0, 1, 1<<64 - 1} {
		seen := map[time.Duration]bool{}
		for i := range 100_000 {
			lane := device.Lane(seed, i)
			require.True(t, lane > 0 && lane < time.Millisecond, "%s", lane)
			if seen[lane] {
				t.Fatalf("seed %d: lane %s is used twice", seed, lane)
			}
			seen[lane] = true
		}
	}
	require.NotEqual(t, device.Lane(1, 0), device.Lane(2, 0))
}

func TestBackoff(t *testing.T) {
	b := device.Backoff{Base: time.Second, Cap: 30 * time.Second}
	for failures, limit := range []time.Duration{1, 2, 4, 8, 16, 30, 30} {
		limit *= time.Second
		var longest, sum time.Duration
		for attempt := range 2000 {
			p := b.Pause(1, "sensor-00001", attempt, failures)
			require.LessOrEqual(t, p, limit)
			require.Zero(t, p%time.Millisecond)
			longest, sum = max(longest, p), sum+p
		}
		require.Greater(t, longest, limit*95/100)
		require.InDelta(t, float64(limit)/2, float64(sum)/2000, float64(limit)/20, "full jitter: uniform from nothing")
	}
	require.Equal(t, b.Pause(1, "a", 3, 9), b.Pause(1, "a", 3, 9))
	require.NotEqual(t, b.Pause(1, "a", 3, 9), b.Pause(1, "b", 3, 9))
	require.NotEqual(t, b.Pause(1, "a", 3, 9), b.Pause(2, "a", 3, 9))
	require.LessOrEqual(t, b.Pause(1, "a", 3, 1000), b.Cap)
}
