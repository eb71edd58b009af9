package process

import (
	"io"
	"net/http"
	"strconv"
	"sync"
	"time"
)

// runtimeAPI is the Lambda Runtime API of one process.
// See https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
type runtimeAPI struct {
	work  chan *turn    // taken by GET …/next
	ready chan struct{} // closed by the first of them
	init  chan Outcome  // what POST /runtime/init/error reported; one fits

	mu      sync.Mutex
	started bool
	current *turn // handed out and not yet answered
}

// turn is an invocation on its way through a process.
type turn struct {
	Invocation
	deadline time.Time
	answer   chan Outcome // one fits
}

func newRuntimeAPI() *runtimeAPI {
	return &runtimeAPI{work: make(chan *turn), ready: make(chan struct{}), init: make(chan Outcome, 1)}
}

// handler serves the API.
func (a *runtimeAPI) handler() http.Handler {
	const base = "/2018-06-01/runtime/"
	mux := http.NewServeMux()
	mux.HandleFunc("GET "+base+"invocation/next", a.next)
	mux.HandleFunc("POST "+base+"invocation/{id}/response", a.response)
	mux.HandleFunc("POST "+base+"invocation/{id}/error", a.failed)
	mux.HandleFunc("POST "+base+"init/error", a.initFailed)
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		answer(w, http.StatusNotFound, "UnknownOperation", r.Method+" "+r.URL.Path+" of the Lambda runtime and extensions APIs is not implemented by Shakedown")
	})
	return mux
}

// next hands out an invocation, once there is one.
func (a *runtimeAPI) next(w http.ResponseWriter, r *http.Request) {
	a.mu.Lock()
	busy := a.current != nil
	if !a.started {
		a.started = true
		close(a.ready)
	}
	a.mu.Unlock()
	if busy {
		answer(w, http.StatusForbidden, "InvalidStateTransition", "the invocation that was handed out is not answered yet")
		return
	}
	var t *turn
	select {
	case t = <-a.work:
	case <-r.Context().Done():
		return
	}
	a.mu.Lock()
	a.current = t
	a.mu.Unlock()
	header := w.Header()
	header.Set("Content-Type", "application/json")
	header.Set("Lambda-Runtime-Aws-Request-Id", t.ID)
	header.Set("Lambda-Runtime-Deadline-Ms", strconv.FormatInt(t.deadline.UnixMilli(), 10))
	header.Set("Lambda-Runtime-Invoked-Function-Arn", t.ARN)
	header.Set("Lambda-Runtime-Trace-Id", "Root="+traceID(t.ID)+";Sampled=0")
	if t.ClientContext != "" {
		header.Set("Lambda-Runtime-Client-Context", t.ClientContext)
	}
	w.Write(t.Payload)
}

func (a *runtimeAPI) response(w http.ResponseWriter, r *http.Request) {
	if mode := r.Header.Get("Lambda-Runtime-Function-Response-Mode"); mode != "" && mode != "buffered" {
		a.finish(w, r, failure("Runtime.ResponseModeNotImplemented", "response mode "+mode+" is not implemented by Shakedown"))
		return
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxPayload+1))
	switch {
	case err != nil:
		answer(w, http.StatusBadRequest, "InvalidRequest", err.Error())
	case len(body) > MaxPayload:
		a.settle(r.PathValue("id"), tooLarge())
		answer(w, http.StatusRequestEntityTooLarge, "RequestEntityTooLarge", "the response is larger than "+strconv.Itoa(MaxPayload)+" bytes")
	default:
		a.finish(w, r, Outcome{Payload: body})
	}
}

func (a *runtimeAPI) failed(w http.ResponseWriter, r *http.Request) {
	a.finish(w, r, reported(r))
}

func (a *runtimeAPI) initFailed(w http.ResponseWriter, r *http.Request) {
	select {
	case a.init <- reported(r):
	default:
	}
	answer(w, http.StatusAccepted, "", "")
}

// reported is the error object that a runtime posts.
func reported(r *http.Request) Outcome {
	body, err := io.ReadAll(io.LimitReader(r.Body, MaxPayload))
	if err != nil || len(body) == 0 {
		return failure(r.Header.Get("Lambda-Runtime-Function-Error-Type"), "the runtime gave no reason")
	}
	return Outcome{Payload: body, Failed: true}
}

// finish answers the invocation that a path names.
func (a *runtimeAPI) finish(w http.ResponseWriter, r *http.Request, o Outcome) {
	if !a.settle(r.PathValue("id"), o) {
		answer(w, http.StatusBadRequest, "InvalidRequestID", "invocation "+r.PathValue("id")+" is not the one that was handed out")
		return
	}
	answer(w, http.StatusAccepted, "", "")
}

func (a *runtimeAPI) settle(id string, o Outcome) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.current == nil || a.current.ID != id {
		return false
	}
	a.current.answer <- o
	a.current = nil
	return true
}

func answer(w http.ResponseWriter, status int, kind, text string) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	if kind == "" {
		io.WriteString(w, `{"status":"OK"}`)
		return
	}
	w.Write(failure(kind, text).Payload)
}

// traceID makes an X-Ray trace id of a request id.
func traceID(id string) string {
	hex := make([]byte, 0, 32)
	for i := range len(id) {
		if id[i] != '-' {
			hex = append(hex, id[i])
		}
	}
	if len(hex) != 32 {
		return "1-00000000-000000000000000000000000"
	}
	return "1-" + string(hex[:8]) + "-" + string(hex[8:])
}
