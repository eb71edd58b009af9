package reports_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
)

// busy is a result with much of everything.
func busy() *reports.Result {
	r := sample()
	r.Description = "A thousand sensors for an hour; forty in a hundred are cut off for five minutes, and one of them stays away."
	r.Duration = time.Hour
	r.Counts = reports.Throughput{Sampled: 60000, Sent: 59990, Accepted: 59980, Acked: 59979}
	order := []string{"stored", "superseded", "filtered", "rejected", "dead-lettered", "overwritten", "never sent", "unacknowledged", "lost"}
	sink := func(name string, fates map[string]int) reports.Sink {
		return reports.Sink{Name: name, Expected: 60000, Order: order, Fates: fates}
	}
	r.Sinks = []reports.Sink{
		sink("archive", map[string]int{"stored": 57000, "overwritten": 20, "never sent": 2900, "lost": 80}),
		sink("time series", map[string]int{"stored": 54000, "rejected": 3000, "dead-lettered": 1000, "never sent": 1900, "unacknowledged": 100}),
		sink("device state", map[string]int{"stored": 1000, "superseded": 59000}),
		sink("alert", map[string]int{"stored": 12, "filtered": 59988}),
	}
	r.Series = reports.Series{Step: 30 * time.Second}
	for i := range 120 {
		sent := 16 + 2*math.Sin(float64(i)/9)
		stored, p99, connected := sent, 20+5*math.Sin(float64(i)/5), 1000.0
		switch {
		case i > 50 && i < 60:
			stored, p99, connected = 2, -1, 600
		case i >= 60 && i < 66:
			stored, p99 = 40, 8000
		}
		r.Series.Sent, r.Series.Stored = append(r.Series.Sent, sent), append(r.Series.Stored, stored)
		r.Series.P50, r.Series.P99 = append(r.Series.P50, 10), append(r.Series.P99, p99)
		r.Series.Connected = append(r.Series.Connected, connected)
	}
	r.Faults = []reports.Fault{{At: started.Add(25 * time.Minute), For: 5 * time.Minute, Kind: "partition", Target: "40 % of devices"}}
	for i := range 6 {
		r.Alerts.List = append(r.Alerts.List, reports.Alert{
			At: started.Add(time.Duration(i*9) * time.Minute), Thing: fmt.Sprintf("sensor-%03d", i), Kind: "temperature",
			Severity: []string{"WARNING", "CRITICAL"}[i%2], Verdict: "sent",
		})
	}
	r.Offline = []reports.Offline{
		{Thing: "sensor-007", Silent: started.Add(25 * time.Minute), Found: started.Add(36 * time.Minute), Verdict: "found"},
		{Thing: "sensor-009", Silent: started.Add(50 * time.Minute), Verdict: "missed"},
	}
	r.Expectations, r.Warmup = expectations(), 30*time.Second
	r.Quotas = quotas("sensor-00001")
	r.Messages = append(r.Messages, reports.Example{
		Message: "sensor-009/88", Sink: "time series", Fate: "rejected",
		Reason: "The record timestamp is outside the time range [2026-01-01T06:00:00Z, 2026-01-01T12:15:00Z) of the memory store.",
	})
	r.Slowest = []reports.Slowest{{Message: "sensor-007/31", Latency: 8123 * time.Millisecond}}
	r.Failures = append(r.Failures, "offline detection: 1 silences missed, which is one too many for a fleet that is watched by a sweep every minute")
	r.Source = "name: sample\nseed: 7\n"
	r.Costs = []reports.Cost{
		{Part: "simulator", CPU: 2 * time.Second, Allocated: 1 << 30, Live: 100 << 20},
		{Part: "emulators", CPU: 5 * time.Second, Allocated: 3 << 30, Live: 400 << 20},
	}
	return r
}

func TestTextStaysWithin80Columns(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, reports.Text(&out, busy()))
	for line := range strings.Lines(out.String()) {
		require.LessOrEqual(t, utf8.RuneCountInString(strings.TrimRight(line, "\n")), 80, line)
	}
	require.Contains(t, out.String(), `
  sink          expected  stored  lost  other fates
  archive         60,000  57,000    80  20 overwritten, 2,900 never sent
  time series     60,000  54,000     0  3,000 rejected, 1,000 dead-lettered,
                                        1,900 never sent, 100 unacknowledged
  device state    60,000   1,000     0  59,000 superseded
  alert           60,000      12     0  59,988 filtered
`)
}

func TestHTMLShowsFaultsAsBandsOverEveryPlot(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, reports.HTML(&out, busy()))
	page := out.String()
	require.Equal(t, 3, strings.Count(page, `<rect class="band"`), "a band on each chart")
	require.Equal(t, 10, strings.Count(page, `<i class="band"`), "and on each row of the timeline")
	require.Equal(t, 4, strings.Count(page, `title="partition on 40 % of devices">partition on 40 % of devices</span>`), "with its name")
	require.Contains(t, page, "shakedown replay runs/x")
}

func TestHTMLOfAnAlertStormIsBounded(t *testing.T) {
	r := busy()
	for i := range 100_000 {
		r.Alerts.List = append(r.Alerts.List, reports.Alert{At: started, Thing: fmt.Sprintf("sensor-%d", i%1000), Severity: "WARNING"})
	}
	var out bytes.Buffer
	require.NoError(t, reports.HTML(&out, r))
	require.Less(t, out.Len(), 2<<20)
	require.Contains(t, out.String(), "more things")
}
