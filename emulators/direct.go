package emulators

import (
	"bytes"
	"io"
	"maps"
	"net/http"
	"strconv"

	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// Direct is an HTTP client that calls a handler in the same goroutine: no
// socket, no copy of the stack of net/http. It satisfies aws.HTTPClient.
type Direct struct{ Handler http.Handler }

// Do serves the request. The answer carries Content-Length; a request whose
// context has ended is answered with the context's error.
func (d Direct) Do(r *http.Request) (*http.Response, error) {
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if r.Body == nil {
		r.Body = http.NoBody
	}
	defer r.Body.Close()
	if r.Host == "" {
		r.Host = r.URL.Host
	}
	if policy.CallerOf(r.Context()).Service != "" { // a call through an API is the account's, or of a role
		r = r.WithContext(policy.WithCaller(r.Context(), policy.Caller{}))
	}
	// A server's handlers find the length among the headers, too.
	if sendsLength(r) && r.Header.Get("Content-Length") == "" {
		own := *r // and its own headers: the caller's stay as they are
		own.Header = maps.Clone(r.Header)
		own.Header["Content-Length"] = []string{strconv.FormatInt(r.ContentLength, 10)}
		r = &own
	}
	rec := recorder{header: http.Header{}}
	d.Handler.ServeHTTP(&rec, r)
	if err := r.Context().Err(); err != nil {
		return nil, err
	}
	if rec.status == 0 {
		rec.status = http.StatusOK
	}
	length := int64(rec.body.Len())
	if stated, err := strconv.ParseInt(rec.header.Get("Content-Length"), 10, 64); err == nil && r.Method == http.MethodHead {
		length = stated // of the body that GET has
	}
	rec.header.Set("Content-Length", strconv.FormatInt(length, 10))
	return &http.Response{
		Status:        strconv.Itoa(rec.status) + " " + http.StatusText(rec.status),
		StatusCode:    rec.status,
		Proto:         "HTTP/1.1",
		ProtoMajor:    1,
		ProtoMinor:    1,
		Header:        rec.header,
		Body:          io.NopCloser(&rec.body),
		ContentLength: length,
		Request:       r,
	}, nil
}

// sendsLength is whether net/http would send the length: of an empty body only with
// the methods that have one.
func sendsLength(r *http.Request) bool {
	switch r.Method {
	case http.MethodPut, http.MethodPost, http.MethodPatch:
		return r.ContentLength > 0 || r.ContentLength == 0 && r.Body == http.NoBody
	}
	return r.ContentLength > 0
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header { return r.header }

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
}

func (r *recorder) Write(p []byte) (int, error) {
	r.WriteHeader(http.StatusOK)
	return r.body.Write(p)
}
