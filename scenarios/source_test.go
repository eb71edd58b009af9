package scenarios_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/bubble"
	"github.com/shakedown-iot/shakedown/sim/journal"
)

// recorded is a scenario in which groups replay a recording of about n bytes each.
func recorded(groups, n int) string {
	csv := strings.Repeat("#xx\n", n/4) + "0,20\n60,21\n"
	text := "name: recorded\nclock: virtual\nduration: 1m\nfleet:\n"
	for i := range groups {
		text += fmt.Sprintf("  - {name: g%d, count: 1, signals: {temperature: {replay: {csv: %q}}}}\n", i, csv)
	}
	return text
}

// A run with long recordings can be replayed, and its reports do not hold them all.
func TestLongRecordings(t *testing.T) {
	bubble.Test(t, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), func(t *testing.T) {
		scenario := parse(t, recorded(1, 800_000))
		again := scenario.Fleet[0]
		for i := range 4 {
			again.Name = fmt.Sprintf("more-%d", i)
			scenario.Fleet = append(scenario.Fleet, again)
		}
		require.NoError(t, scenario.Validate())
		var written bytes.Buffer
		outcome, err := scenarios.Run(t.Context(), scenarios.RunOptions{Scenario: scenario, Journal: &written})
		require.NoError(t, err)
		_, err = journal.Read(&written)
		require.NoError(t, err)
		require.Less(t, len(outcome.Result.Source), 10_000)
		require.Contains(t, outcome.Result.Source, `csv: "800011 bytes, MD5 `)
		require.Len(t, scenario.Fleet[3].Signals["temperature"].Replay.CSV, 800_011, "the scenario itself is as it was")

		again.Name = "too-much"
		scenario.Fleet = append(scenario.Fleet, again)
		require.ErrorContains(t, scenario.Validate(), "fleet: recordings of 4800066 bytes together are more than 4194304")
	})
}
