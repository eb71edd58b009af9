package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"strings"
	"sync"
)

// MaxBody bounds a request body, in bytes, where a service sets no other.
const MaxBody = 16 << 20

// Operation is one API call: it decodes a request in some protocol and runs.
type Operation struct {
	newInput func() any
	call     func(ctx context.Context, in any) (any, error)
}

// Op makes an Operation of a method over its own request and response structs.
func Op[In, Out any](f func(context.Context, *In) (*Out, error)) Operation {
	return Operation{
		newInput: func() any { return new(In) },
		call: func(ctx context.Context, in any) (any, error) {
			out, err := f(ctx, in.(*In))
			if err != nil {
				return nil, err
			}
			return out, nil
		},
	}
}

// Guarded checks a request, a pointer to its struct, before the operation runs.
func (op Operation) Guarded(check func(ctx context.Context, in any) error) Operation {
	call := op.call
	op.call = func(ctx context.Context, in any) (any, error) {
		if err := check(ctx, in); err != nil {
			return nil, err
		}
		return call(ctx, in)
	}
	return op
}

// Guard has each operation ask before it begins. The action that is asked for is the
// operation's, as in sqs:SendMessage; a batch is the same action.
func Guard(service string, operations map[string]Operation, ask func(ctx context.Context, action string, in any) error) map[string]Operation {
	for name, op := range operations {
		action := service + ":" + strings.TrimSuffix(name, "Batch")
		operations[name] = op.Guarded(func(ctx context.Context, in any) error { return ask(ctx, action, in) })
	}
	return operations
}

// refused tells an Operation that was not set.
func (op Operation) refused() bool { return op.call == nil }

// run calls the operation and turns a panic into an internal failure.
func (op Operation) run(ctx context.Context, log *slog.Logger, name string, in any) (out any, err error) {
	defer recovered(log, name, &err)
	return op.call(ctx, in)
}

// recovered, deferred, turns a panic into an internal failure, which is err, and a line of
// the log.
func recovered(log *slog.Logger, name string, err *error) {
	p := recover()
	if p == nil {
		return
	}
	if log == nil {
		log = slog.Default()
	}
	log.Error("operation panicked", "operation", name, "panic", p, "stack", string(debug.Stack()))
	*err = Errorf("InternalFailure", http.StatusInternalServerError, "%s: internal failure", name)
}

// decodeJSON decodes strictly: an undeclared member is refused by name with
// the service's validation code.
func decodeJSON(body []byte, in any, operation, code string) error {
	if len(bytes.TrimSpace(body)) == 0 {
		return nil
	}
	if err := Strict(body, in); err != nil {
		return decodeError(err, operation, code)
	}
	return nil
}

// Strict decodes the one JSON value that text is. A member that in has not is an
// error, and so is anything behind the value.
func Strict(text []byte, in any) error {
	dec := decoders.Get().(*decoder)
	dec.body.Reset(text)
	if err := dec.Decode(in); err != nil {
		return err
	}
	if _, err := dec.Token(); err != io.EOF { // More is false before ] and }
		return errors.New("there is more than one JSON value")
	}
	// It has read its text to the end and may read another one.
	dec.body.Reset(nil)
	if len(text) <= maxKept {
		decoders.Put(dec)
	}
	return nil
}

// maxKept bounds the buffer that a decoder keeps, in bytes.
const maxKept = 1 << 20

// decoder is a strict JSON decoder with a body to change; its buffer stays.
type decoder struct {
	*json.Decoder
	body *bytes.Reader
}

var decoders = sync.Pool{New: func() any {
	body := bytes.NewReader(nil)
	dec := json.NewDecoder(body)
	dec.DisallowUnknownFields()
	return &decoder{dec, body}
}}

func decodeError(err error, operation, code string) error {
	if own, ok := errors.AsType[*Error](err); ok {
		return own
	}
	if rest, ok := strings.CutPrefix(err.Error(), "json: unknown field "); ok {
		return Unsupported(code, operation, strings.Trim(rest, `"`))
	}
	if t, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return Errorf("SerializationException", 0, "%s: member %q cannot be a JSON %s", operation, t.Field, t.Value)
	}
	return Errorf("SerializationException", 0, "%s: %s", operation, err)
}

// codeOr returns code, or ValidationException when it is empty.
func codeOr(code string) string {
	if code == "" {
		return "ValidationException"
	}
	return code
}

func unescape(s string) (string, error) {
	u, err := url.PathUnescape(s)
	if err != nil {
		return "", fmt.Errorf("path segment %q: %w", s, err)
	}
	return u, nil
}
