package reports_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
)

// truth is a comparison with something of everything.
func truth() *reports.OfflineTruth {
	at := time.Date(2026, 1, 1, 10, 31, 0, 0, time.UTC)
	return &reports.OfflineTruth{
		Silence: 10 * time.Minute, Sweep: time.Minute, Outages: 5, Found: 3, Missed: 1, Brief: 1, False: 2,
		Causes: []reports.OfflineCause{
			{Cause: "half-open", Outages: 5, Found: 3, Missed: 1, Brief: 1,
				FromOutage: reports.Delays{P50: 4 * time.Minute, P99: 5 * time.Minute}, FromSign: reports.Delays{P50: 5 * time.Minute, P99: 6 * time.Minute}},
			{Cause: "reconnecting after certificate-expired", False: 2},
		},
		Cases: []reports.OfflineCase{{Thing: "<b>", Verdict: "false", Cause: "up", From: at, To: at.Add(time.Minute)}},
		Thresholds: []reports.OfflineThreshold{
			{Silence: 30 * time.Second, Found: 5, False: 80, Delay: reports.Delays{P50: time.Microsecond, P99: time.Minute}},
			{Silence: time.Minute, Found: 5, False: 20}, {Silence: 2 * time.Minute, Found: 5, False: 20}, {Silence: 5 * time.Minute, Found: 5},
			{Silence: 10 * time.Minute, Found: 3, Missed: 1, Brief: 1}, {Silence: 15 * time.Minute, Brief: 5}},
		Recommended: 5 * time.Minute,
		Longest:     &reports.OfflineSilence{Thing: "sensor-00007", At: at, For: 4*time.Minute + 12*time.Second + time.Millisecond, State: "reconnecting after broker-restart"},
	}
}

func TestOfflineTruthInText(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, reports.Text(&b, &reports.Result{Scenario: "x", OfflineTruth: truth()}))
	got := b.String()
	got = got[strings.Index(got, "offline truth"):]
	require.Equal(t, strings.TrimPrefix(`
offline truth: 5 outages, 3 found, 1 missed, 1 short; 2 false
      cause  outages  found  missed  short  delay p50  p99  from sign  p99
  half-open        5      3       1      1         4m   5m         5m   6m
  2 false while reconnecting after certificate-expired
  with a silence of  found  missed  short  false  delay p50  p99
                30s      5       0      0     80         0s   1m
                 1m      5       0      0     20          -    -
    recommended, 5m      5       0      0      0          -    -
      this run, 10m      3       1      1      0          -    -
                15m      0       0      5      0          -    -
recommended silence 5m (this run has 10m); longest silence of a device that was
up: 4m12s (sensor-00007 at 10:31:00, reconnecting after broker-restart)
`, "\n"), got)
}

func TestOfflineTruthInHTML(t *testing.T) {
	var b bytes.Buffer
	require.NoError(t, reports.HTML(&b, &reports.Result{Scenario: "x", OfflineTruth: truth()}))
	got := b.String()
	require.Contains(t, got, "longest silence of a device that was up: 4m12s (sensor-00007 at 10:31:00, reconnecting after broker-restart)")
	require.Contains(t, got, `aria-label="false and unfound cases by silence"`)
	require.Contains(t, got, "&lt;b&gt;")
	require.NotContains(t, got, "<b>")
	require.NotContains(t, got, "NaN")

	b.Reset()
	require.NoError(t, reports.HTML(&b, &reports.Result{Scenario: "a run of an older version"}))
	require.NotContains(t, b.String(), "Offline detection and the truth")
}

func TestAdvice(t *testing.T) {
	o := truth()
	o.Recommended = 0
	require.Contains(t, o.Advice(), "no silence is safe for this run")
	o.Longest = nil
	require.Empty(t, o.Advice())
	require.Equal(t, reports.Delays{P50: 2, P90: 4, P99: 4, Max: 4}, reports.DelaysOf([]time.Duration{4, 1, 3, 2}))
	require.Zero(t, reports.DelaysOf(nil))
}

// A delay under a second is as short as the others are.
func TestOfflineTruthBelowASecond(t *testing.T) {
	var b bytes.Buffer
	o := truth()
	o.Thresholds[0].Delay = reports.Delays{P50: 954488604, P99: 621478}
	o.Longest.For = 621478
	require.NoError(t, reports.Text(&b, &reports.Result{Scenario: "x", OfflineTruth: o}))
	require.Contains(t, b.String(), "    30s      5       0      0     80      954ms   0s\n")
	require.Contains(t, b.String(), "longest silence of a device that was\nup: 621µs (")
}
