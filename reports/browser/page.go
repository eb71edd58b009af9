package browser

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
)

// height is that of a window.
const height = 900

// Page is a tab with a page in it.
type Page struct {
	ctx   context.Context
	width int

	mu     sync.Mutex
	errors []string
}

// Open opens a page in a window of this width and waits until it is loaded. What
// goes wrong in the page from then on is kept for NoErrors.
func (b *Browser) Open(t testing.TB, url string, width int) *Page {
	t.Helper()
	ctx, cancel := chromedp.NewContext(b.ctx)
	t.Cleanup(cancel)
	p := &Page{ctx: ctx, width: width}
	p.Do(t)
	if err := chromedp.Listen(ctx, p.listen); err != nil {
		t.Fatalf("browser: %v", err)
	}
	call(t, p, network.Enable, network.EnableParams{})
	call(t, p, log.Enable, cdp.Empty{})
	p.Do(t, chromedp.EmulateViewport(int64(width), height), chromedp.Navigate(url))
	return p
}

// call runs a command of the protocol in the page.
func call[P, R any](t testing.TB, p *Page, command cdp.Command[P, R], params P) {
	t.Helper()
	if _, err := chromedp.Call(p.ctx, command, params); err != nil {
		t.Fatalf("browser: %s: %v", command.Method, err)
	}
}

// listen keeps what a developer would see in red or yellow in the console.
func (p *Page) listen(event any) {
	switch e := event.(type) {
	case *runtime.EventExceptionThrown:
		p.add("exception: " + e.ExceptionDetails.Text + " " + arguments([]*runtime.RemoteObject{e.ExceptionDetails.Exception}))
	case *runtime.EventConsoleAPICalled:
		if e.Type == "error" || e.Type == "assert" || e.Type == "warning" {
			p.add("console: " + arguments(e.Args))
		}
	case *log.EventEntryAdded:
		if e.Entry.Level == log.EntryLevelError || e.Entry.Level == log.EntryLevelWarning {
			p.add(fmt.Sprintf("log: %s %s", e.Entry.Text, e.Entry.URL))
		}
	case *network.EventLoadingFailed:
		if !e.Canceled {
			p.add("request failed: " + e.ErrorText)
		}
	}
}

func arguments(args []*runtime.RemoteObject) string {
	var words []string
	for _, a := range args {
		if a != nil {
			words = append(words, strings.TrimSpace(string(a.Value)+" "+a.Description))
		}
	}
	return strings.Join(words, " ")
}

func (p *Page) add(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.errors = append(p.errors, text)
}

// Errors are the console errors and warnings, exceptions and failed requests so far.
func (p *Page) Errors() []string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return append([]string(nil), p.errors...)
}

// NoErrors fails the test if the page had any.
func (p *Page) NoErrors(t testing.TB) {
	t.Helper()
	if list := p.Errors(); len(list) > 0 {
		t.Errorf("the page has errors:\n%s", strings.Join(list, "\n"))
	}
}

// Do runs chromedp's actions in the page: clicks, waits, keys.
func (p *Page) Do(t testing.TB, actions ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(p.ctx, actions...); err != nil {
		t.Fatalf("browser: %v\n%s", err, strings.Join(p.Errors(), "\n"))
	}
}

// Get runs one of chromedp's actions that give a value, such as chromedp.Text.
func Get[T any](t testing.TB, p *Page, action chromedp.Action[T]) T {
	t.Helper()
	value, err := chromedp.Run(p.ctx, action)
	if err != nil {
		t.Fatalf("browser: %v\n%s", err, strings.Join(p.Errors(), "\n"))
	}
	return value
}

// Eval is the value of a JavaScript expression.
func Eval[T any](t testing.TB, p *Page, expression string) T {
	t.Helper()
	return Get(t, p, chromedp.Evaluate[T](expression))
}

// Text is the visible text of the first element that a CSS selector finds.
func (p *Page) Text(t testing.TB, selector string) string {
	t.Helper()
	return Get(t, p, chromedp.Text(chromedp.CSS(selector)))
}

// Dark prefers dark or light colours from now on.
func (p *Page) Dark(t testing.TB, dark bool) {
	t.Helper()
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	call(t, p, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}}})
}

// Screenshot writes the whole page as a PNG where SHAKEDOWN_SCREENSHOTS names a
// folder, to be looked at.
func (p *Page) Screenshot(t testing.TB, name string) {
	t.Helper()
	folder := os.Getenv("SHAKEDOWN_SCREENSHOTS")
	if folder == "" {
		return
	}
	png := Get(t, p, chromedp.FullScreenshot(100))
	if err := os.WriteFile(folder+"/"+name+".png", png, 0o600); err != nil {
		t.Fatal(err)
	}
}
