package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports/browser"
)

const lookedAt = `
name: looked-at
description: two sites for an hour, one of them cut off, one device hot and one gone
clock: virtual
duration: 1h
fleet:
  - {name: berlin, count: 4, interval: 30s, attributes: {site: berlin}}
  - name: lyon
    count: 4
    interval: 30s
    attributes: {site: lyon}
    only: {lyon-00002: {temperature: {base: 24, spikes: [{at: 40m, for: 5m, value: 55}]}}}
faults:
  - {at: 10m, for: 15m, kind: partition, target: {attribute: {site: berlin}}}
  - {at: 15m, for: 5m, kind: throttle, target: {service: kinesis}, rate: 50%}
  - {at: 45m, kind: power-loss, target: {thing: lyon-00004}}
expect: [lost == 0, p99(store) < 1s]
`

// TestBrowserReportOfARun looks at the report that a run leaves.
func TestBrowserReportOfARun(t *testing.T) {
	b := browser.Start(t)
	dir := t.TempDir()
	scenario := filepath.Join(dir, "looked-at.yaml")
	require.NoError(t, os.WriteFile(scenario, []byte(lookedAt), 0o600))
	var stdout, stderr bytes.Buffer
	require.Equal(t, exitFailed, execute([]string{"run", scenario, "--out", dir}, &stdout, &stderr), "an expectation is not met\n%s%s", &stdout, &stderr)
	report, err := filepath.EvalSymlinks(filepath.Join(dir, "latest", "report.html"))
	require.NoError(t, err)
	page := b.Open(t, "file://"+report, 1280)
	page.PlotsDrawn(t, 4)
	page.NoOverflow(t)
	page.Screenshot(t, "run-1280")
	for _, id := range []string{"failures", "expectations", "fates", "latency", "slowest", "timeline", "offline", "quotas", "bill", "faults", "environment", "scenario"} {
		require.NotEmpty(t, page.Text(t, "#"+id), id)
	}
	require.Equal(t, "✕ FAIL", browser.Eval[string](t, page, `getComputedStyle(document.querySelector('.verdict'), '::before').content.replaceAll('"', '') + document.querySelector('.verdict').innerText`))
	require.Equal(t, 3, browser.Eval[int](t, page, `document.querySelector('.chart .lanes').querySelectorAll('.chip').length`), "the faults by name")
	require.Greater(t, browser.Eval[int](t, page, `document.querySelectorAll('#slowest details:first-of-type .hops .t').length`), 5, "the hops of the slowest message")
	page.NoErrors(t)
	narrow := b.Open(t, "file://"+report, 400)
	narrow.PlotsDrawn(t, 4)
	narrow.NoOverflow(t)
	narrow.Screenshot(t, "run-400")
	browser.Eval[int](t, narrow, `[...document.querySelectorAll('details')].map(d => d.open = true).length`)
	narrow.NoOverflow(t)
	narrow.NoErrors(t)
}
