// Package browser opens pages in a real Chromium for tests: of reports, and of
// the web console. It is imported by tests only.
//
//	page := browser.Start(t).Open(t, "file:///…/report.html", 400)
//	page.NoErrors(t)   // console errors, exceptions, failed requests
//	page.NoOverflow(t) // nothing wider than the window
//
// Where there is no Chromium a test is skipped, and says so; `make test-browser`
// installs Debian's, and sets SHAKEDOWN_BROWSER so that it must be there.
package browser
