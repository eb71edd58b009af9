package scenarios_test

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/sim/device"
	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// standIn fills a slot with our firmware and constant sensors. A foreign one does not
// tell what it does; fail is what its life ends with.
type standIn struct {
	foreign bool
	fail    error
}

func (standIn) Attach(context.Context, scenarios.Slot) error { return nil }

func (s standIn) Run(ctx context.Context, slot scenarios.Slot) error {
	c := device.Config{
		Thing: slot.Thing, Interval: slot.Interval, Seed: slot.Seed, Index: slot.Index, Dial: slot.Dial, Goodbye: true,
		Signals: sensor.Suite{{Name: "temperature", Model: sensor.Constant(21)}},
	}
	if !s.foreign {
		c.Events = slot.Events
	}
	return errors.Join(device.New(c).Run(ctx), s.fail)
}

const oneBoard = `
name: one-board
clock: virtual
duration: 10s
fleet: [{name: s, count: 3, interval: 2s}]
external: [{thing: pi-001, interval: 1s, readings: 10}]
`

func withBoard(t *testing.T, text string, o scenarios.Outsider) *scenarios.Outcome {
	t.Helper()
	s := parse(t, text)
	return runInBubble(t, scenarios.RunOptions{Scenario: s, Outsider: o})
}

// TestExternal has a board that tells what it does and one that does not: both are
// accounted for, the latter from the broker on.
func TestExternal(t *testing.T) {
	for name, foreign := range map[string]bool{"own firmware": false, "foreign": true} {
		t.Run(name, func(t *testing.T) {
			outcome := withBoard(t, oneBoard, standIn{foreign: foreign})
			require.Empty(t, outcome.Result.Failures)
			require.Equal(t, 4, outcome.Result.Devices)
			require.Equal(t, []reports.External{{Thing: "pi-001", Accepted: 10, Asked: 10, Fates: map[string]map[string]int{
				"archive": {"stored": 10}, "time series": {"stored": 10}, "device state": {"stored": 1, "superseded": 9}, "alert": {"filtered": 10},
			}}}, outcome.Result.External)
			n := 0
			for _, m := range outcome.Ledger.Messages() {
				if m.ID.Thing != "pi-001" {
					continue
				}
				n++
				require.EqualValues(t, n, m.ID.Seq)
				require.Equal(t, !foreign, m.Has(ledger.Sampled))
				require.Equal(t, !foreign, m.Has(ledger.Acked))
			}
			var text, page bytes.Buffer
			require.NoError(t, reports.Text(&text, outcome.Result))
			require.Contains(t, text.String(), "board     pi-001: 10 readings accepted\n          archive 10 stored; time series 10 stored; device state 1 stored,")
			require.NoError(t, reports.HTML(&page, outcome.Result))
			require.Contains(t, page.String(), "archive 10 stored; time series 10 stored; device state 1 stored, 9 superseded; alert 10 filtered")
		})
	}
}

func TestExternalFails(t *testing.T) {
	few := withBoard(t, strings.Replace(oneBoard, "readings: 10", "readings: 11", 1), standIn{})
	require.Equal(t, []string{"external pi-001: 10 readings accepted by the broker, not 11"}, few.Result.Failures)

	broken := withBoard(t, oneBoard, standIn{fail: errors.New("desk.i2c: line 7: 3 transactions were not played")})
	require.Equal(t, []string{"external pi-001: desk.i2c: line 7: 3 transactions were not played"}, broken.Result.Failures)

	s := parse(t, strings.Replace(oneBoard, "virtual", "real", 1))
	_, err := scenarios.Run(t.Context(), scenarios.RunOptions{Scenario: s})
	require.ErrorContains(t, err, "a place for a device that is not simulated, and none was given")
}

func TestExternalIsValidated(t *testing.T) {
	for change, want := range map[string]string{
		"thing: a/b":                    `external[0].thing: "a/b" may hold letters`,
		"thing: s-00002":                `external[0].thing: "s-00002" is there twice`,
		"thing: x}, {thing: x":          `external[1].thing: "x" is there twice`,
		"thing: x, interval: 1500us":    "external[0].interval: 1.5ms is not a whole number of milliseconds",
		"thing: x, readings: -1":        "external[0].readings: -1 is not positive",
		"thing: x, certificate: secret": `unknown field "certificate"`,
	} {
		_, err := scenarios.Parse([]byte(strings.Replace(oneBoard, "thing: pi-001, interval: 1s, readings: 10", change, 1)))
		require.ErrorContains(t, err, want, change)
	}
}

// TestExternalIsTheSameAgain: a board on the virtual clock does not disturb the hash.
func TestExternalIsTheSameAgain(t *testing.T) {
	text := strings.Replace(oneBoard, "duration: 10s", "duration: 2m", 1)
	first := withBoard(t, text, standIn{}).Result.Hash
	require.Equal(t, first, withBoard(t, text, standIn{}).Result.Hash)
	require.NotEqual(t, first, withBoard(t, strings.Replace(text, "1s, readings", "2s, readings", 1), standIn{}).Result.Hash)
}
