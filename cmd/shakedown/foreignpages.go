package main

import (
	"net"
	"net/http"
	"net/url"
	"strings"
)

// noForeignPages refuses what a browser sends for a page of somebody else's: any
// signature does here and functions run as processes, so that a page which could
// create one could run what it likes on this machine. A browser names a page's origin
// with every request that changes something, also where it would not show the page
// the answer; programs name none. The name under which the request came does not
// count, for a page may have given its own name to this machine's address: what it can
// read then is knownHost's. host is the one under which clients are told to come.
//
// A call of the query protocol may be a GET, which a page makes by showing a picture, and
// for that a browser names no origin: it says that it is for a page of another site.
//
// https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Origin
// https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/Sec-Fetch-Site
func noForeignPages(host string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for _, origin := range r.Header.Values("Origin") {
			if !ownPage(origin, host) {
				http.Error(w, "a page of "+origin+" may not call Shakedown: only pages of this machine may, at localhost, a loopback address or the name given with --host", http.StatusForbidden)
				return
			}
		}
		if len(r.Header.Values("Origin")) == 0 && r.Header.Get("Sec-Fetch-Site") == "cross-site" && calls(r) {
			http.Error(w, "a page of another site may not call Shakedown by a link or a picture", http.StatusForbidden)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// calls tells whether the URL of a request is a call of the query protocol. Somebody who
// follows a link that SNS has sent, from a mail that a browser shows, calls too, and may.
func calls(r *http.Request) bool {
	query := r.URL.Query()
	action := query.Get("Action")
	follows := r.Header.Get("Sec-Fetch-Mode") == "navigate" && (action == "ConfirmSubscription" || action == "Unsubscribe")
	return query.Has("Action") && !follows
}

// ownPage tells whether an origin is one of this machine: of any port.
func ownPage(origin, host string) bool {
	u, err := url.Parse(origin)
	if err != nil {
		return false
	}
	name := strings.ToLower(u.Hostname())
	if name == "" { // null: a page from a file, a frame without an origin
		return false
	}
	if ip := net.ParseIP(name); ip != nil && ip.IsLoopback() {
		return true
	}
	return name == "localhost" || strings.HasSuffix(name, ".localhost") || strings.EqualFold(name, host)
}
