package expect_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios/expect"
)

func result() *reports.Result {
	return &reports.Result{
		Devices: 10, Took: 3 * time.Second, Counts: reports.Throughput{Sampled: 1002, Sent: 1001, Accepted: 1000, Acked: 1000},
		Sinks: []reports.Sink{
			{Name: "archive", Expected: 1000, Fates: map[string]int{"stored": 998, "dead-lettered": 2}},
			{Name: "time series", Expected: 1000, Fates: map[string]int{"stored": 999, "lost": 1}},
		},
		Latencies: []reports.Latency{{Stage: "time series", Count: 999, P50: 40 * time.Millisecond, P90: time.Second, P99: 1500 * time.Millisecond, Max: 3 * time.Second}},
		Rates:     []reports.Rate{{Stage: "acknowledged", PerSecond: 50}, {Stage: "time series", Count: 999, PerSecond: 49.95}},
		Alerts: reports.Alerts{List: []reports.Alert{
			{Severity: "CRITICAL", Verdict: "sent"}, {Severity: "WARNING", Verdict: "missing"}, {Severity: "WARNING", Verdict: "without a crossing"}}},
		Offline:  []reports.Offline{{Verdict: "found"}, {Verdict: "false"}},
		Commands: []reports.Command{{Acted: time.Unix(1, 0)}, {}},
		Series:   reports.Series{Connected: []float64{0, 9, 7}},
		Quotas: &reports.Quotas{ShardsNeeded: 3, Bill: &reports.Bill{Total: 123.456}, Checks: []reports.QuotaCheck{
			{Service: "Kinesis", Breached: true}, {Service: "IoT Core"}}},
		Load:     &reports.Load{Late: reports.Latency{P50: time.Millisecond, P90: 2 * time.Millisecond, P99: 5 * time.Millisecond, Max: time.Second}, Skipped: 1, Dropped: 2},
		Failures: []string{"x"}, Findings: []string{"y", "z"},
	}
}

func TestEvaluate(t *testing.T) {
	for _, x := range []struct {
		text, measured string
		passed         bool
	}{
		{"lost == 0", "1", false},
		{"lost(archive) == 0", "0", true},
		{"lost(store) <= 1", "1", true},
		{"fate(dead-lettered, archive) == 2", "2", true},
		{"fate(stored) > 1996", "1997", true},
		{"dead_lettered(archive) < 2", "2", false},
		{"share(stored, archive) >= 99.9%", "99.8%", false},
		{"share(stored) >= 99.85%", "99.85%", true},
		{"p99(store) < 2s", "1.5s", true},
		{"p99(store) < 1s500ms", "1.5s", false},
		{"p50(store)<=40ms", "40ms", true},
		{"p90(store) == 1s", "1s", true},
		{"max(time series) > 3m", "3s", false},
		{"p99(archive) < 2s", "nothing: no message got there", false},
		{"rate >= 49/s", "49.95/s", true},
		{"rate(ack) >= 3000/min", "50/s", true},
		{"rate(archive) > 0/s", "nothing: the run ended before its warm-up did", false},
		{"alerts(CRITICAL) >= 1", "1", true},
		{"alerts == 2", "2", true},
		{"missing_alerts == 0", "1", false},
		{"false_alerts(WARNING) != 1", "1", false},
		{"false_offline == 0", "1", false},
		{"found_offline == 1", "1", true},
		{"missed_offline == 0", "0", true},
		{"connected == devices", "9 and 10", false},
		{"acked == accepted", "1000 and 1000", true},
		{"sent <= sampled", "1001 and 1002", true},
		{"1s < took", "3s", true},
		{"acted_commands == commands", "1 and 2", false},
		{"breaches == 0", "1", false},
		{"breaches(iot) == 0", "0", true},
		{"breaches(kinesis) < 1", "1", false},
		{"shards_needed <= 2", "3", false},
		{"monthly_bill < 500 USD", "123.46 USD", true},
		{"late < 5ms", "5ms", false},
		{"late(p50) < 5ms", "1ms", true},
		{"late(p90) < 5ms", "2ms", true},
		{"late(max) < 5ms", "1s", false},
		{"skipped == 0", "1", false},
		{"dropped == 2", "2", true},
		{"failures == 1", "1", true},
		{"findings < 1", "2", false},
		{"faults == 0", "0", true},
		{"lost(alert) == 0", "nothing: the run has no such sink", false},
	} {
		e, err := expect.Parse(x.text)
		require.NoError(t, err, x.text)
		require.Equal(t, reports.Expectation{Text: x.text, Measured: x.measured, Passed: x.passed}, e.Evaluate(result()))
	}
}

func TestWhatDevicesReallyWereComesFirst(t *testing.T) {
	r := result()
	r.OfflineTruth = &reports.OfflineTruth{False: 4}
	e, err := expect.Parse("false_offline == 4")
	require.NoError(t, err)
	require.True(t, e.Evaluate(r).Passed)
}

func TestRefused(t *testing.T) {
	for _, x := range []struct {
		text   string
		column int
		says   string
	}{
		{"", 1, "where a measure or a number is needed"},
		{"lsot == 0", 1, `"lsot" is not measured: the known ones are accepted, acked`},
		{"lost", 5, "the end is none of the comparisons"},
		{"lost = 0", 6, "equality is =="},
		{"lost == ", 9, "the end where a measure"},
		{"lost == 2s", 9, "lost is compared with a count such as 3, not with a duration"},
		{"p99(store) < 2", 14, "not with a count"},
		{"rate > 40", 8, "a rate such as 40/s"},
		{"40 < rate", 1, "a rate such as 40/s"},
		{"share(stored) > 1", 17, "a share such as 99.9%"},
		{"p99 < 2s", 1, "p99 needs one of ack, acknowledged"},
		{"fate > 2", 1, "fate needs one of"},
		{"lost(cellar) == 0", 6, "lost(cellar): the known ones are alert, archive"},
		{"lost(archive, alert) == 0", 15, "lost takes no more than 1"},
		{"devices(archive) == 0", 9, "devices takes no more than 0"},
		{"lost(archive == 0", 14, "where , or ) is needed"},
		{"lost() == 0", 6, "where a name is needed"},
		{"lost == 0 and sent == 1", 11, "an expectation is one comparison"},
		{"1 == 1", 1, "neither side is a measure"},
		{"lost == 1,000", 10, "after the comparison"},
		{"lost == 1.2.3", 9, "is not a number"},
		{"p99(store) < 2parsecs", 14, "is no quantity"},
		{"lost == $4", 9, "'$' means nothing here"},
		{"αlost == 0", 1, "'α' means nothing here"},
		{"lost == 0 ß", 11, "'ß' means nothing here"},
		{"rate > 4/fortnight", 8, "is no quantity"},
	} {
		_, err := expect.Parse(x.text)
		var bad *expect.Error
		require.True(t, errors.As(err, &bad), "%s: %v", x.text, err)
		require.Contains(t, bad.Text, x.says, x.text)
		require.Equal(t, x.column, bad.Column, "%s: %s", x.text, bad.Text)
	}
	_, err := expect.Parse("lost == " + strings.Repeat("1", 1000))
	require.ErrorContains(t, err, "longer than 1000")
}

func TestEveryMeasureIsDescribed(t *testing.T) {
	list := expect.Measures()
	require.Greater(t, len(list), 25)
	for _, m := range list {
		require.NotEmpty(t, m.About, m.Usage)
	}
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"lost == 0", "p99(store) < 1m30s", "share(stored, archive) >= 99.9%", "rate>=4000/s", "500 USD > took", "a(b,c)=µs", "1µs < took", "fate(stored twice) != 1e9"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		e, err := expect.Parse(text)
		var bad *expect.Error
		if err != nil {
			require.True(t, errors.As(err, &bad))
			require.GreaterOrEqual(t, bad.Column, 1)
			require.LessOrEqual(t, bad.Column, len(text)+1)
			return
		}
		e.Evaluate(&reports.Result{}) // of nothing: no panic
		again, err := expect.Parse(e.String())
		require.NoError(t, err, "%s", e)
		require.Equal(t, e.String(), again.String())
	})
}
