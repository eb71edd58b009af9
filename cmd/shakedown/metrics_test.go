package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/metrics"
	"github.com/shakedown-iot/shakedown/scenarios/traffic"
)

func TestMetricsAreServedUntilStopped(t *testing.T) {
	var counted traffic.Traffic
	counted.Rule(`odd"name`).Matched.Add(3)
	var stderr bytes.Buffer
	served, err := serveMetrics("127.0.0.1:0", "", metrics.Cloud(counted.Snapshot), &stderr)
	require.NoError(t, err)
	url := strings.TrimSpace(strings.TrimPrefix(stderr.String(), "metrics"))
	require.Equal(t, served.url, url)
	resp, err := http.Get(url)
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, resp.Body.Close())
	require.NoError(t, err)
	require.Contains(t, string(body), `shakedown_rule_messages_total{outcome="matched",rule="odd\"name"} 3`)
	http.DefaultClient.CloseIdleConnections()
	require.NoError(t, served.close())
	_, err = http.Get(url)
	require.ErrorContains(t, err, "refused")
}
