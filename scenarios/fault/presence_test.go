package fault_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/broker"
	"github.com/shakedown-iot/shakedown/scenarios/fault"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

func TestPresenceDisorder(t *testing.T) {
	deliveries := func(rate simfault.Share) map[string]int {
		injector := fault.New(7)
		injector.Begin(3, simfault.Fault{Kind: simfault.PresenceDisorder, Parameters: simfault.Parameters{Rate: rate, Delay: 10 * time.Second}})
		fates := map[string]int{}
		for v := range int64(1000) {
			fates[fmt.Sprint(injector.Deliveries(broker.Lifecycle{ClientID: "s", EventType: "connected", Version: v}))]++
		}
		require.Equal(t, 1000-fates["[0s]"], injector.Hits(3))
		injector.End(3)
		require.Equal(t, []time.Duration{0}, injector.Deliveries(broker.Lifecycle{ClientID: "s", EventType: "connected"}))
		return fates
	}
	half := deliveries(0.5)
	require.InDelta(t, 500, half["[0s]"], 80)
	for _, fate := range []string{"[10s]", "[0s 10s]", "[10s 15s]"} {
		require.InDelta(t, 167, half[fate], 60, fate)
	}
	require.Len(t, half, 4)
	require.Equal(t, half, deliveries(0.5), "drawn from the seed and what it is about")
	require.Zero(t, deliveries(0)["[0s]"], "all without a rate")
}
