package lambda

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/aws/aws-lambda-go/lambdacontext"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Payload limits in bytes (AWS.md §3). The service takes a hundred bytes more in the
// answer of a synchronous invocation than in its request [live].
const (
	maxSyncPayload  = 6 << 20
	maxResponse     = maxSyncPayload + 100
	maxAsyncPayload = 1 << 20
	// maxClientContext is 3,583 bytes in base64.
	maxClientContext = 3583 * 3 / 4
)

// Result is the answer of a synchronous invocation. It is an alias of a plain
// struct so that a caller's interface can spell it without this package.
type Result = struct {
	// Payload is what the handler returned, or the error object.
	Payload []byte
	// FunctionError is "Unhandled" when the function failed, else empty.
	FunctionError string
	RequestID     string
}

// InvokeSync runs a function and waits for its answer. function is a name or
// an ARN. A function that fails is a Result with FunctionError, not an error;
// errors are ResourceNotFoundException, RequestTooLargeException,
// InvalidRequestContentException, TooManyRequestsException and the error of
// ctx, which ends the wait but not the handler.
func (s *State) InvokeSync(ctx context.Context, function string, payload []byte) (Result, error) {
	call, err := s.prepare(ctx, function, payload, maxSyncPayload)
	if err != nil {
		return Result{}, err
	}
	return s.invokeSync(ctx, &call)
}

func (s *State) invokeSync(ctx context.Context, call *call) (Result, error) {
	s.tell(Event{Kind: Invoked, Function: call.name, Attempt: 1, RequestID: call.id, Payload: call.payload})
	result, err := s.execute(ctx, call)
	e := Event{Kind: Succeeded, Function: call.name, Attempt: 1, RequestID: call.id, Payload: call.payload}
	if err != nil {
		e.Kind, e.Err = Failed, err.Error()
	} else if result.FunctionError != "" {
		e.Kind, e.Err = Failed, errorText(result)
	}
	s.tell(e)
	return result, err
}

// call is one invocation that may begin.
type call struct {
	name    string
	arn     string // of what was referred to
	version string
	role    string // of the version
	// qualifier is as it was given.
	qualifier string
	id        string
	payload   []byte
	handler   GoHandler         // nil for code that runs as processes
	code      *process.Function // of those
	timeout   time.Duration
	memory    int    // MB
	client    string // the client context, JSON or empty
	context   lambdacontext.ClientContext
	// tail takes the end of the log; nil where nobody asks for it.
	tail func([]byte)
	// group and stream are where a handler of this process logs; stream is one of
	// the environments when the call has begun.
	group, stream string
	logging       process.Logging
	environments  *environments
}

// prepare checks a payload and finds the function; it does not begin anything.
func (s *State) prepare(ctx context.Context, ref string, payload []byte, limit int) (call, error) {
	if len(payload) == 0 {
		payload = []byte("{}")
	}
	if !json.Valid(payload) && len(payload) <= limit {
		return call{}, wire.Errorf(codeContent, 0, "Could not parse request body into json: the payload of %s is not JSON", ref)
	}
	return s.prepareValid(ctx, ref, payload, limit)
}

// prepareValid is prepare for a payload that is known to be JSON.
func (s *State) prepareValid(ctx context.Context, ref string, payload []byte, limit int) (call, error) {
	name, qualifier, err := s.refOf(ref, "")
	if err != nil {
		return call{}, err
	}
	if len(payload) > limit {
		return call{}, wire.Errorf(codeTooLarge, 413, "%d byte payload is too large for the limit of %d bytes", len(payload), limit)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(name, qualifier)
	if err == nil {
		err = s.permit(ctx, t)
	}
	if err != nil {
		return call{}, err
	}
	c := call{name: name, qualifier: qualifier, arn: t.arn(), id: wire.NewRequestID(), payload: payload}
	s.assign(&c, t.version)
	return c, nil
}

// assign lets a call run a version. The caller holds mu.
func (s *State) assign(c *call, v *version) {
	c.version, c.role, c.code, c.timeout, c.handler = v.config.Version, v.config.Role, v.code, v.timeout(), nil
	if c.code == nil {
		c.handler = s.handlers[c.name]
	}
	if v.environments == nil {
		v.environments = &environments{}
	}
	c.memory, c.group, c.environments = int(v.config.MemorySize), v.config.LoggingConfig.LogGroup, v.environments
	c.logging = v.config.LoggingConfig.logging()
}

// execute runs the handler in a sandbox and waits for it, for its timeout or for
// ctx, whichever comes first. It notes in the call which version has run.
func (s *State) execute(ctx context.Context, c *call) (Result, error) {
	if err := s.begin(c); err != nil {
		return Result{}, err
	}
	if c.handler == nil {
		return s.executeProcess(ctx, c)
	}
	return s.executeHandler(ctx, c)
}

// executeHandler runs a handler of this process.
func (s *State) executeHandler(ctx context.Context, c *call) (Result, error) {
	deadline := time.Now().Add(c.timeout)
	run, cancel := context.WithDeadline(context.Background(), deadline)
	run = context.WithValue(run, callKey{}, c)
	run = lambdacontext.NewContext(run, &lambdacontext.LambdaContext{AwsRequestID: c.id, InvokedFunctionArn: c.arn, ClientContext: c.context})
	run, log := s.beginLog(run, c)
	defer log.answer()
	var settled atomic.Bool // whose result is logged is answered, too
	done := make(chan Result, 1)
	s.inSandbox(func() {
		defer s.end(c)
		result := s.call(run, *c)
		// A handler that returned because its deadline came has timed out; the
		// comparison makes that independent of which of the two woke the caller.
		late := !time.Now().Before(deadline)
		if late {
			result = timedOut(*c)
		}
		if settled.CompareAndSwap(false, true) {
			log.end(result, late)
			done <- result
		}
	})
	defer cancel()
	select {
	case result := <-done:
		return result, nil
	case <-run.Done():
		if !settled.CompareAndSwap(false, true) {
			return <-done, nil
		}
		s.config.Log.Warn("handler abandoned at its timeout", "function", c.name, "timeout", c.timeout)
		result := timedOut(*c)
		log.end(result, true)
		return result, nil
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
}

// call runs the handler here and turns whatever it does into a Result.
func (s *State) call(ctx context.Context, c call) (result Result) {
	defer func() {
		if p := recover(); p != nil {
			s.config.Log.Error("handler panicked", slog.String("function", c.name), slog.Any("panic", p))
			result = panicked(c, p)
		}
	}()
	out, err := c.handler.Invoke(ctx, c.payload)
	switch {
	case err != nil:
		return failed(c, err)
	case len(out) > maxResponse:
		return tooLarge(c)
	}
	return Result{Payload: out, RequestID: c.id}
}

func (s *State) end(c *call) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running--
	if s.inside[c.name]--; s.inside[c.name] == 0 {
		delete(s.inside, c.name)
	}
	if c.stream != "" {
		c.environments.leave(c.stream)
	}
	if s.running == 0 && s.drained != nil {
		close(s.drained)
		s.drained = nil
	}
}
