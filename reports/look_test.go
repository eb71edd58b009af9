package reports_test

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/reports/browser"
)

// hostile is a result whose devices and scenario try to break out of the page.
func hostile() *reports.Result {
	r := busy()
	evil := `"><script>document.title="owned"</script><img src=x onerror=document.title='owned'>`
	r.Scenario, r.Description, r.Source, r.Hash = evil, evil, evil, evil
	r.Faults[0].Target, r.Faults[0].Kind = evil, evil
	for i := range r.Alerts.List {
		r.Alerts.List[i].Thing, r.Alerts.List[i].Severity = evil, evil
	}
	r.Offline[0].Thing, r.Offline[0].Verdict = evil, evil
	r.Messages[0] = reports.Example{Message: evil + "/1", Sink: evil, Fate: evil, Reason: evil}
	r.Slowest[0] = reports.Slowest{Message: evil, Hops: []reports.Hop{{Text: evil}}}
	r.Quotas = quotas(evil)
	r.Expectations[0].Text, r.Expectations[0].Measured = evil, evil
	r.Failures, r.Findings = []string{evil}, []string{evil}
	return r
}

// TestBrowserShowsReports opens reports in Chromium, wide and narrow, light and dark.
func TestBrowserShowsReports(t *testing.T) {
	b := browser.Start(t)
	interrupted := sample()
	interrupted.Failures, interrupted.Interrupted = nil, true
	for name, c := range map[string]struct {
		write func(io.Writer) error
		plots int
	}{
		"busy":     {func(w io.Writer) error { return reports.HTML(w, busy()) }, 3},
		"hostile":  {func(w io.Writer) error { return reports.HTML(w, hostile()) }, 3},
		"compared": {func(w io.Writer) error { return reports.CompareHTML(w, reports.Compare(busy(), hostile(), 0)) }, 2},
		"offline":  {func(w io.Writer) error { return reports.HTML(w, &reports.Result{Scenario: "x", OfflineTruth: truth()}) }, 1},
		"cut":      {func(w io.Writer) error { return reports.HTML(w, interrupted) }, 3},
		"killed": {func(w io.Writer) error {
			return reports.PartialHTML(w, &reports.Partial{Scenario: "x", Notice: "killed", Replay: "shakedown replay runs/a-rather-long-name-of-a-folder-that-breaks"})
		}, 0},
	} {
		path := filepath.Join(t.TempDir(), name+".html")
		file, err := os.Create(path)
		require.NoError(t, err)
		require.NoError(t, c.write(file))
		require.NoError(t, file.Close())
		widths := []int{400}
		if name == "busy" {
			widths = []int{1280, 400}
		}
		for _, width := range widths {
			t.Run(fmt.Sprintf("%s at %d", name, width), func(t *testing.T) { look(t, b, path, name, width, c.plots) })
		}
	}
}

func look(t *testing.T, b *browser.Browser, path, name string, width, plots int) {
	page := b.Open(t, "file://"+path, width)
	for _, dark := range []bool{false, true} {
		page.Dark(t, dark)
		page.NoOverflow(t)
		page.PlotsDrawn(t, plots)
		page.Screenshot(t, fmt.Sprintf("%s-%d-dark=%t", name, width, dark))
		require.Greater(t, browser.Eval[float64](t, page, contrast), 4.5, "WCAG AA: the text on its background")
	}
	browser.Eval[int](t, page, `[...document.querySelectorAll('details')].map(d => d.open = true).length`)
	page.NoOverflow(t)
	page.NothingHidden(t, "#latency", "#quotas", "#bill", "#costs", "#faults", "#expectations")
	page.NoErrors(t)
	require.NotEqual(t, "owned", browser.Eval[string](t, page, `document.title`))
	require.Zero(t, browser.Eval[int](t, page, `document.querySelectorAll('script,img,iframe,[onerror]').length`))
}

// contrast is the least contrast of a text with the background behind it.
const contrast = `(() => {
  const parse = c => c.match(/[\d.]+/g).map(Number);
  const lum = c => { const f = v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; return .2126 * f(c[0]) + .7152 * f(c[1]) + .0722 * f(c[2]); };
  const behind = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor); if (c.length < 4 || c[3] === 1) return c; } return [255, 255, 255]; };
  let least = 21;
  for (const e of document.body.querySelectorAll('*')) {
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) || !e.getBoundingClientRect().width) continue;
    const a = lum(parse(getComputedStyle(e).color)), b = lum(behind(e));
    least = Math.min(least, (Math.max(a, b) + .05) / (Math.min(a, b) + .05));
  }
  return least;
})()`
