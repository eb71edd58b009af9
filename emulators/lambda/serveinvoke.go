package lambda

import (
	"encoding/base64"
	"encoding/json"
	"io"
	"net/http"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// serveInvoke is the Invoke operation: the payload is the body both ways, and
// the status depends on the invocation type, so it has a handler of its own.
// See https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
func (s *State) serveInvoke(w http.ResponseWriter, r *http.Request, function string) {
	name, qualifier, err := s.refOf(function, r.URL.Query().Get("Qualifier"))
	if err == nil {
		r, err = wire.Lowered(r, invokeHeaders...)
	}
	if err == nil {
		err = checkInvoke(r)
	}
	if err != nil {
		refuse(w, err)
		return
	}
	if function = name; qualifier != "" {
		function += ":" + qualifier
	}
	payload, err := io.ReadAll(io.LimitReader(r.Body, maxSyncPayload+1))
	if err != nil {
		refuse(w, wire.Errorf(codeContent, 0, "Invoke: reading the payload: %s", err))
		return
	}
	switch r.Header.Get("X-Amz-Invocation-Type") {
	case "Event":
		err = s.serveEvent(w, r, function, payload)
	case "DryRun":
		err = s.serveDryRun(w, r, function, payload)
	default:
		err = s.serveSync(w, r, function, payload)
	}
	if err != nil {
		refuse(w, err)
	}
}

// serveSync answers what the function does; an error is that it was not invoked.
func (s *State) serveSync(w http.ResponseWriter, r *http.Request, function string, payload []byte) error {
	result, version, tail, err := s.invokeHTTP(r, function, payload)
	if err != nil {
		return err
	}
	header := w.Header()
	if len(tail) > 0 {
		header.Set("X-Amz-Log-Result", base64.StdEncoding.EncodeToString(tail))
	}
	header.Set("X-Amz-Executed-Version", version)
	header.Set("X-Amzn-Requestid", result.RequestID)
	header.Set("Content-Type", "application/json")
	if result.FunctionError != "" {
		header.Set("X-Amz-Function-Error", result.FunctionError)
	}
	w.WriteHeader(http.StatusOK)
	w.Write(result.Payload)
	return nil
}

func (s *State) serveEvent(w http.ResponseWriter, r *http.Request, function string, payload []byte) error {
	id, err := s.enqueue(r.Context(), function, payload)
	if err != nil {
		return err
	}
	w.Header().Set("X-Amzn-Requestid", id)
	w.WriteHeader(http.StatusAccepted)
	return nil
}

func (s *State) serveDryRun(w http.ResponseWriter, r *http.Request, function string, payload []byte) error {
	c, err := s.prepare(r.Context(), function, payload, maxSyncPayload)
	if err != nil {
		return err
	}
	w.Header().Set("X-Amzn-Requestid", wire.NewRequestID())
	w.Header().Set("X-Amz-Executed-Version", c.version)
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// invokeHTTP is InvokeSync with what only a request can ask for: the end of the
// log, and a client context.
func (s *State) invokeHTTP(r *http.Request, function string, payload []byte) (result Result, version string, tail []byte, err error) {
	c, err := s.prepare(r.Context(), function, payload, maxSyncPayload)
	if err != nil {
		return Result{}, "", nil, err
	}
	client, err := base64.StdEncoding.DecodeString(r.Header.Get("X-Amz-Client-Context"))
	if err != nil || len(client) > maxClientContext || (len(client) > 0 && json.Unmarshal(client, &c.context) != nil) {
		return Result{}, "", nil, wire.Errorf(codeContent, 0, "Invoke: ClientContext is not a client context in at most %d bytes of JSON, in base64", maxClientContext)
	}
	c.client = string(client)
	if r.Header.Get("X-Amz-Log-Type") == "Tail" {
		c.tail = func(log []byte) { tail = log }
	}
	result, err = s.invokeSync(r.Context(), &c)
	return result, c.version, tail, err
}

// invokeHeaders are the headers of Invoke; the last two are refused.
var invokeHeaders = []string{"X-Amz-Invocation-Type", "X-Amz-Log-Type", "X-Amz-Client-Context", "X-Amz-Durable-Execution-Name", "X-Amz-Tenant-Id"}

// checkInvoke refuses what does not exist and what is not implemented.
func checkInvoke(r *http.Request) error {
	switch t := r.Header.Get("X-Amz-Invocation-Type"); t {
	case "", "RequestResponse", "Event", "DryRun":
	default:
		return wire.Errorf(codeInvalid, 0, "Invoke: InvocationType %q is not RequestResponse, Event or DryRun", t)
	}
	if t := r.Header.Get("X-Amz-Log-Type"); t != "" && t != "None" && t != "Tail" {
		return wire.Errorf(codeInvalid, 0, "Invoke: LogType %q is not None or Tail", t)
	}
	if t := r.Header.Get("X-Amz-Invocation-Type"); t != "" && t != "RequestResponse" {
		for _, name := range []string{"X-Amz-Log-Type", "X-Amz-Client-Context"} {
			if r.Header.Get(name) != "" && r.Header.Get(name) != "None" {
				return wire.Unsupported(codeInvalid, "Invoke with invocation type "+t, name)
			}
		}
	}
	for _, name := range invokeHeaders[3:] {
		if r.Header.Get(name) != "" {
			return wire.Unsupported(codeInvalid, "Invoke", name)
		}
	}
	for name := range wire.Parameters(r) {
		if name != "Qualifier" {
			return wire.Unsupported(codeInvalid, "Invoke", name)
		}
	}
	return nil
}

// refuse answers an error as REST-JSON does.
func refuse(w http.ResponseWriter, err error) {
	e := wire.AsError(err)
	body := map[string]any{"__type": e.Code, "message": e.Message}
	for k, v := range e.Fields {
		body[k] = v
	}
	text, err := json.Marshal(body)
	if err != nil {
		text = []byte("{}")
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("X-Amzn-Errortype", e.Code)
	if w.Header().Get("X-Amzn-Requestid") == "" {
		w.Header().Set("X-Amzn-Requestid", wire.NewRequestID())
	}
	w.WriteHeader(e.HTTPStatus())
	w.Write(text)
}
