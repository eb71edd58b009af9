package wire

import (
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strings"
)

// JSON serves a service of the AWS JSON protocol: POST / with the operation in
// X-Amz-Target. See https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html
type JSON struct {
	// TargetPrefix is what stands before the dot in X-Amz-Target.
	TargetPrefix string
	// Version is "1.0" or "1.1".
	Version    string
	Operations map[string]Operation
	// UnknownMember is the code for a member that is not implemented;
	// ValidationException when empty.
	UnknownMember string
	// ShapePrefix qualifies error types in protocol 1.0, as in
	// com.amazonaws.dynamodb.v20120810#; it may be empty.
	ShapePrefix string
	// Shapes are the prefixes of codes that are of the frame and not of the service,
	// besides those that always are.
	Shapes map[string]string
	// Mistyped, if not nil, is the error of a member of another type than the request
	// has; in is a request like the one that was read.
	Mistyped func(body []byte, in any, wrong *json.UnmarshalTypeError) error
	// QueryCodes are the codes that errors had in the query protocol, where the
	// service once spoke it and they differ; SDKs go on to report those. Nil where it
	// did not: https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#aws-protocols-awsquerycompatible-trait
	QueryCodes map[string]string
	// Streams are the operations that answer a stream of events.
	Streams map[string]StreamOperation
	// CBOR lets requests have their bodies in application/x-amz-cbor-1.1, and
	// answers those in kind.
	CBOR    bool
	MaxBody int64
	Log     *slog.Logger
}

// ServeHTTP implements http.Handler.
func (j JSON) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("X-Amzn-Requestid", NewRequestID())
	name, err := j.name(r)
	if op, ok := j.Streams[name]; ok && err == nil {
		if err = j.serveStream(w, r, name, op); err == nil {
			return
		}
	}
	var out any
	if err == nil {
		out, err = j.serve(r, name)
	}
	switch {
	case isCBOR(r) && err != nil:
		w.Header().Set("Content-Type", cborType)
		writeCBORError(w, AsError(err), milliseconds)
	case isCBOR(r):
		w.Header().Set("Content-Type", cborType)
		writeCBOR(w, http.StatusOK, out, milliseconds)
	case err != nil:
		w.Header().Set("Content-Type", "application/x-amz-json-"+j.Version)
		e := AsError(err)
		addQueryCode(w.Header(), e, j.QueryCodes)
		writeJSONError(w, e, j.shapePrefix(e.Code))
	default:
		w.Header().Set("Content-Type", "application/x-amz-json-"+j.Version)
		writeJSON(w, http.StatusOK, out)
	}
}

// addQueryCode adds the header with an error's code in the query protocol, where the
// service once spoke it.
func addQueryCode(h http.Header, e *Error, codes map[string]string) {
	if codes == nil {
		return
	}
	code, fault := e.Code, "Sender"
	if other, ok := codes[code]; ok {
		code = other
	}
	if e.HTTPStatus() >= 500 {
		fault = "Receiver"
	}
	h.Set("X-Amzn-Query-Error", code+";"+fault)
}

// name is the operation that a request asks for.
func (j JSON) name(r *http.Request) (string, error) {
	target := r.Header.Get("X-Amz-Target")
	name, ok := strings.CutPrefix(target, j.TargetPrefix+".")
	if !ok {
		return "", Errorf("UnknownOperationException", 0, "X-Amz-Target %q is not an operation of %s", target, j.TargetPrefix)
	}
	if ct := r.Header.Get("Content-Type"); strings.Contains(ct, "cbor") && !(isCBOR(r) && j.CBOR) {
		return "", NotImplemented("UnknownOperationException", "content type "+ct)
	}
	return name, nil
}

func (j JSON) serve(r *http.Request, name string) (any, error) {
	op, ok := j.Operations[name]
	if !ok {
		return nil, NotImplemented("UnknownOperationException", name)
	}
	body, err := readBody(r, j.MaxBody)
	if err != nil {
		return nil, err
	}
	in := op.newInput()
	if !isCBOR(r) && quick(body, in) {
		return op.run(r.Context(), j.Log, name, in)
	}
	in = op.newInput() // a quick try may have left something in it
	if err := j.decode(r, body, in, name, op.newInput); err != nil {
		return nil, err
	}
	return op.run(r.Context(), j.Log, name, in)
}

// decode decodes a request's body, of the kind that its content type says; again makes
// another request to decode it into.
func (j JSON) decode(r *http.Request, body []byte, in any, name string, again func() any) error {
	if isCBOR(r) {
		return decodeCBOR(body, in, name, codeOr(j.UnknownMember), inMilliseconds)
	}
	err := decodeJSON(body, in, name, codeOr(j.UnknownMember))
	if err == nil || j.Mistyped == nil {
		return err
	}
	// Again, for an offset in the body and not in the decoder's buffer.
	in = again()
	if wrong, ok := errors.AsType[*json.UnmarshalTypeError](json.Unmarshal(body, in)); ok {
		return j.Mistyped(body, in, wrong)
	}
	return err
}

// frame is the prefix of errors of the frame that services are made with.
const frame = "com.amazon.coral.service#"

func (j JSON) shapePrefix(code string) string {
	switch prefix, ok := j.Shapes[code]; {
	case j.ShapePrefix == "":
		return ""
	case ok:
		return prefix
	case code == "SerializationException" || code == "UnknownOperationException" || code == "InternalFailure":
		return frame
	}
	return j.ShapePrefix
}

func writeJSON(w http.ResponseWriter, status int, out any) {
	body, err := json.Marshal(out)
	if err != nil {
		writeJSONError(w, Errorf("InternalFailure", http.StatusInternalServerError, "encoding the answer: %s", err), "")
		return
	}
	w.WriteHeader(status)
	w.Write(body)
}

// writeJSONError renders an error; SDKs read __type or X-Amzn-Errortype.
func writeJSONError(w http.ResponseWriter, e *Error, prefix string) {
	shape := map[string]any{}
	for k, v := range e.Fields {
		shape[k] = v
	}
	shape["__type"] = prefix + e.Code
	shape["message"] = e.Message
	// Some exceptions spell the member Message (Timestream, IoT); botocore
	// reads either, the Go SDK folds case.
	body, err := json.Marshal(shape)
	if err != nil {
		body = []byte(`{"__type":"InternalFailure"}`)
	}
	w.Header().Set("X-Amzn-Errortype", e.Code)
	w.WriteHeader(e.HTTPStatus())
	w.Write(body)
}
