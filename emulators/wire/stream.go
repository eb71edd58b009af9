package wire

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"reflect"

	"github.com/aws/aws-sdk-go-v2/aws/protocol/eventstream"
)

// EventSender sends events of a response stream, one after the other; it fails
// when the client is gone.
type EventSender func(eventType string, event any) error

// StreamOperation is an operation that answers a stream of events.
type StreamOperation struct {
	newInput func() any
	open     func(ctx context.Context, in any) (func(context.Context, EventSender) error, error)
}

// StreamOp makes a StreamOperation of a method that checks its request and answers
// how to run the stream: until it returns or ctx ends.
func StreamOp[In any](f func(context.Context, *In) (func(context.Context, EventSender) error, error)) StreamOperation {
	return StreamOperation{
		newInput: func() any { return new(In) },
		open: func(ctx context.Context, in any) (func(context.Context, EventSender) error, error) {
			return f(ctx, in.(*In))
		},
	}
}

// opened opens a stream and runs it; a panic is an internal failure.
func (op StreamOperation) opened(ctx context.Context, log *slog.Logger, name string, in any) (run func(context.Context, EventSender) error, err error) {
	defer recovered(log, name, &err)
	open, err := op.open(ctx, in)
	if err != nil {
		return nil, err
	}
	return func(ctx context.Context, send EventSender) (err error) {
		defer recovered(log, name, &err)
		return open(ctx, send)
	}, nil
}

const eventStreamType = "application/vnd.amazon.eventstream"

// serveStream answers a stream of events, in JSON or CBOR as the request is. The
// connection must be one that streams: in process, answers are whole.
// See https://smithy.io/2.0/aws/amazon-eventstream.html
func (j JSON) serveStream(w http.ResponseWriter, r *http.Request, name string, op StreamOperation) error {
	if _, ok := w.(http.Flusher); !ok {
		return NotImplemented("UnknownOperationException", name+" without a network connection")
	}
	body, err := readBody(r, j.MaxBody)
	if err != nil {
		return err
	}
	in := op.newInput()
	if err := j.decode(r, body, in, name, op.newInput); err != nil {
		return err
	}
	run, err := op.opened(r.Context(), j.Log, name, in)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", eventStreamType)
	w.WriteHeader(http.StatusOK)
	s := stream{w: w, control: http.NewResponseController(w), encoder: eventstream.NewEncoder(), cbor: isCBOR(r)}
	if err := s.send("initial-response", struct{}{}); err != nil {
		return nil // the client is gone; so it is for what follows
	}
	if err := run(r.Context(), s.send); err != nil && r.Context().Err() == nil && !errors.Is(err, errGone) {
		s.fail(AsError(err))
	}
	return nil
}

// errGone tells that the client does not listen any more.
var errGone = errors.New("wire: the client of the stream is gone")

// stream is the answer of a StreamOperation on its way.
type stream struct {
	w       http.ResponseWriter
	control *http.ResponseController
	encoder *eventstream.Encoder
	cbor    bool
}

func (s stream) send(eventType string, event any) error {
	payload, err := s.marshal(event)
	if err != nil {
		return err
	}
	return s.write(payload, "event", ":event-type", eventType)
}

// fail sends an error that ends the stream.
func (s stream) fail(e *Error) {
	payload, err := s.marshal(map[string]string{"__type": e.Code, "message": e.Message})
	if err != nil {
		return
	}
	s.write(payload, "exception", ":exception-type", e.Code)
}

func (s stream) marshal(value any) ([]byte, error) {
	if s.cbor {
		return cborEncode.Marshal(cborOf(reflect.ValueOf(value), milliseconds))
	}
	return json.Marshal(value)
}

func (s stream) contentType() string {
	if s.cbor {
		return cborType
	}
	return "application/json"
}

func (s stream) write(payload []byte, messageType, typeHeader, typeValue string) error {
	m := eventstream.Message{Payload: payload}
	m.Headers.Set(":message-type", eventstream.StringValue(messageType))
	m.Headers.Set(typeHeader, eventstream.StringValue(typeValue))
	m.Headers.Set(":content-type", eventstream.StringValue(s.contentType()))
	var frame bytes.Buffer
	if err := s.encoder.Encode(&frame, m); err != nil {
		return err
	}
	if _, err := s.w.Write(frame.Bytes()); err != nil {
		return errGone
	}
	if err := s.control.Flush(); err != nil {
		return errGone
	}
	return nil
}
