package reports_test

import (
	"bytes"
	"encoding/xml"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
)

var started = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

func sample() *reports.Result {
	return &reports.Result{
		Schema: reports.Schema, Scenario: "sample", Seed: 7, Clock: "virtual", Started: started,
		Duration: time.Minute, Took: 1500 * time.Millisecond, Devices: 1234, Hash: "abc",
		Versions: map[string]string{"shakedown": "v1"},
		Sinks: []reports.Sink{
			{Name: "archive", Expected: 1000, Order: []string{"stored", "overwritten", "lost"}, Fates: map[string]int{"stored": 997, "overwritten": 2, "lost": 1}},
		},
		Alerts:    reports.Alerts{Expected: 1, Sent: 1, List: []reports.Alert{{At: started.Add(time.Second), Thing: `<script>alert(1)</script>`, Kind: "temperature", Severity: "CRITICAL", Verdict: "sent"}}},
		Offline:   []reports.Offline{{Thing: "sensor-7", Silent: started, Found: started.Add(5 * time.Second), Verdict: "found"}},
		Commands:  []reports.Command{{Thing: "sensor-1", Action: "reboot", Sent: started, Acted: started}},
		Faults:    []reports.Fault{{At: started.Add(time.Second), Kind: "connection-reset", Target: "sensor-7"}},
		Latencies: []reports.Latency{{Stage: "time series", Count: 3, P50: time.Millisecond, P90: 2 * time.Millisecond, P99: 3 * time.Millisecond, Max: 3 * time.Millisecond}},
		Rates:     []reports.Rate{{Stage: "time series", Count: 3, PerSecond: 0.05}}, Warmup: 10 * time.Second,
		Series:   reports.Series{Step: time.Second, Sent: []float64{1, 2, 3}, Stored: []float64{0, 2, 3}, P50: []float64{1}, P99: []float64{2}, Connected: []float64{1, 1}},
		Messages: []reports.Example{{Message: "sensor-7/3", Sink: "archive", Fate: "lost", Reason: "<b>\x1b[31m"}},
		Failures: []string{"1 message lost in the archive"},
		Folder:   "runs/x",
	}
}

func TestTextSaysTheVerdict(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, reports.Text(&out, sample()))
	require.Equal(t, `FAIL  sample
      1,234 devices, seed 7, virtual clock, 1m0s in 1.5s
      0 sampled, 0 sent, 0 accepted by the broker, 0 acknowledged

  sink     expected  stored  lost  other fates
  archive     1,000     997     1  2 overwritten

alerts    1 expected, 1 sent
offline   1 found, 0 missed, 0 false
          sensor-7 silent since 12:00:00.000, found after 5s
commands  1 sent, 1 acted on
fault     12:00:01.000  connection-reset on sensor-7, from 1s to the end

  latency from the sample  count    rate  p50  p90  p99  max
              time series      3  0.05/s  1ms  2ms  3ms  3ms
  after a warm-up of 10s: latencies of what was sampled after it, rates of what
  got there after it

messages worth a look (shakedown explain runs/x <thing>/<seq>):
  sensor-7/3 archive: lost
      <b>?[31m

failures:
  - 1 message lost in the archive

run hash  abc
`, out.String())
}

func TestConnectedDevicesAreWhole(t *testing.T) {
	r := sample()
	r.Series.Connected = []float64{22, 22, 22}
	var out bytes.Buffer
	require.NoError(t, reports.HTML(&out, r))
	require.NotContains(t, out.String(), ">22.5<")
	require.Contains(t, out.String(), ">25<")
}

// A fault stands in every report as it was asked for, on the axis of the plots.
func TestFaultsSayHowMuchAndWhen(t *testing.T) {
	r := sample()
	r.Faults = []reports.Fault{{At: started.Add(90 * time.Second), For: 20 * time.Second, Kind: "throttle", Target: "dynamodb UpdateItem", Rate: 0.25}}
	for name, c := range map[string]struct {
		write func(io.Writer, *reports.Result) error
		want  string
	}{
		"text":     {reports.Text, "fault     12:01:30.000  throttle 25% on dynamodb UpdateItem, from 1m30s for 20s\n"},
		"markdown": {reports.Markdown, "| 1m30s | 20s | `throttle 25% on dynamodb UpdateItem` |"},
		"html":     {reports.HTML, `<td>1m30s <span class="key">12:01:30.000</span></td><td data-l="for">20s</td><td>throttle 25%</td>`},
	} {
		var out bytes.Buffer
		require.NoError(t, c.write(&out, r))
		require.Contains(t, out.String(), c.want, name)
	}
}

func TestHTMLEscapesWhatDevicesSend(t *testing.T) {
	var out bytes.Buffer
	require.NoError(t, reports.HTML(&out, sample()))
	page := out.String()
	require.NotContains(t, page, "<script")
	require.NotContains(t, page, "<b>\x1b")
	require.Contains(t, page, "&lt;script&gt;")
	require.NotContains(t, page, "http://", "the report asks nothing of the network")
	require.NotContains(t, page, "https://")
	for _, svg := range []string{"messages per second", "store latency", "connected devices", "timeline"} {
		require.Contains(t, page, svg)
	}
}

func TestJUnitHasAFailurePerLossySinkAndAVerdict(t *testing.T) {
	r := sample()
	r.Failures = append(r.Failures, "alerts: 1 missing <b>")
	var out bytes.Buffer
	require.NoError(t, reports.JUnit(&out, r))
	require.Equal(t, `<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="sample" tests="2" failures="2" errors="0" skipped="0" time="1.500" timestamp="2026-01-01T12:00:00">
  <testcase classname="shakedown.sample" name="nothing lost in the archive">
    <failure message="1 of 1000 messages lost">explain a message: shakedown explain runs/x &lt;thing&gt;/&lt;seq&gt;</failure>
  </testcase>
  <testcase classname="shakedown.sample" name="verdict">
    <failure message="1 message lost in the archive">1 message lost in the archive&#xA;alerts: 1 missing &lt;b&gt;&#xA;explain a message: shakedown explain runs/x &lt;thing&gt;/&lt;seq&gt;</failure>
  </testcase>
</testsuite>
`, out.String())
	require.NoError(t, xml.Unmarshal(out.Bytes(), new(struct{})))
}

func TestResultIsAFileFormat(t *testing.T) {
	var file bytes.Buffer
	require.NoError(t, sample().Write(&file))
	back, err := reports.Read(&file)
	require.NoError(t, err)
	require.Equal(t, sample(), back)
	_, err = reports.Read(strings.NewReader(`{"schema":"other"}`))
	require.ErrorContains(t, err, "another version")
}

func TestHistogramKeepsThreeDigits(t *testing.T) {
	h := reports.NewHistogram()
	for i := 1; i <= 1000; i++ {
		h.Record(time.Duration(i) * time.Millisecond)
	}
	l := h.Latency("x")
	require.Equal(t, int64(1000), l.Count)
	require.InEpsilon(t, 500, l.P50.Milliseconds(), 0.01)
	require.InEpsilon(t, 990, l.P99.Milliseconds(), 0.01)
	require.Equal(t, time.Second, l.Max)
}
