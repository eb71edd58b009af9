package scenarios_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// restless is a fleet whose groups come, go and report unevenly.
const restless = `
name: restless
clock: virtual
seed: 3
duration: 30m
pipeline: {silence: 2m, sweep: 10s}
fleet:
  - {name: steps, count: 6, interval: 20s, ramp: 2m, profile: steps}
  - {name: day, count: 4, interval: 30s, ramp: 1m, profile: diurnal, load: {profile: diurnal, peak: 4}}
  - {name: mobile, count: 8, interval: 15s, ramp: 10s, profile: spike, churn: {every: 5m, share: 50%, away: 4m}}
  - {name: nomad, count: 4, interval: 20s, load: {profile: burst, peak: 10, period: 10m}, churn: {every: 10m, share: 30%, away: 30s}}
`

// TestRestlessFleetLosesNothing: devices that leave for longer than the silence are
// found offline and called so rightly; those that are soon back are not; nothing is
// lost; and it is the same run at GOMAXPROCS 1 and 2.
func TestRestlessFleetLosesNothing(t *testing.T) {
	s := parse(t, restless)
	first := pass(t, s, 2).Result
	if !testing.Short() {
		require.Equal(t, first.Hash, pass(t, s, 1).Result.Hash)
	}
	left := 0
	for _, o := range first.OfflineTruth.Causes {
		if o.Cause == "left" {
			left = o.Outages
			require.Zero(t, o.Missed)
			require.NotZero(t, o.Found)
		}
	}
	require.Greater(t, left, 10, "half of eight devices leave five times")
	require.Zero(t, first.OfflineTruth.False)
	constant := 22 * 30 * 60 / 20
	require.Greater(t, first.Counts.Sampled, constant, "loads with a peak report more")
	require.Equal(t, first.Load.Due, first.Counts.Sampled)
	require.Zero(t, first.Load.Late.Max, "virtual time is never late")
}

func TestFleetShapesAreChecked(t *testing.T) {
	for want, group := range map[string]string{
		`[3:38] fleet[0].profile: profile "cubic" is none of`: `profile: cubic`,
		`[3:35] fleet[0].load: peak 0.5 is not between`:       `load: {peak: 0.5}`,
		`[3:36] fleet[0].churn: away 2m0s is not a whole`:     `churn: {every: 1m, share: 5%, away: 2m}`,
	} {
		_, err := scenarios.Parse([]byte("name: x\nduration: 1h\nfleet: [{name: s, count: 2, " + group + "}]"))
		require.ErrorContains(t, err, want)
	}
}
