package console

import (
	"context"
	"crypto/subtle"
	"net"
	"net/http"
	"net/netip"
)

// headers are those of every answer. No style or script stands in a page; forms
// and requests go to the console only; no other page may frame it or read it.
// Referrer-Policy is same-origin, because no-referrer makes a form's Origin null.
var headers = map[string]string{
	"Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
		"form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
	"X-Content-Type-Options":       "nosniff",
	"X-Frame-Options":              "DENY",
	"Referrer-Policy":              "same-origin",
	"Cross-Origin-Resource-Policy": "same-origin",
	"Cross-Origin-Opener-Policy":   "same-origin",
	"Cache-Control":                "no-store",
}

// guard lets only this machine's own requests through.
func (c *Console) guard(next http.Handler) http.Handler {
	sameOrigin := http.NewCrossOriginProtection()
	sameOrigin.SetDenyHandler(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		c.fail(w, r, http.StatusForbidden, "This did not come from the console.", "Open the device's page in the console and send the command there.")
	}))
	guarded := sameOrigin.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, value := range headers {
			w.Header().Set(name, value)
		}
		if !ownHost(r.Host) {
			c.fail(w, r, http.StatusMisdirectedRequest, "The console does not answer to this name.", "Open it as 127.0.0.1 or localhost.")
			return
		}
		ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
		defer cancel()
		guarded.ServeHTTP(w, r.WithContext(ctx))
	})
}

// ownHost tells whether a Host names this machine by itself: a name that another
// has given to 127.0.0.1 does not.
func ownHost(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	if name == "localhost" {
		return true
	}
	if n := len(name); n > 2 && name[0] == '[' && name[n-1] == ']' {
		name = name[1 : n-1]
	}
	addr, err := netip.ParseAddr(name)
	return err == nil && addr.IsLoopback()
}

// fromOwnForm tells whether a form carries the token of this console.
func (c *Console) fromOwnForm(r *http.Request) bool {
	return subtle.ConstantTimeCompare([]byte(r.PostFormValue("token")), []byte(c.token)) == 1
}
