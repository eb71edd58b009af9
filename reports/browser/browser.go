package browser

import (
	"context"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// names are what Chromium is called, Debian's first.
var names = []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"}

// patience bounds a browser's whole life: start, pages and end.
const patience = 90 * time.Second

// Browser is a running headless Chromium with a profile of its own.
type Browser struct{ ctx context.Context }

// Start starts Chromium; it ends with the test. Without one the test is skipped.
// It has a throw-away profile, and asks nothing of the network by itself.
func Start(t testing.TB) *Browser {
	t.Helper()
	path := find(t)
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.ExecPath(path),
		chromedp.UserDataDir(t.TempDir()),
		chromedp.NoSandbox, // CI runs as root, where Chromium has no sandbox; pages are our own
		chromedp.DisableGPU,
		chromedp.WSURLReadTimeout(patience/2),
		chromedp.Flag("disable-quic", true),
		chromedp.Flag("disable-component-update", true),
		chromedp.Flag("no-pings", true),
		chromedp.Flag("host-resolver-rules", "MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost"),
	)
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	t.Cleanup(cancel)
	allocated, end := chromedp.NewExecAllocator(ctx, options...)
	t.Cleanup(end)
	browser, closeBrowser := chromedp.NewContext(allocated)
	// Waits for the process, so that its profile is free to be removed.
	t.Cleanup(func() {
		if err := chromedp.Cancel(browser); err != nil && browser.Err() == nil {
			t.Logf("end chromium: %v", err)
		}
		closeBrowser()
	})
	if err := chromedp.Do(browser); err != nil {
		t.Fatalf("start %s: %v", path, err)
	}
	return &Browser{browser}
}

// find looks Chromium up, or skips the test.
func find(t testing.TB) string {
	t.Helper()
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	const missing = "no chromium: `make test-browser` installs it (apt-get install chromium) and runs this test"
	if os.Getenv("SHAKEDOWN_BROWSER") != "" {
		t.Fatal(missing)
	}
	t.Skip("SKIPPED, NOT TESTED: " + missing)
	return ""
}
