package reports_test

import (
	"bytes"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
)

func TestCompareMarksWhatBecameWorse(t *testing.T) {
	latency := func(d time.Duration) []reports.Latency {
		return []reports.Latency{{Stage: "time series", P50: d, P90: d, P99: d, Max: 10 * d}}
	}
	for name, c := range map[string]struct {
		change func(*reports.Result)
		worse  []string
	}{
		"nothing":          {func(*reports.Result) {}, nil},
		"verdict":          {func(r *reports.Result) { r.Failures = []string{"x"} }, []string{"verdict"}},
		"one lost":         {func(r *reports.Result) { r.Sinks[0].Fates["lost"] = 2 }, []string{"lost, archive"}},
		"three not stored": {func(r *reports.Result) { r.Sinks[0].Fates["stored"] -= 3 }, []string{"not stored, archive"}},
		"one not stored":   {func(r *reports.Result) { r.Sinks[0].Fates["stored"]-- }, nil},
		"missing alert":    {func(r *reports.Result) { r.Alerts.List[0].Verdict = "missing" }, []string{"alerts not as expected"}},
		"missed silence":   {func(r *reports.Result) { r.Offline[0].Verdict = "missed" }, []string{"silences missed or false"}},
		"idle command":     {func(r *reports.Result) { r.Commands[0].Acted = time.Time{} }, []string{"commands not acted on"}},
		"9 % slower":       {func(r *reports.Result) { r.Latencies = latency(109 * time.Millisecond) }, nil},
		"11 % slower": {func(r *reports.Result) { r.Latencies = latency(111 * time.Millisecond) },
			[]string{"p50, time series", "p90, time series", "p99, time series"}},
		"11 % faster": {func(r *reports.Result) { r.Latencies = latency(89 * time.Millisecond) }, nil},
		"11 % fewer":  {func(r *reports.Result) { r.Rates[0].PerSecond = 89 }, []string{"rate, archive"}},
		"skipped":     {func(r *reports.Result) { r.Load.Skipped = 1 }, []string{"readings skipped"}},
		"later":       {func(r *reports.Result) { r.Load.Late.P99 = time.Minute }, nil},
		"no load":     {func(r *reports.Result) { r.Load = nil }, nil},
		"breach": {func(r *reports.Result) { r.Quotas.Checks[1].Breached = true },
			[]string{"quota, Kinesis: records into a shard"}},
		"breach mended":   {func(r *reports.Result) { r.Quotas.Checks[0].Breached = false }, nil},
		"11 % dearer":     {func(r *reports.Result) { r.Quotas.Bill.Total *= 1.11 }, []string{"USD a month"}},
		"no oracle":       {func(r *reports.Result) { r.Quotas = nil }, nil},
		"expectation":     {func(r *reports.Result) { r.Expectations[0].Passed = false }, []string{"lost == 0"}},
		"new expectation": {func(r *reports.Result) { r.Expectations = []reports.Expectation{{Text: "new"}} }, nil},
	} {
		t.Run(name, func(t *testing.T) {
			make := func() *reports.Result {
				r := sample()
				r.Failures, r.Latencies = nil, latency(100*time.Millisecond)
				r.Rates = []reports.Rate{{Stage: "archive", PerSecond: 100}}
				r.Expectations = []reports.Expectation{{Text: "lost == 0", Passed: true}}
				r.Quotas, r.Load = quotas("sensor-7"), &reports.Load{Due: 1000}
				return r
			}
			now := make()
			c.change(now)
			got := reports.Compare(make(), now, 0.1)
			require.Equal(t, c.worse, got.Regressions())
			require.Equal(t, len(c.worse) > 0, got.Regressed())
			require.Empty(t, got.Differs)
		})
	}
}

func TestCompareSaysWhatWasNotTheSame(t *testing.T) {
	now := sample()
	now.Seed, now.Clock, now.Environment.Procs, now.Source = 8, "real", 2, "another"
	got := reports.Compare(sample(), now, 0)
	require.Equal(t, []string{"the scenario's text is not the same", "seed: 7 before, 8 now", "clock: virtual before, real now", "processors used: 0 before, 2 now"}, got.Differs)
	for _, write := range []func(io.Writer, *reports.Comparison) error{reports.CompareText, reports.CompareMarkdown, reports.CompareHTML} {
		var out bytes.Buffer
		require.NoError(t, write(&out, got))
		require.Contains(t, out.String(), "clock: virtual before, real now")
	}
}
