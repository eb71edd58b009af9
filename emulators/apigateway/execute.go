package apigateway

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

const executePrefix = "/_aws/execute-api/"

// maxBody is the limit of a request's body, in bytes: 10 MB.
// See https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-quotas.html
const maxBody = 10 << 20

// Execute serves the data plane; see the package comment for its URLs.
func Execute(s *State) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := wire.NewRequestID()
		w.Header().Set("Apigw-Requestid", id)
		s.execute(id, r).write(w)
	})
}

func (s *State) execute(id string, r *http.Request) answer {
	apiID, path, ok := locate(r)
	if !ok {
		return message(http.StatusNotFound, "Not Found")
	}
	if headOf(r) > maxHead {
		return message(http.StatusRequestHeaderFieldsTooLarge, "Request Header Fields Too Large")
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, maxBody+1))
	if err != nil {
		return message(http.StatusBadRequest, "Bad Request")
	}
	if len(body) > maxBody {
		return message(http.StatusRequestEntityTooLarge, "Request Entity Too Large")
	}
	q := &request{id: id, http: r, body: body}
	integration, ok := s.route(q, apiID, path)
	if !ok {
		return message(http.StatusNotFound, "Not Found")
	}
	payload, err := json.Marshal(q.event(s.config.Identity.Account))
	if err != nil {
		return message(http.StatusInternalServerError, "Internal Server Error")
	}
	ctx, err := s.as(r.Context(), q, integration)
	if err != nil {
		s.config.Log.Warn("integration's role", "api", apiID, "error", err)
		return message(http.StatusInternalServerError, "Internal Server Error")
	}
	return s.invoke(ctx, integration, payload)
}

// locate finds the API's id and the escaped path behind it.
func locate(r *http.Request) (string, string, bool) {
	path := r.URL.EscapedPath()
	if rest, ok := strings.CutPrefix(path, executePrefix); ok {
		id, path, _ := strings.Cut(rest, "/")
		return id, path, id != ""
	}
	id, rest, ok := strings.Cut(r.Host, ".")
	return id, strings.TrimPrefix(path, "/"), ok && strings.HasPrefix(rest, "execute-api.")
}

// route fills in what the request is routed to: the stage is the first segment
// if there is one of that name, else $default.
func (s *State) route(q *request, apiID, path string) (Integration, bool) {
	segments, err := decode(path)
	if err != nil {
		return Integration{}, false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.apis[apiID]
	if a == nil {
		return Integration{}, false
	}
	q.stage = defaultKey
	if _, named := a.stages[segments[0]]; named {
		q.stage, segments = segments[0], segments[1:]
	}
	if _, ok := a.stages[q.stage]; !ok {
		return Integration{}, false
	}
	if len(segments) == 0 {
		segments = []string{""}
	}
	q.path = "/" + strings.Join(segments, "/")
	if q.stage != defaultKey {
		q.path = "/" + q.stage + q.path
	}
	found, parameters, ok := a.match(q.http.Method, segments)
	if !ok {
		return Integration{}, false
	}
	q.api, q.route = a.config, found.config
	if len(parameters) > 0 {
		q.parameters = parameters
	}
	return a.integration(found.integration)
}

// decode splits an escaped path; there is always at least one segment.
func decode(path string) ([]string, error) {
	segments := strings.Split(path, "/")
	for i, s := range segments {
		var err error
		if segments[i], err = url.PathUnescape(s); err != nil {
			return nil, err
		}
	}
	return segments, nil
}

func (s *State) invoke(ctx context.Context, integration Integration, payload []byte) answer {
	ctx, cancel := context.WithTimeout(ctx, time.Duration(integration.TimeoutInMillis)*time.Millisecond)
	defer cancel()
	result, err := s.config.Invoker.InvokeSync(ctx, integration.function, payload)
	switch {
	case errors.Is(err, context.DeadlineExceeded), wire.IsCode(err, "TooManyRequestsException"):
		return message(http.StatusServiceUnavailable, "Service Unavailable")
	case err != nil:
		s.config.Log.Warn("integration could not be invoked", "function", integration.function, "error", err)
		return message(http.StatusInternalServerError, "Internal Server Error")
	case result.FunctionError != "":
		return message(http.StatusInternalServerError, "Internal Server Error")
	}
	out, err := parseAnswer(result.Payload)
	if err != nil {
		s.config.Log.Warn("integration answered what is not a response", "function", integration.function, "error", err)
		return message(http.StatusInternalServerError, "Internal Server Error")
	}
	return out
}
