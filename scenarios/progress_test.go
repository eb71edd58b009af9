package scenarios_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/bubble"
)

// TestProgressAddsUp: at a run's end the counters that are shown while it goes on
// agree with each other and with the audit.
func TestProgressAddsUp(t *testing.T) {
	bubble.Test(t, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), func(t *testing.T) {
		scenario := parse(t, `
name: adds-up
clock: virtual
duration: 2m
fleet:
  - {name: s, count: 4, interval: 5s, only: {s-00002: {temperature: {base: 20, spikes: [{at: 30s, for: 20s, value: 55}]}}}}
`)
		var progress scenarios.Progress
		var beat int64
		outcome, err := scenarios.Run(t.Context(), scenarios.RunOptions{Scenario: scenario, Progress: &progress, AtRest: func() { beat = progress.Beat() }})
		require.NoError(t, err)
		require.True(t, outcome.Result.Passed())
		s := progress.Snapshot()
		require.GreaterOrEqual(t, beat, int64(4+s.Sent+s.Acked+s.Archived+s.Written), "a sign of life while things are provisioned and messages are processed")
		require.Equal(t, beat+int64(s.Found), progress.Beat())
		require.Equal(t, scenarios.Auditing, s.Phase)
		require.Equal(t, 4, s.Provisioned)
		require.Zero(t, s.Connected)
		require.Positive(t, s.Sampled)
		for what, n := range map[string]int{"acked": s.Acked, "archived": s.Archived, "streamed": s.Streamed, "written": s.Written} {
			require.Equal(t, s.Sent, n, what)
		}
		require.Positive(t, s.Alerted)
		require.Equal(t, int64(s.Written), s.WriteDelays.Count())
		require.Less(t, s.WriteDelays.Quantile(1), 10*time.Second)

		put := int64(0)
		for _, shard := range s.Traffic.Shards {
			require.Equal(t, "iot-telemetry", shard.Stream)
			put += shard.Put
		}
		require.Equal(t, int64(s.Streamed), put)
		readers := 0
		for _, r := range s.Traffic.Readers {
			readers++
			behind, known := s.Traffic.Behind("iot-telemetry", r.Reader)
			require.True(t, known)
			require.Zero(t, behind, "%s on %s", r.Function, r.Shard)
		}
		require.Equal(t, 4, readers, "two functions on two shards")
		for _, r := range s.Traffic.Rules {
			require.Zero(t, r.Failed+r.Unheeded, r.Name)
			if r.Name == "ArchiveToS3" || r.Name == "TelemetryToKinesis" {
				require.Equal(t, int64(s.Sent), r.Matched, r.Name)
				require.Equal(t, r.Matched, r.Done, r.Name)
			}
		}
		for _, f := range s.Traffic.Functions {
			require.Equal(t, f.Invoked, f.Succeeded, f.Name)
			require.Zero(t, f.Running(), f.Name)
		}
	})
}
