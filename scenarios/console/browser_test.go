package console_test

import (
	"net/http/httptest"
	"net/url"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports/browser"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// TestBrowserConsole: in a real Chromium, at both widths and in the dark, the pages
// have no script error, fit the window and draw every chart; a command that is sent
// from a page reaches the device and its answer appears without a reload; what a
// device calls itself is text.
func TestBrowserConsole(t *testing.T) {
	if testing.Short() {
		t.Skip("a browser takes twenty seconds")
	}
	b := browser.Start(t)
	d := open(t, 3, time.Minute)
	server := httptest.NewServer(d)
	t.Cleanup(server.Close)
	d.publish(t, evil, evilReading())
	require.Eventually(t, func() bool { return d.world.Ledger.Count(ledger.Sent) > 20 }, 20*time.Second, 100*time.Millisecond)

	evilPath := "/devices/" + url.PathEscape(evil)
	for path, charts := range map[string]int{"/": 0, "/devices/s-00002": 4, evilPath: 2, "/alerts": 1, "/rules": 0, "/streams": 0, "/nowhere": 0} {
		for _, width := range []int{1280, 400} {
			p := b.Open(t, server.URL+path, width)
			if path != "/nowhere" { // whose 404 Chromium reports as an error
				p.NoErrors(t)
			}
			p.NoOverflow(t)
			p.PlotsDrawn(t, charts)
			name := strconv.Itoa(width) + "-" + url.PathEscape(path)
			p.Screenshot(t, name)
			p.Dark(t, true)
			p.Screenshot(t, name+"-dark")
		}
	}
	p := b.Open(t, server.URL+evilPath, 400)
	require.Equal(t, evil, p.Text(t, "h1"))
	require.Contains(t, p.Text(t, "#messages pre"), `"deviceId":"<script>alert(1)<script>"`)
	require.Contains(t, p.Text(t, "#charts"), "<script>alert(1)<script>")

	sendFromPage(t, b, server.URL)
	d.over.Store(true)
	d.fleet.Wait()
}

// sendFromPage fills the form in as people do, and waits for the page to say that
// the device has obeyed.
func sendFromPage(t *testing.T, b *browser.Browser, base string) {
	t.Helper()
	p := b.Open(t, base+"/devices/s-00001", 1280)
	require.True(t, browser.Eval[bool](t, p, `!document.getElementById("interval-label").hidden`))
	p.Do(t,
		chromedp.SetValue(chromedp.CSS("#action"), "reboot"),
		chromedp.SetValue(chromedp.CSS("#action"), "update_interval"),
		chromedp.SetValue(chromedp.CSS("#interval"), "2"),
		chromedp.Click(chromedp.CSS("form.command button")),
		chromedp.WaitVisible(chromedp.CSS("#sent .outcome")))
	loaded := browser.Eval[float64](t, p, `performance.timeOrigin`)
	p.Do(t, chromedp.WaitVisible(chromedp.CSS("#sent .outcome.done")))
	require.Contains(t, p.Text(t, "#sent"), "update_interval")
	require.Equal(t, loaded, browser.Eval[float64](t, p, `performance.timeOrigin`), "the page was loaded again")
	// What somebody is about to type is not pulled away by the next look.
	p.Do(t, chromedp.Focus(chromedp.CSS("#interval")), chromedp.SendKeys(chromedp.CSS("#interval"), "7"), chromedp.Sleep(2500*time.Millisecond))
	require.Equal(t, "#interval", browser.Eval[string](t, p, `"#" + document.activeElement.id`))
	p.NoErrors(t)
}
