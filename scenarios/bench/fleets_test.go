package bench_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/bench"
)

func TestFleetText(t *testing.T) {
	var out strings.Builder
	require.NoError(t, bench.FleetText(&out, []bench.FleetCost{{1000, 150 * time.Microsecond}, {20000, 300 * time.Microsecond}}))
	require.Equal(t, `processor time of a message, from its sample to every sink; 4000 messages a second

   1000 devices  150.0 µs  ████████████████████                    
  20000 devices  300.0 µs  ████████████████████████████████████████  2.00
`, out.String())
	out.Reset()
	require.NoError(t, bench.FleetText(&out, []bench.FleetCost{{1000, 0}}))
	require.Contains(t, out.String(), "1000 devices  unknown\n")
}

func TestFleetsThatAreTooSmall(t *testing.T) {
	err := bench.Fleets(t.Context(), bench.Options{}, []int{1000, 99}, func(bench.FleetCost) { t.Error("it was measured") })
	require.ErrorContains(t, err, "a fleet of 99 does not send 4000 messages a second: there must be 100 devices")
}
