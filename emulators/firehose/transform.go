package firehose

import (
	"cmp"
	"context"
	"crypto/md5"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Functions invokes a function by its ARN and waits for its answer; *lambda.State is
// one. An error is that of the service, and tried again as often as the processor says.
type Functions interface {
	InvokeSync(ctx context.Context, function string, payload []byte) (Answer, error)
}

// Answer is what a function returned; FunctionError is empty unless it failed.
type Answer = struct {
	Payload       []byte
	FunctionError string
	RequestID     string
}

// Bounds of an invocation: its event has to stay below 6 MiB, and it takes 5 minutes.
// https://docs.aws.amazon.com/firehose/latest/dev/data-transformation.html
const (
	maxEventBytes = 5 << 20
	maxInvocation = 5 * time.Minute
	recordFrame   = 500 // bytes of a record in an event beside its data, at most
)

// record is one on its way to a function.
type record struct {
	id      string
	data    []byte
	arrived time.Time
	origin  *origin // nil: it was put here
}

// work is records that one invocation transforms.
type work struct {
	stream      *stream
	version     int
	destination destination
	records     []record
	bytes       int // of data
	encoded     int // of the event, about

	number    int // of the stream's works
	sealed    time.Time
	tries     int
	notBefore time.Time
}

// admit takes a record into a stream: to its function if there is one, else into its
// buffer. The caller holds the lock.
func (s *State) admit(st *stream, data []byte, from *origin) {
	f := st.destination.function
	if f == nil {
		s.buffer(st, st.version, st.destination, data, time.Now())
		return
	}
	if st.work == nil {
		st.works++
		st.work = &work{stream: st, version: st.version, destination: st.destination, number: st.works}
		s.notify()
	}
	w := st.work
	w.records = append(w.records, record{st.nextID(from), slices.Clone(data), time.Now(), from})
	w.bytes += len(data)
	w.encoded += base64.StdEncoding.EncodedLen(len(data)) + recordFrame
	s.bytes += len(data)
	if w.bytes >= f.size || w.encoded >= maxEventBytes {
		s.sealWork(st)
	}
}

// nextID is a record's id in events: of its sequence number, or of how many were put.
func (st *stream) nextID(from *origin) string {
	if from != nil {
		return from.sequence + "000000"
	}
	st.taken++
	return fmt.Sprintf("%050d000000", st.taken)
}

// sealWork moves a stream's records to those that wait for its function. The caller
// holds the lock.
func (s *State) sealWork(st *stream) {
	if st.work == nil {
		return
	}
	st.work.sealed = time.Now()
	s.works = append(s.works, st.work)
	st.work = nil
	s.notify()
}

// transform tries an invocation once; the work stays when that fails and it may be
// tried again.
func (s *State) transform(ctx context.Context, w *work) {
	results, failure := s.invoke(ctx, w)
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	if failure != nil && ctx.Err() != nil {
		return // it is Flush's
	}
	w.tries++
	if failure != nil && w.tries <= w.destination.function.retries && !s.flushing {
		w.notBefore = now.Add(min(maxPause, firstPause<<min(w.tries-1, 8)))
		s.config.Log.Warn("transformation failed", "stream", w.stream.name, "function", w.destination.function.arn, "try", w.tries, "error", failure)
		return
	}
	if i := slices.Index(s.works, w); i >= 0 {
		s.works = slices.Delete(s.works, i, i+1)
	}
	s.bytes -= w.bytes
	for _, r := range w.records {
		result := outcome{failure: failure}
		if failure == nil {
			result = results[r.id]
		}
		switch {
		case result.failure != nil:
			s.fail(w, r, result.failure, now)
		case !result.dropped:
			s.buffer(w.stream, w.version, w.destination, result.data, r.arrived)
		}
	}
	if w.stream.deleted {
		s.seal(w.stream)
	}
}

// failure is why records could not be transformed.
// https://docs.aws.amazon.com/firehose/latest/dev/monitoring-with-cloudwatch-logs.html#lambda-invocation-errors
type failure struct{ code, message string }

func (f *failure) Error() string { return f.code + ": " + f.message }

// invoke calls the function once.
func (s *State) invoke(ctx context.Context, w *work) (map[string]outcome, *failure) {
	if err := s.mayInvoke(w.stream.name, w.destination); err != nil {
		return nil, deniedOf(err)
	}
	payload, err := json.Marshal(s.event(w))
	if err != nil {
		return nil, &failure{"Lambda.InvocationFailure", err.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, maxInvocation)
	defer cancel()
	answer, err := s.config.Functions.InvokeSync(ctx, w.destination.function.arn, payload)
	var refused *wire.Error
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return nil, &failure{"Lambda.InvocationFailure", "Firehose encountered timeout errors when calling AWS Lambda. The maximum supported function timeout is 5 minutes."}
	case errors.As(err, &refused):
		codes := map[string]string{"ResourceNotFoundException": "Lambda.ResourceNotFound", "TooManyRequestsException": "Lambda.InvokeLimitExceeded"}
		return nil, &failure{cmp.Or(codes[refused.Code], "Lambda.InvocationFailure"), refused.Message}
	case err != nil:
		return nil, &failure{"Lambda.InvocationFailure", err.Error()}
	case answer.FunctionError != "":
		return nil, &failure{"Lambda.FunctionError", "The Lambda function was successfully invoked but it returned an error result."}
	}
	return outcomes(w.records, answer.Payload)
}

// deniedOf tells a role that is not assumed from one that may not invoke.
func deniedOf(err error) *failure {
	var refusal *policy.Refusal
	if errors.As(err, &refusal) && refusal.Assume {
		return &failure{"Lambda.AssumeRoleAccessDenied", "Access was denied. Ensure that the trust policy for the provided IAM role allows Firehose to assume the role. (" + err.Error() + ")"}
	}
	return &failure{"Lambda.InvokeAccessDenied", "Access was denied. Ensure that the access policy allows access to the Lambda function. (" + err.Error() + ")"}
}

// invocationID is a UUID that is the same in each run, of a try of a work.
func (w *work) invocationID() string {
	h := md5.Sum(fmt.Appendf(nil, "%s %d %d", w.stream.name, w.number, w.tries))
	return fmt.Sprintf("%x-%x-%x-%x-%x", h[:4], h[4:6], h[6:8], h[8:10], h[10:])
}
