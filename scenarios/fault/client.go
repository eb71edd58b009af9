package fault

import (
	"bytes"
	"context"
	"crypto/md5"
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
)

// HTTPClient is what aws-sdk-go-v2 sends requests with.
type HTTPClient interface {
	Do(*http.Request) (*http.Response, error)
}

// Wrap puts the injector between SDK clients and the services. Requests are told
// apart by the service they are signed for, X-Amz-Target, Action, or method and
// path.
//
// A batch of which entries are to fail is sent on without these, with the
// signature that it had: the embedded cloud looks at the scope alone, AWS itself
// would refuse it.
func (i *Injector) Wrap(next HTTPClient) HTTPClient { return client{i, next} }

type client struct {
	injector *Injector
	next     HTTPClient
}

// message is a request and its body, which can be sent again.
type message struct {
	*http.Request
	body []byte
}

// maxLooked bounds the body that the injector looks into, in bytes. A larger call
// is told apart by its path alone, and no batch.
const maxLooked = 16 << 20

// Do implements HTTPClient.
func (c client) Do(r *http.Request) (*http.Response, error) {
	if c.injector.now.Load() == nil || exempt(r.Context()) {
		return c.next.Do(r)
	}
	service := serviceOf(r)
	if service == "" || len(c.injector.befalling(func(a *active) bool { return a.Target.Service == service })) == 0 {
		return c.next.Do(r)
	}
	m, err := look(r)
	if err != nil {
		return nil, err
	}
	this := call{service, operationOf(service, r, m.body)}
	faults := c.injector.befalling(func(a *active) bool { return a.befalls(this) })
	if len(faults) == 0 || hasPassed(r.Context(), this) {
		return c.send(m)
	}
	x := exchange[message, *http.Response]{
		call: this,
		key:  keyOf(m),
		refuse: func(f failure) (*http.Response, error) {
			return services[service].format.refuse(m, f), nil
		},
		drop: func(answer *http.Response) {
			_, _ = io.Copy(io.Discard, answer.Body)
			answer.Body.Close()
		},
	}
	if b := batches[this]; b != nil && m.body != nil {
		x.split = splitter{this, b}.split
	}
	return x.through(r.Context(), m, faults, c.send)
}

func (c client) send(m message) (*http.Response, error) {
	if m.body != nil {
		m.Body = io.NopCloser(bytes.NewReader(m.body))
	}
	return c.next.Do(m.Request)
}

// look reads the body of a request.
func look(r *http.Request) (message, error) {
	if r.Body == nil || r.Body == http.NoBody || r.ContentLength > maxLooked || r.ContentLength < 0 {
		return message{Request: r}, nil
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxLooked+1))
	r.Body.Close()
	if err != nil {
		return message{}, fmt.Errorf("read the request of %s: %w", r.URL.Host, err)
	}
	return message{r, body}, nil
}

// with is the request with another body.
func (m message) with(ctx context.Context, body []byte) message {
	r := m.Clone(ctx)
	r.ContentLength = int64(len(body))
	r.GetBody = nil
	r.Header.Del("Content-Length") // as r.ContentLength says
	return message{r, body}
}

// keyOf is what a request carries: where to and which content.
func keyOf(m message) string {
	return m.Method + " " + m.URL.EscapedPath() + "?" + m.URL.Query().Encode() + " " + digest(canonical(m.plain()))
}

func digest(content []byte) string {
	sum := md5.Sum(content)
	return hex.EncodeToString(sum[:])
}
