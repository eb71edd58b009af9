package action

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

	"github.com/shakedown-iot/shakedown/emulators/iotcore/destination"
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

// HTTP posts a message to a web server, if the topic rule destination of its
// confirmationUrl (or, without one, its url) is ENABLED. The rule makes the destination
// if there is none and the URL is no template. A url must begin with confirmationUrl.
// http is allowed beside https, for servers on loopback; auth and batching are refused.
// https://docs.aws.amazon.com/iot/latest/developerguide/https-rule-action.html
type HTTP struct {
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
	target       HTTPClient
	destinations *destination.State
	url          *sql.Template
	confirmation *sql.Template // of the destination
	keys         []string
	values       []*sql.Template
}

func (c *Compiler) http(a *HTTP) (Compiled, error) {
	if c.Targets.Web == nil {
		return nil, noTarget("http")
	}
	h := httpAction{target: c.Targets.Web, destinations: c.Destinations}
	confirmation := a.ConfirmationURL
	if confirmation == "" && !templated(a.URL) {
		confirmation = a.URL
	}
	var err, missing error
	h.url, err = c.template("url", a.URL)
	h.confirmation, missing = c.template("confirmationUrl", confirmation)
	errs := []error{err, missing}
	switch {
	case templated(confirmation) || confirmation == "":
	case templated(a.URL):
		errs = append(errs, destination.CheckURL(confirmation))
		c.Posts = append(c.Posts, confirmation)
	default:
		errs = append(errs, check(a.URL, confirmation))
		c.Posts = append(c.Posts, confirmation)
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

func templated(text string) bool { return strings.Contains(text, "${") }

// check tells whether a message may go there. What follows the prefix may not
// change the host: it is a path, a query, or nothing.
func check(address, prefix string) error {
	if err := destination.CheckURL(prefix); err != nil {
		return err
	}
	rest, ok := strings.CutPrefix(address, prefix)
	if !ok {
		return fmt.Errorf("url %s does not begin with confirmationUrl %s", destination.WithoutQuery(address), destination.WithoutQuery(prefix))
	}
	if at, err := url.Parse(prefix); err == nil && at.Path == "" && rest != "" && !strings.ContainsAny(rest[:1], "/?") {
		return fmt.Errorf("url %s is of another host than confirmationUrl %s", destination.WithoutQuery(address), destination.WithoutQuery(prefix))
	}
	return destination.CheckURL(address)
}

func (httpAction) Kind() string { return "http" }

func (h httpAction) Run(ctx context.Context, a *Firing, payload []byte) (Outcome, error) {
	address, err := h.url.Expand(a.Input)
	if err != nil {
		return Outcome{}, err
	}
	shown := destination.WithoutQuery(address)
	o := Outcome{Made: shown, Resource: shown}
	if o.Confirmed, err = h.confirmation.Expand(a.Input); err != nil {
		return o, err
	}
	if err := errors.Join(check(address, o.Confirmed), h.destinations.Enabled(o.Confirmed)); err != nil {
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
func (h httpAction) post(ctx context.Context, a *Firing, address string, payload []byte) (again bool, err error) {
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, address, bytes.NewReader(payload))
	if err != nil {
		return false, fmt.Errorf("post: %w", err)
	}
	r.Header.Set("Content-Type", "application/octet-stream")
	if json.Valid(payload) {
		r.Header.Set("Content-Type", "application/json")
	}
	for i, key := range h.keys {
		value, err := h.values[i].Expand(a.Input)
		if err != nil {
			return false, err
		}
		r.Header.Set(key, value)
	}
	response, err := h.target.Do(r)
	if failed := (*url.Error)(nil); errors.As(err, &failed) {
		err = fmt.Errorf("%s: %w", destination.WithoutQuery(address), failed.Err)
	}
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
