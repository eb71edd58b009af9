package console

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
)

// maxAnswer bounds an answer of the device API, in bytes.
const maxAnswer = 32 << 20

// errNoAPI says that the pipeline has no device API.
var errNoAPI = errors.New("this pipeline has no device API")

// statusError is an answer of the device API that is no success.
type statusError struct {
	code int
	text string // the API's own words
}

func (e *statusError) Error() string { return fmt.Sprintf("device API: %d: %s", e.code, e.text) }

// isNotFound tells that the device API does not know what was asked for.
func isNotFound(err error) bool {
	refused, ok := errors.AsType[*statusError](err)
	return ok && refused.code == http.StatusNotFound
}

// hasAPI tells whether the pipeline has a device API.
func (c *Console) hasAPI() bool { return c.config.Deployed.APIEndpoint != "" }

// call sends a request to the device API and decodes its answer.
func (c *Console) call(ctx context.Context, method, path string, body, into any) error {
	if !c.hasAPI() {
		return errNoAPI
	}
	var text io.Reader = http.NoBody
	if body != nil {
		encoded, err := json.Marshal(body)
		if err != nil {
			return fmt.Errorf("device API: %w", err)
		}
		text = strings.NewReader(string(encoded))
	}
	r, err := http.NewRequestWithContext(ctx, method, c.config.Deployed.APIEndpoint+path, text)
	if err != nil {
		return fmt.Errorf("device API: %w", err)
	}
	answer, err := c.config.AWS.HTTPClient.Do(r)
	if err != nil {
		return fmt.Errorf("device API: %w", err)
	}
	defer answer.Body.Close()
	if answer.StatusCode/100 != 2 {
		return refusal(answer)
	}
	if err := json.NewDecoder(io.LimitReader(answer.Body, maxAnswer)).Decode(into); err != nil {
		return fmt.Errorf("device API: %s %s: %w", method, path, err)
	}
	return nil
}

// refusal reads the API's {"error": …}, or API Gateway's {"message": …}.
func refusal(answer *http.Response) error {
	var said struct{ Error, Message string }
	text, err := io.ReadAll(io.LimitReader(answer.Body, 4<<10))
	if err != nil || json.Unmarshal(text, &said) != nil || said.Error+said.Message == "" {
		said.Error = http.StatusText(answer.StatusCode)
	}
	return &statusError{answer.StatusCode, said.Error + said.Message}
}

// device asks for one device.
func (c *Console) device(ctx context.Context, id string) (Device, error) {
	var d Device
	err := c.call(ctx, http.MethodGet, "/devices/"+url.PathEscape(id), nil, &d)
	return d, err
}

// page is the size of the API's pages; it gives no more.
const pageOfAPI = "1000"

// list asks for all devices of a status, at most so many.
func (c *Console) list(ctx context.Context, status Status, most int) (devices []Device, more bool, err error) {
	query := url.Values{"status": {string(status)}, "limit": {pageOfAPI}}
	for {
		var page struct {
			Devices []Device
			Cursor  string
		}
		if err := c.call(ctx, http.MethodGet, "/devices?"+query.Encode(), nil, &page); err != nil {
			return nil, false, err
		}
		devices = append(devices, page.Devices...)
		if len(devices) >= most {
			return devices[:most], len(devices) > most || page.Cursor != "", nil
		}
		if page.Cursor == "" {
			return devices, false, nil
		}
		query.Set("cursor", page.Cursor)
	}
}
