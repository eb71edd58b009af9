package browser

import (
	"fmt"
	"strings"
	"testing"
)

// overflowing lists the elements that stick out of the window to the right, but
// for those inside a box that scrolls or clips by itself.
const overflowing = `(() => {
  const width = document.documentElement.clientWidth, found = [];
  const boxed = e => { for (let p = e.parentElement; p; p = p.parentElement) if (p !== document.body && p !== document.documentElement && getComputedStyle(p).overflowX !== 'visible') return true; return false; };
  for (const e of document.body.querySelectorAll('*')) {
    const box = e.getBoundingClientRect();
    if (box.width && box.right > width + 1 && !boxed(e)) found.push(e.tagName.toLowerCase() + '.' + (e.getAttribute('class') || '') + ' ends at ' + Math.round(box.right) + ' of ' + width + ': ' + (e.textContent || '').trim().slice(0, 60));
  }
  if (document.documentElement.scrollWidth > width) found.push('the page is ' + document.documentElement.scrollWidth + ' wide, the window ' + width);
  return found;
})()`

// NoOverflow fails the test if anything is wider than the window.
func (p *Page) NoOverflow(t testing.TB) {
	t.Helper()
	found := Eval[[]string](t, p, overflowing)
	if len(found) > 0 {
		t.Errorf("wider than the window of %d pixels:\n%s", p.width, strings.Join(found[:min(len(found), 10)], "\n"))
	}
}

// NothingHidden fails the test if a table under one of the selectors is wider than
// its box: what is beyond its edge only shows to those who scroll it.
func (p *Page) NothingHidden(t testing.TB, selectors ...string) {
	t.Helper()
	for _, s := range selectors {
		script := fmt.Sprintf(`[...document.querySelectorAll(%q)].filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.scrollWidth + ' of ' + e.clientWidth + ': ' + e.textContent.trim().slice(0, 60))`, s+" .scroll")
		if found := Eval[[]string](t, p, script); len(found) > 0 {
			t.Errorf("%s has a table wider than its box at %d pixels:\n%s", s, p.width, strings.Join(found, "\n"))
		}
	}
}

// undrawn lists the plots, each an svg with role=img, that show nothing: no box on
// the page, or no mark with a length or an area and a colour; bands are no marks.
const undrawn = `[...document.querySelectorAll('svg[role=img]')].filter(svg => {
  const box = svg.getBoundingClientRect();
  if (box.width < 50 || box.height < 20) return true;
  return ![...svg.querySelectorAll('path,polyline,polygon,circle,rect:not(.band)')].some(e => {
    const style = getComputedStyle(e);
    const ink = c => c !== 'none' && c !== 'rgba(0, 0, 0, 0)';
    const inked = (ink(style.fill) || ink(style.stroke)) && style.visibility !== 'hidden' && style.display !== 'none';
    const b = e.getBoundingClientRect();
    return inked && (e.getTotalLength ? e.getTotalLength() > 0 : true) && b.width + b.height > 1;
  });
}).map(svg => svg.getAttribute('aria-label') || 'a plot without a name')`

// PlotsDrawn fails the test if a plot shows nothing, or there are fewer than n.
func (p *Page) PlotsDrawn(t testing.TB, n int) {
	t.Helper()
	found := Eval[[]string](t, p, undrawn)
	if len(found) > 0 {
		t.Errorf("plots that show nothing: %s", strings.Join(found, "; "))
	}
	if plots := Eval[int](t, p, `document.querySelectorAll('svg[role=img]').length`); plots < n {
		t.Errorf("%d plots on the page, want at least %d", plots, n)
	}
}
