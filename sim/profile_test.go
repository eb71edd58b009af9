package sim_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

var profiles = []sim.Profile{sim.Linear, sim.Steps, sim.Spike, sim.Diurnal, sim.Burst}

// begun counts the devices of a ramp that have begun, in tenths of its time.
func begun(p sim.Pacer) (counts [10]int) {
	for i := range counts {
		counts[i] = p.Started(p.Over * time.Duration(i+1) / 10)
	}
	return counts
}

// TestRampProfiles: what a thousand devices have done after each tenth of 100 s.
func TestRampProfiles(t *testing.T) {
	want := map[sim.Profile][10]int{
		sim.Linear:  {101, 201, 301, 401, 501, 601, 701, 801, 901, 1000},
		sim.Steps:   {200, 400, 400, 600, 600, 800, 800, 1000, 1000, 1000},
		sim.Spike:   {21, 41, 62, 82, 501, 919, 939, 960, 980, 1000},
		sim.Diurnal: {7, 49, 149, 307, 501, 694, 852, 952, 994, 1000},
		sim.Burst:   {200, 201, 400, 401, 600, 601, 800, 801, 1000, 1000},
	}
	for _, profile := range profiles {
		p := sim.Pacer{Devices: 1000, Over: 100 * time.Second, Profile: profile}
		require.Equal(t, want[profile], begun(p), profile)
		last := time.Duration(0)
		for i := range p.Devices {
			delay := p.Delay(i)
			require.GreaterOrEqual(t, delay, last, profile)
			require.Less(t, delay, p.Over, profile)
			last = delay
		}
		require.Zero(t, p.Delay(0), profile)
	}
	require.ErrorContains(t, sim.Profile("cubic").Validate(), "none of linear, steps, spike, diurnal, burst")
}

// TestLoadProfiles counts readings in tenths of a period, against the area under
// the profile worked out by hand: base 10 a tenth, peak five times that.
func TestLoadProfiles(t *testing.T) {
	want := map[sim.Profile][10]int{
		sim.Linear:  {12, 16, 20, 24, 28, 32, 36, 40, 44, 48}, // 10 (1 + 4 x), integrated
		sim.Steps:   {10, 10, 20, 20, 30, 30, 40, 40, 50, 50}, // 1 to 5 in five steps
		sim.Spike:   {10, 10, 10, 10, 30, 30, 10, 10, 10, 10}, // 50 around the middle
		sim.Diurnal: {11, 18, 30, 42, 49, 49, 42, 30, 18, 11}, // 10 (1 + 2 (1 - cos))
		sim.Burst:   {18, 10, 18, 10, 18, 10, 18, 10, 18, 10}, // 50 in the first fifth of every other tenth
	}
	const period, interval = 1000 * time.Second, 10 * time.Second
	for _, profile := range profiles {
		l := sim.Load{Profile: profile, Peak: 5, Period: period}
		require.NoError(t, l.Validate())
		for _, start := range []time.Duration{0, 7 * period} {
			var counts [10]int
			for at := l.Next(start, interval); at < start+period; at = l.Next(at, interval) {
				require.Zero(t, at%time.Millisecond)
				counts[(at-start)*10/period]++
			}
			for i, n := range counts {
				require.InDelta(t, want[profile][i], n, 1.5, "%s, tenth %d of %v", profile, i+1, counts)
			}
		}
	}
	require.Equal(t, 7*time.Second+interval, sim.Load{}.Next(7*time.Second, interval), "constant")
	for _, bad := range []sim.Load{{Peak: 0.5, Period: time.Hour}, {Peak: 2}, {Profile: "cubic", Peak: 2, Period: time.Hour}} {
		require.Error(t, bad.Validate())
	}
}

// TestChurn: a share of the things leaves in each round, each at its own instant
// and once, and is back before the round is over.
func TestChurn(t *testing.T) {
	c := sim.Churn{Every: 10 * time.Minute, Share: 0.3, Away: 2 * time.Minute}
	require.NoError(t, c.Validate())
	rounds := map[time.Duration]int{}
	instants := map[time.Duration]bool{}
	for i := range 500 {
		thing := fmt.Sprintf("s-%05d", i)
		last := time.Duration(0)
		for from := time.Duration(0); ; {
			leave, back, ok := c.Absence(1, thing, from)
			require.True(t, ok)
			if leave >= time.Hour {
				break
			}
			require.Greater(t, leave, last)
			require.Equal(t, leave/c.Every, (back-1)/c.Every, "back in the same round")
			require.Equal(t, c.Away, back-leave)
			rounds[leave/c.Every]++
			instants[leave] = true
			from, last = leave, back
		}
	}
	require.Zero(t, rounds[0])
	for round := time.Duration(1); round < 6; round++ {
		require.InDelta(t, 150, rounds[round], 35, "round %d", round)
	}
	require.Greater(t, len(instants), 700)
	_, _, ok := sim.Churn{}.Absence(1, "s", 0)
	require.False(t, ok)
	for _, bad := range []sim.Churn{{Every: time.Minute, Share: 0.1}, {Every: time.Minute, Share: fault.Share(2), Away: time.Second},
		{Every: time.Minute, Share: 0.1, Away: time.Minute}, {Share: 0.1, Away: time.Second}} {
		require.Error(t, bad.Validate())
	}
}
