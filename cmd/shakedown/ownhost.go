package main

import (
	"context"
	"net"
	"net/http"
	"slices"
	"strings"
)

// reserved are the ends of names that nobody can buy, so that no page of the Internet has
// one: those of RFC 6761 and RFC 6762, the one that ICANN has set aside for private use,
// and those that home and company networks use without having been given them.
//
// https://www.iana.org/assignments/special-use-domain-names/special-use-domain-names.xhtml
var reserved = []string{
	"localhost", "local", "internal", "test", "home.arpa", "lan", "home", "corp", "svc",
}

// clouds are the names under which AWS's endpoints are known, to clients whose hosts file or
// proxy leads them here, and the one that LocalStack has pointed to 127.0.0.1 for good: only
// their owners can give them another address.
var clouds = []string{
	"amazonaws.com", "amazonaws.com.cn", "api.aws", "on.aws", "localhost.localstack.cloud",
}

// knownHost refuses what comes under a name that a page of somebody else's may have given
// to this machine's address ("DNS rebinding"): a browser takes what such a page asks for
// as the page's own, shows it the answer and names no origin. An address is known, for a
// page cannot be at it unless it is this machine's; so is a name of one word, as containers
// have; host is the name under which clients are told to come.
func knownHost(host string, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isKnown(r.Host, host) {
			http.Error(w, "Shakedown does not answer to the name in the Host header: come by an address, by localhost, or start it with --host and that name", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isKnown tells whether the Host of a request is known. Below the name that clients are told,
// buckets and APIs have theirs.
func isKnown(asked, host string) bool {
	name := nameOf(asked)
	if name == "" || net.ParseIP(name) != nil || !strings.Contains(name, ".") {
		return true // "" is of HTTP/1.0, which no browser speaks
	}
	within := func(of string) bool { return name == of || strings.HasSuffix(name, "."+of) }
	return host != "" && within(strings.ToLower(host)) || slices.ContainsFunc(reserved, within) || slices.ContainsFunc(clouds, within)
}

// nameOf is the name or address in a Host header, as names are compared.
func nameOf(host string) string {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = host
	}
	name = strings.TrimSuffix(strings.TrimPrefix(name, "["), "]")
	return strings.ToLower(strings.TrimSuffix(name, "."))
}

// knownHostHere is knownHost for who comes over loopback. Whoever opens an address to a
// network lets in everybody there, under whichever name.
func knownHostHere(host string, next http.Handler) http.Handler {
	guarded := knownHost(host, next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if onNetwork(r.Context()) {
			next.ServeHTTP(w, r)
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

// onNetwork tells whether a request came to an address of this machine that others reach.
func onNetwork(ctx context.Context) bool {
	at, ok := ctx.Value(http.LocalAddrContextKey).(*net.TCPAddr)
	return ok && !at.IP.IsLoopback()
}
