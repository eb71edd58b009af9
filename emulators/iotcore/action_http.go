package iotcore

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// Bounds of an http action: AWS ends it after 3 s (AWS.md §2), tries three times,
// and not again after a longer answer.
// https://docs.aws.amazon.com/iot/latest/developerguide/https-rule-action.html
const (
	httpTimeout   = 3 * time.Second
	httpTries     = 3
	maxHTTPAnswer = 16384
)

// HTTPAction posts a message to a web server. Its destination needs no confirmation
// here: on AWS nothing is sent before the server has confirmed one for
// confirmationUrl. A url that is made of the message must begin with
// confirmationUrl, as there. http is allowed beside https, for servers on loopback;
// auth and batching are refused.
// https://docs.aws.amazon.com/iot/latest/developerguide/https-rule-action.html
type HTTPAction struct {
	URL             string       `json:"url"`
	ConfirmationURL string       `json:"confirmationUrl,omitempty"`
	Headers         []HTTPHeader `json:"headers,omitempty"`
}

// HTTPHeader is a header; its value is a template.
type HTTPHeader struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

type httpAction struct {
	target HTTPClient
	url    *sql.Template
	prefix string
	keys   []string
	values []*sql.Template
}

func (c *compiler) http(a *HTTPAction) (action, error) {
	if c.targets.Web == nil {
		return nil, noTarget("http")
	}
	h := httpAction{target: c.targets.Web, prefix: a.ConfirmationURL}
	var err error
	h.url, err = c.template("url", a.URL)
	errs := []error{err}
	switch {
	case strings.Contains(a.ConfirmationURL, "${"):
		errs = append(errs, errors.New("a template in confirmationUrl is not implemented by Shakedown"))
	case strings.Contains(a.URL, "${") && a.ConfirmationURL == "":
		errs = append(errs, errors.New("confirmationUrl is missing: url is a template"))
	case !strings.Contains(a.URL, "${"):
		errs = append(errs, h.check(a.URL))
	}
	if h.prefix != "" {
		errs = append(errs, checkURL(h.prefix))
	}
	for _, header := range a.Headers {
		value, err := c.template("the value of header "+header.Key, header.Value)
		if header.Key == "" {
			err = errors.Join(err, errors.New("a header has no key"))
		}
		errs = append(errs, err)
		h.keys, h.values = append(h.keys, header.Key), append(h.values, value)
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("http: %w", err)
	}
	return h, nil
}

// check tells whether a message may go there. What follows the prefix may not
// change the host: it is a path, a query, or nothing.
func (h httpAction) check(address string) error {
	rest, ok := strings.CutPrefix(address, h.prefix)
	if !ok {
		return fmt.Errorf("url %s does not begin with confirmationUrl %s", address, h.prefix)
	}
	if at, err := url.Parse(h.prefix); h.prefix != "" && err == nil && at.Path == "" && rest != "" && !strings.ContainsAny(rest[:1], "/?") {
		return fmt.Errorf("url %s is of another host than confirmationUrl %s", address, h.prefix)
	}
	return checkURL(address)
}

func checkURL(address string) error {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil {
		return fmt.Errorf("%q is not the URL of a web server", address)
	}
	return nil
}

func (httpAction) kind() string { return "http" }

func (h httpAction) run(ctx context.Context, a *activation, payload []byte) (outcome, error) {
	address, err := h.url.Expand(a.input)
	if err != nil {
		return outcome{}, err
	}
	o := outcome{made: address, resource: address}
	if err := h.check(address); err != nil {
		return o, err
	}
	ctx, cancel := context.WithTimeout(ctx, httpTimeout)
	defer cancel()
	for try := 1; ; try++ {
		again, err := h.post(ctx, a, address, payload)
		if err == nil || !again || try == httpTries {
			return o, err
		}
	}
}

// post sends once, and tells whether a failure may be tried again.
func (h httpAction) post(ctx context.Context, a *activation, address string, payload []byte) (again bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(payload))
	if err != nil {
		return false, fmt.Errorf("post: %w", err)
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	if json.Valid(payload) {
		r.Header.Set("Content-Type", "application/json")
	}
	for i, key := range h.keys {
		value, err := h.values[i].Expand(a.input)
		if err != nil {
			return false, err
		}
		r.Header.Set(key, value)
	}
	response, err := h.target.Do(r)
	if err != nil {
		return false, fmt.Errorf("post: %w", err)
	}
	defer response.Body.Close()
	n, err := io.Copy(io.Discard, io.LimitReader(response.Body, maxHTTPAnswer+1))
	if err != nil {
		return false, fmt.Errorf("post: the answer: %w", err)
	}
	if response.StatusCode/100 == 2 {
		return false, nil
	}
	again = n <= maxHTTPAnswer && (response.StatusCode == http.StatusTooManyRequests || response.StatusCode >= 500)
	return again, fmt.Errorf("post: the server answered %s", response.Status)
}
