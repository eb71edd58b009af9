package browser_test

import (
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports/browser"
)

const badPage = `<!doctype html><link rel="icon" href="data:,"><meta charset="utf-8"><title>bad</title>
<div style="width:700px">wide</div>
<div style="overflow-x:auto"><div style="width:900px">scrolls by itself</div></div>
<svg role="img" aria-label="good" width="100" height="50"><polyline points="0,0 50,40" stroke="red"/></svg>
<svg role="img" aria-label="empty" width="100" height="50"><polyline points=""/></svg>
<img src="/missing.png" alt="">
<script>console.error("said so"); throw new Error("thrown")</script>`

// observer is a testing.TB that remembers failures instead of failing.
type observer struct {
	testing.TB
	failed []string
}

func (o *observer) Helper() {}
func (o *observer) Errorf(format string, args ...any) {
	o.failed = append(o.failed, format)
}

// TestBrowserSeesWhatIsWrong shows that each check can fail.
func TestBrowserSeesWhatIsWrong(t *testing.T) {
	b := browser.Start(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/":
			w.Write([]byte(badPage))
		case "/good":
			w.Write([]byte(`<!doctype html><title>good</title><link rel="icon" href="data:,"><p>fine</p>`))
		default:
			http.NotFound(w, r)
		}
	}))
	t.Cleanup(server.Close)

	bad := b.Open(t, server.URL+"/", 400)
	for _, check := range []func(testing.TB){bad.NoErrors, bad.NoOverflow, func(tb testing.TB) { bad.PlotsDrawn(tb, 2) }} {
		o := &observer{TB: t}
		check(o)
		require.Len(t, o.failed, 1)
	}
	seen := bad.Errors()
	require.Contains(t, seen, `console: "said so"`)
	require.Len(t, seen, 3, "the error, the exception and the missing image: %q", seen)

	good := b.Open(t, server.URL+"/good", 400)
	good.NoErrors(t)
	good.NoOverflow(t)
	require.Equal(t, "fine", good.Text(t, "p"))
}
