package scenarios_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/bubble"
)

// What a run could not bear is an error of the file, with its place: not one of the
// cloud after it has started, and not a machine out of memory.
func TestValidateBounds(t *testing.T) {
	const whole = "9223372036854775807"
	for text, want := range map[string]string{
		"fleet:\n - {name: a, count: " + whole + "}\n - {name: b, count: " + whole + "}\n - {name: c, count: 3}": "[3:21] fleet[0].count: " + whole + " is not between 1 and 100000",
		"fleet:\n - {name: a, count: 60000}\n - {name: b, count: 60000}":                                         "[3:2] fleet: 120000 devices are more than 100000",
		"fleet: [{name: a, count: 1, interval: 2500000h}]":                                                       "[2:39] fleet[0].interval: 2500000h0m0s is longer than 744h0m0s",
		"pipeline: {silence: 2500000h}\nfleet: [{name: a, count: 1}]":                                            "[2:21] pipeline.silence: 2500000h0m0s is not between 1ns and 744h0m0s",
		"pipeline: {sweep: 2500000h}\nfleet: [{name: a, count: 1}]":                                              "[2:19] pipeline.sweep: 2500000h0m0s is not between 100ms and 744h0m0s",
		"fleet: [{name: a, count: 1, signals: {'': {base: 1}}}]":                                                 `fleet[0].signals: a metric's name has 1 to 256 bytes, not 0`,
		"fleet: [{name: a, count: 1, only: {a-00001: {" + strings.Repeat("x", 257) + ": {base: 1}}}}]":           `fleet[0].only.a-00001: a metric's name has 1 to 256 bytes, not 257`,
		"fleet: [{name: a, count: 1, signals: {t: {base: 1e300}}}]":                                              "fleet[0].signals.t: base: 1e+300 is not between -1e+15 and 1e+15",
		"fleet: [{name: a, count: 1, attributes: {a: a, b: b, c: c, d: d}}]":                                     "[2:41] fleet[0].attributes: 4 are more than 3, which AWS IoT allows a thing without a type",
		"fleet: [{name: a, count: 1, attributes: {'site!': x}}]":                                                 `[2:41] fleet[0].attributes: the name "site!" has characters other than a-z A-Z 0-9 _ . , @ / : # -`,
		"fleet: [{name: a, count: 1, attributes: {site: a b}}]":                                                  `fleet[0].attributes.site: "a b" has characters other than`,
		"external: [{thing: x, attributes: {site: a b}}]\nfleet: [{name: a, count: 1}]":                          `external[0].attributes.site: "a b" has characters other than`,
		"fleet: [{name: a, count: 1, interval: 3d}]":                                                             `[2:39] "3d" is not a duration such as 250ms, 20s or 24h`,
		"fleet: [{name: a, count: 1, attributes: {rack: r1, row: r2, room: r3}}]":                                "",
	} {
		_, err := scenarios.Parse([]byte("duration: 1m\n" + text))
		if want == "" {
			require.NoError(t, err, text)
			continue
		}
		assert.ErrorContains(t, err, want, text)
	}
	_, err := scenarios.Parse([]byte("\ufeffduration: 1m\nfleet: [{name: a, count: 1}]"))
	require.NoError(t, err, "an editor's byte order mark is no key")
}

// TestAttributesOfAGroup: those that a scenario gives are its things', whatever
// their names; made-up ones fill the room that is left, and faults choose by both.
func TestAttributesOfAGroup(t *testing.T) {
	bubble.Test(t, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), func(t *testing.T) {
		scenario := parse(t, `
name: racks
clock: virtual
duration: 1m
fleet:
  - {name: s, count: 2, interval: 10s, attributes: {rack: r1, row: west}}
faults:
  - {at: 20s, for: 10s, kind: partition, target: {attribute: {rack: r1}}}
`)
		outcome, err := scenarios.Run(t.Context(), scenarios.RunOptions{Scenario: scenario})
		require.NoError(t, err)
		require.Len(t, outcome.Result.Faults, 1)
		require.Equal(t, 2, outcome.Result.Faults[0].Things)
	})
}

// A file's name becomes the scenario's, as one that a replay takes.
func TestScenarioNamedByItsFile(t *testing.T) {
	for file, want := range map[string]string{
		"night.yaml":                        "night",
		"fleet-5k.yaml":                     "fleet-5k",
		"My_Test.v2.yaml":                   "my-test-v2",
		`x"<y> $(touch z).yml`:              "x-y-touch-z",
		"Übung.yaml":                        "bung",
		"..yaml":                            "scenario",
		strings.Repeat("a1-", 40) + ".yaml": strings.Repeat("a1-", 20) + "a1-"[:2],
	} {
		path := filepath.Join(t.TempDir(), file)
		require.NoError(t, os.WriteFile(path, []byte("duration: 1m\nfleet: [{name: s, count: 1}]\n"), 0o600))
		s, err := scenarios.Load(path)
		require.NoError(t, err)
		require.Equal(t, want, s.Name)
		require.NoError(t, s.Validate())
	}
}

// A file that is wrong throughout is told of in a screenful, and how much there is more.
func TestValidateTellsTheFirstErrors(t *testing.T) {
	text := "duration: 1m\nfleet:\n"
	for i := range 1200 {
		text += fmt.Sprintf("  - {name: g%d, count: 0}\n", i)
	}
	_, err := scenarios.Parse([]byte(text))
	require.ErrorContains(t, err, "[3:23] fleet[0].count: 0 is not between")
	require.Equal(t, 51, len(strings.Split(err.Error(), "\n")))
	require.True(t, strings.HasSuffix(err.Error(), "\nand 1150 more"), err.Error())
	_, err = scenarios.Parse([]byte("duration: 1m\nfleet: [{name: g, count: 1}]\nfaults:\n" + strings.Repeat("  - {at: 1s, for: 1s, kind: partition, target: {share: 100%}}\n", 1001)))
	require.ErrorContains(t, err, "[4:3] faults: 1001 are more than 1000")
	_, err = scenarios.Parse([]byte("duration: 1m\nfleet: [{name: g, count: 1}]\ncommands:\n" + strings.Repeat("  - {at: 1s, thing: g-00001, action: reboot}\n", 10_001)))
	require.ErrorContains(t, err, "commands: 10001 are more than 10000")
}
