package lambda

import (
	"context"
	"errors"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// executeProcess runs a call in a process and waits for it or for ctx. The
// process has its own timeout, which begins when it is ready.
func (s *State) executeProcess(ctx context.Context, c *call) (Result, error) {
	type ended struct {
		process.Outcome
		err error
	}
	done := make(chan ended, 1)
	s.inSandbox(func() {
		defer s.end(c)
		outcome, err := s.pool.Invoke(c.code, process.Invocation{ID: c.id, Payload: c.payload, Timeout: c.timeout, ARN: c.arn, ClientContext: c.client})
		done <- ended{outcome, err}
	})
	select {
	case e := <-done:
		return s.processResult(c, e.Outcome, e.err)
	case <-ctx.Done():
		return Result{}, ctx.Err()
	}
}

func (s *State) processResult(c *call, o process.Outcome, err error) (Result, error) {
	switch {
	case errors.Is(err, process.ErrBusy):
		return Result{}, throttled("ConcurrentInvocationLimitExceeded")
	case err != nil:
		return Result{}, wire.Errorf(codeService, 500, "function %s: %s", c.name, err)
	}
	if c.tail != nil {
		c.tail(o.Log)
	}
	result := Result{Payload: o.Payload, RequestID: c.id}
	if o.Failed {
		result.FunctionError = unhandled
	}
	return result, nil
}
