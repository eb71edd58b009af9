package ledger_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// TestDelays: quantiles are upper bounds, no more than an eighth too high.
func TestDelays(t *testing.T) {
	g := begin()
	for i := range 1000 {
		id := ledger.ID{Thing: "s1", Seq: uint64(i + 1)}
		g.Sample(id, "devices/s1/telemetry", payload(i+1, 20), start)
		g.Acked(id, start.Add(time.Duration(i+1)*time.Millisecond))
		g.Acked(id, start.Add(time.Hour)) // counted once
	}
	all := g.Delays(ledger.Acked)
	require.Equal(t, int64(1000), all.Count())
	for q, want := range map[float64]time.Duration{0: time.Millisecond, 0.5: 500 * time.Millisecond, 0.99: 990 * time.Millisecond, 1: time.Second} {
		got := all.Quantile(q)
		require.GreaterOrEqual(t, got, want, "quantile %v", q)
		require.LessOrEqual(t, got, want*9/8+time.Microsecond, "quantile %v", q)
	}
	require.Zero(t, all.Since(all).Quantile(0.5), "none is no delay")
	require.Zero(t, g.Delays(ledger.Written).Count())

	id := ledger.ID{Thing: "s2", Seq: 1}
	g.Sample(id, "devices/s2/telemetry", payload(1, 20), start)
	g.Acked(id, start.Add(-time.Hour)) // a clock that was set back
	require.Equal(t, 2*time.Microsecond, g.Delays(ledger.Acked).Since(all).Quantile(1).Round(2*time.Microsecond))
}
