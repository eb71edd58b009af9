package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// A page of another site, which a browser lets send a form or plain text to this
// machine, calls nothing: neither by an address nor by a name that it has given to it.
func TestNoForeignPages(t *testing.T) {
	for origin, want := range map[string]int{
		"":                          http.StatusOK,
		"http://127.0.0.1:4580":     http.StatusOK,
		"http://[::1]:3000":         http.StatusOK,
		"http://localhost:3000":     http.StatusOK,
		"http://app.localhost":      http.StatusOK,
		"https://iot.lan:8443":      http.StatusOK, // --host
		"https://example.com":       http.StatusForbidden,
		"http://rebound.example":    http.StatusForbidden, // the Host below
		"http://localhost.example":  http.StatusForbidden,
		"http://127.0.0.1.example":  http.StatusForbidden,
		"http://192.168.0.7":        http.StatusForbidden,
		"null":                      http.StatusForbidden,
		"chrome-extension://abcdef": http.StatusForbidden,
	} {
		called := false
		handler := noForeignPages("iot.lan", http.HandlerFunc(func(http.ResponseWriter, *http.Request) { called = true }))
		r := httptest.NewRequest(http.MethodPost, "http://rebound.example/2015-03-31/functions", strings.NewReader("{}"))
		if origin != "" {
			r.Header.Set("Origin", origin)
		}
		w := httptest.NewRecorder()
		handler.ServeHTTP(w, r)
		require.Equal(t, want, w.Code, origin)
		require.Equal(t, want == http.StatusOK, called, origin)
	}
}

// Nor does one call anything by a picture or a link, for which a browser names no origin;
// it may show what is in a bucket, and people follow links that SNS has sent.
func TestNoForeignCallsByGET(t *testing.T) {
	const signature = "&X-Amz-Credential=test%2F20261126%2Fus-east-1%2Fsns%2Faws4_request&X-Amz-Signature=aa"
	for _, one := range []struct {
		target, site, mode, origin string
		want                       int
	}{
		{"/?Action=DeleteTopic&TopicArn=x" + signature, "cross-site", "no-cors", "", http.StatusForbidden},
		{"/?Action=DeleteTopic&TopicArn=x" + signature, "cross-site", "navigate", "", http.StatusForbidden},
		{"/?Action=Unsubscribe&SubscriptionArn=x", "cross-site", "no-cors", "", http.StatusForbidden},
		{"/?Action=Unsubscribe&SubscriptionArn=x", "cross-site", "navigate", "", http.StatusOK},
		{"/?Action=ConfirmSubscription&Token=x", "cross-site", "navigate", "", http.StatusOK},
		{"/?Action=ListTopics" + signature, "", "", "", http.StatusOK},             // a program
		{"/?Action=ListTopics" + signature, "same-origin", "", "", http.StatusOK},  // a page of this machine
		{"/?Action=ListTopics" + signature, "none", "navigate", "", http.StatusOK}, // typed
		{"/?Action=ListTopics" + signature, "cross-site", "cors", "http://localhost:3000", http.StatusOK},
		{"/photos/cat.png", "cross-site", "no-cors", "", http.StatusOK},
	} {
		r := httptest.NewRequest(http.MethodGet, "http://127.0.0.1:4566"+one.target, nil)
		for name, value := range map[string]string{"Sec-Fetch-Site": one.site, "Sec-Fetch-Mode": one.mode, "Origin": one.origin} {
			if value != "" {
				r.Header.Set(name, value)
			}
		}
		w := httptest.NewRecorder()
		noForeignPages("", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})).ServeHTTP(w, r)
		require.Equal(t, one.want, w.Code, "%+v", one)
	}
}

// up serves nothing to them.
func TestUpKnowsNoForeignPages(t *testing.T) {
	url := running(t)
	status := func(origin string) int {
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, url+"/2015-03-31/functions", strings.NewReader("{}"))
		require.NoError(t, err)
		r.URL.RawQuery = "X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=test%2F20261126%2Fus-east-1%2Flambda%2Faws4_request&X-Amz-Signature=aa"
		r.Header.Set("Content-Type", "text/plain")
		r.Header.Set("Origin", origin)
		answer, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		answer.Body.Close()
		return answer.StatusCode
	}
	require.Equal(t, http.StatusForbidden, status("https://example.com"))
	require.Equal(t, http.StatusBadRequest, status("http://localhost:3000"), "Lambda's answer")
}
