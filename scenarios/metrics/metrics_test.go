package metrics_test

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	"github.com/prometheus/client_golang/prometheus/testutil"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports/grafana"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/metrics"
	"github.com/shakedown-iot/shakedown/sim/bubble"
)

// An alert, a fault, and a device that stays away: something for every panel.
const observed = `
name: observed
clock: virtual
duration: 40m
fleet:
  - name: s
    count: 3
    interval: 30s
    only: {s-00002: {temperature: {base: 24, spikes: [{at: 5m, for: 5m, value: 55}]}}}
faults:
  - {at: 2m, for: 1m, kind: connection-reset, target: {thing: s-00001}}
  - {at: 15m, kind: power-loss, target: {thing: s-00003}}
`

// run runs the scenario in virtual time and looks at its world before time ends.
func run(t *testing.T, look func(*scenarios.World)) (*scenarios.Outcome, *scenarios.Scenario, *scenarios.Progress) {
	t.Helper()
	s, err := scenarios.Parse([]byte(observed))
	require.NoError(t, err)
	start, err := s.StartTime()
	require.NoError(t, err)
	progress := &scenarios.Progress{}
	var outcome *scenarios.Outcome
	var failed error
	err = bubble.Run(bubble.Options{Start: start, Limit: 24 * time.Hour}, func() {
		var world *scenarios.World
		outcome, failed = scenarios.Run(context.Background(), scenarios.RunOptions{
			Scenario: s, Progress: progress, Started: func(w *scenarios.World) error { world = w; return nil },
		})
		if failed == nil {
			look(world)
		}
	})
	require.NoError(t, failed)
	require.NoError(t, err)
	return outcome, s, progress
}

func TestMetricsOfARun(t *testing.T) {
	outcome, s, progress := run(t, func(*scenarios.World) {})
	registry := metrics.Registry(metrics.Run(s, progress))
	problems, err := testutil.GatherAndLint(registry)
	require.NoError(t, err)
	require.Empty(t, problems, "promtool check metrics")

	server := httptest.NewServer(metrics.Handler(metrics.Run(s, progress)))
	t.Cleanup(server.Close)
	text := get(t, server.URL)
	counts := outcome.Result.Counts
	require.Contains(t, text, fmt.Sprintf("shakedown_messages_total{stage=\"sent\"} %d\n", counts.Sent))
	require.Contains(t, text, fmt.Sprintf("shakedown_messages_total{stage=\"acknowledged\"} %d\n", counts.Acked))
	require.Contains(t, text, `shakedown_run_info{clock="virtual",scenario="observed",seed="0"} 1`)
	require.Contains(t, text, `shakedown_run_phase{phase="auditing"} 1`)
	require.Contains(t, text, `shakedown_fault_active{fault="power-loss on s-00003"} 0`, "the run has ended")
	require.Contains(t, text, fmt.Sprintf("shakedown_message_delay_seconds_count{stage=\"acknowledged\"} %d\n", counts.Acked))
	require.Contains(t, text, fmt.Sprintf("shakedown_message_delay_seconds_bucket{stage=\"acknowledged\",le=\"+Inf\"} %d\n", counts.Acked))
	require.Contains(t, text, `shakedown_rule_actions_total{outcome="done",rule="TelemetryToKinesis"}`)
	require.Contains(t, text, `shakedown_function_invocations_total{function="iot-stream-processor"}`)

	t.Run("every metric on the dashboard is there", func(t *testing.T) {
		names := regexp.MustCompile(`\b(shakedown|process|go)_[a-z_]+`)
		seen, shown := 0, map[string]bool{}
		for _, q := range targets(t, "metrics") {
			require.NotEmpty(t, q.Expr)
			for _, name := range names.FindAllString(q.Expr, -1) {
				seen++
				shown[regexp.MustCompile(`_(bucket|sum|count)$`).ReplaceAllString(name, "")] = true
				require.Regexp(t, `(?m)^`+name+`[{ ]`, text, "%s: %s", q.Panel, q.Expr)
			}
		}
		require.Greater(t, seen, 20)
		// Those of the read-back, which comes after the load, and of the run's name are
		// for those who ask.
		for _, m := range regexp.MustCompile(`(?m)^# TYPE (shakedown_\w+)`).FindAllStringSubmatch(text, -1) {
			if m[1] != "shakedown_audit_found_total" && m[1] != "shakedown_run_info" {
				require.True(t, shown[m[1]], "%s is on no panel", m[1])
			}
		}
	})
}

// TestTimestreamDashboard runs every query of the dashboard on the embedded
// Timestream after a run, with its macros expanded as Grafana's plugin does
// (grafana/timestream-datasource, pkg/timestream/macros.go).
func TestTimestreamDashboard(t *testing.T) {
	list := targets(t, "timestream")
	require.Greater(t, len(list), 10)
	run(t, func(w *scenarios.World) {
		now := time.Now().UnixMilli()
		expand := strings.NewReplacer(
			"${database}", w.Pipeline.Database, "${telemetry}", w.Pipeline.Telemetry, "${alerts}", w.Pipeline.Alerts,
			"${device:singlequote}", "'s-00001','s-00002','s-00003'",
			"$__timeFilter", fmt.Sprintf("time BETWEEN from_milliseconds(%d) AND from_milliseconds(%d)", now-2*time.Hour.Milliseconds(), now),
			"$__interval_ms", "60000ms")
		client := timestreamquery.NewFromConfig(w.AWS)
		for _, q := range list {
			sql := expand.Replace(q.RawQuery)
			require.NotContains(t, sql, "$", q.Panel)
			out, err := client.Query(context.Background(), &timestreamquery.QueryInput{QueryString: &sql})
			if err != nil {
				t.Errorf("%s: %v\n%s", q.Panel, err, sql)
			} else if len(out.Rows) == 0 {
				t.Errorf("%s: no rows\n%s", q.Panel, sql)
			}
		}
	})
}

// target is a query of a panel, or of a variable.
type target struct{ Panel, Expr, RawQuery string }

func targets(t *testing.T, name string) []target {
	t.Helper()
	text, err := grafana.Dashboard(name)
	require.NoError(t, err)
	var board struct {
		Panels []struct {
			Type, Title string
			Targets     []target
		}
		Templating struct {
			List []struct {
				Name  string
				Type  string
				Query json.RawMessage
			}
		}
	}
	require.NoError(t, json.Unmarshal(text, &board))
	var list []target
	for _, p := range board.Panels {
		require.True(t, p.Type == "row" || len(p.Targets) > 0, "%s has no query", p.Title)
		for _, q := range p.Targets {
			q.Panel = p.Title
			list = append(list, q)
		}
	}
	for _, v := range board.Templating.List {
		if v.Type == "query" && name == "timestream" {
			q := target{Panel: "variable " + v.Name}
			require.NoError(t, json.Unmarshal(v.Query, &q))
			list = append(list, q)
		}
	}
	return list
}

func get(t *testing.T, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Equal(t, 200, resp.StatusCode)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return string(body)
}
