package metrics_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/metrics"
)

// TestPrometheusAnswersTheDashboard lets a real Prometheus scrape a run and asks it
// every query of the dashboard: each has an answer, and none is below zero.
func TestPrometheusAnswersTheDashboard(t *testing.T) {
	program, err := exec.LookPath("prometheus")
	if err != nil {
		const missing = "no prometheus: `make test-prometheus` installs it (apt-get install prometheus) and runs this test"
		if os.Getenv("SHAKEDOWN_PROMETHEUS") != "" {
			t.Fatal(missing)
		}
		t.Skip("SKIPPED, NOT TESTED: " + missing)
	}
	_, s, progress := run(t, func(*scenarios.World) {})
	target := httptest.NewServer(metrics.Handler(metrics.Run(s, progress)))
	t.Cleanup(target.Close)
	api := startPrometheus(t, program, strings.TrimPrefix(target.URL, "http://"))
	// Two scrapes make a rate.
	require.Eventually(t, func() bool {
		values, err := ask(api, "rate(shakedown_messages_total[10s])")
		return err == nil && len(values) > 0
	}, 30*time.Second, 100*time.Millisecond)
	expand := strings.NewReplacer("$instance", ".*", "$__rate_interval", "10s")
	for _, q := range targets(t, "metrics") {
		values, err := ask(api, expand.Replace(q.Expr))
		require.NoError(t, err, q.Expr)
		require.NotEmpty(t, values, "%s: %s", q.Panel, q.Expr)
		for _, v := range values {
			require.False(t, v < 0, "%s: %s is %v", q.Panel, q.Expr, v)
		}
	}
}

// startPrometheus runs Prometheus on loopback until the test ends.
func startPrometheus(t *testing.T, program, target string) (api string) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := free.Addr().String()
	require.NoError(t, free.Close())
	dir := t.TempDir()
	config := filepath.Join(dir, "prometheus.yml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil,
		"global: {scrape_interval: 500ms, scrape_timeout: 500ms}\nscrape_configs: [{job_name: shakedown, static_configs: [{targets: ['%s']}]}]\n", target), 0o600))
	ctx, stop := context.WithCancel(context.Background())
	cmd := exec.CommandContext(ctx, program, "--config.file="+config, "--storage.tsdb.path="+filepath.Join(dir, "data"), "--web.listen-address="+addr)
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		stop()
		_ = cmd.Wait() // it was killed
	})
	return "http://" + addr + "/api/v1/query"
}

// ask is the values that a query has now.
func ask(api, query string) ([]float64, error) {
	resp, err := http.Get(api + "?" + url.Values{"query": {query}}.Encode())
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var answer struct {
		Error string
		Data  struct{ Result []struct{ Value [2]any } }
	}
	if err := json.NewDecoder(resp.Body).Decode(&answer); err != nil {
		return nil, err
	}
	if answer.Error != "" {
		return nil, fmt.Errorf("prometheus: %s", answer.Error)
	}
	var values []float64
	for _, r := range answer.Data.Result {
		v, err := strconv.ParseFloat(fmt.Sprint(r.Value[1]), 64)
		if err != nil {
			return nil, err
		}
		values = append(values, v)
	}
	return values, nil
}
