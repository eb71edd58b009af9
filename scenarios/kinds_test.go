package scenarios_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

// TestEveryKindOnTheRealClock lets every kind of fault act for two seconds of a
// real run, all kinds at one time: it hits, nothing acknowledged is lost, and
// everything drains. TestReplayOfEveryKind is the same on the virtual clock.
func TestEveryKindOnTheRealClock(t *testing.T) {
	if testing.Short() {
		t.Skip("takes some seconds of real time; the virtual clock has all kinds")
	}
	outcomes := map[fault.Kind]*scenarios.Outcome{}
	var mu sync.Mutex
	var running sync.WaitGroup
	for _, k := range fault.Kinds() {
		s := briefly(t, k)
		running.Go(func() {
			o, err := scenarios.Run(t.Context(), scenarios.RunOptions{Scenario: s})
			if err != nil {
				t.Errorf("%s: %v", k, err)
				return
			}
			mu.Lock()
			defer mu.Unlock()
			outcomes[k] = o
		})
	}
	running.Wait()
	for k, o := range outcomes {
		t.Run(string(k), func(t *testing.T) {
			if !acted(o, k) { // the machine stood still in its two seconds
				var err error
				o, err = scenarios.Run(t.Context(), scenarios.RunOptions{Scenario: briefly(t, k)})
				require.NoError(t, err)
			}
			require.True(t, acted(o, k), "it hit nothing, twice")
			require.Empty(t, o.Result.Failures)
			require.Greater(t, o.Result.Counts.Acked, 10)
		})
	}
}

// acted tells whether the fault of a run hit something.
func acted(o *scenarios.Outcome, k fault.Kind) bool {
	f := o.Result.Faults[0]
	return f.Hits > 0 || f.Things > 0 || k.Place() == fault.OnBroker
}

// briefly is five devices for seconds on the real clock, with one kind of fault.
func briefly(t *testing.T, k fault.Kind) *scenarios.Scenario {
	line := strings.ReplaceAll(kindLines[k], ", rate: 50%", "") // few calls: hit all
	if line != "" {
		line = ", " + line
	}
	text := fmt.Sprintf(`
name: brief
clock: real
seed: 9
duration: 5s
drain: 90s
pipeline: {poll: 100ms, silence: 2m}
fleet: [{name: s, count: 5, interval: 500ms, keepalive: 5s}]
faults: [{at: 1s, for: 2s, kind: %s%s}]`, k, line)
	s := parse(t, text)
	return s
}
