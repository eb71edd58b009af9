package fault_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/scenarios/fault"
	simfault "github.com/shakedown-iot/shakedown/sim/fault"
)

// code is a function's.
type handler func(context.Context, []byte) ([]byte, error)

func (h handler) Invoke(ctx context.Context, payload []byte) ([]byte, error) { return h(ctx, payload) }

// function is one that counts its runs.
func function(i *fault.Injector, runs *int) lambda.GoHandler {
	return i.WrapFunction("processor", handler(func(_ context.Context, payload []byte) ([]byte, error) {
		*runs++
		return payload, nil
	}))
}

func TestFunctions(t *testing.T) {
	for _, c := range []struct {
		kind simfault.Kind
		runs int
	}{
		{simfault.FunctionError, 0}, {simfault.FunctionErrorAfter, 1}, {simfault.FunctionPanic, 0},
	} {
		t.Run(string(c.kind), func(t *testing.T) {
			i, runs := fault.New(seed), 0
			f := function(i, &runs)
			begin := simfault.Fault{Kind: c.kind, Target: simfault.Target{Function: "processor"}}
			require.NoError(t, begin.Validate())
			i.Begin(1, begin)
			i.Begin(2, simfault.Fault{Kind: c.kind, Target: simfault.Target{Function: "other"}})
			err := try(t.Context(), f)
			require.True(t, as[fault.InjectedError](err), "%v", err)
			require.ErrorContains(t, err, "processor: injected "+string(c.kind))
			require.Equal(t, c.runs, runs)
			require.NoError(t, try(fault.Exempt(t.Context()), f))
			i.End(1)
			require.NoError(t, try(t.Context(), f))
			require.Equal(t, 1, i.Hits(1))
			require.Zero(t, i.Hits(2))
		})
	}
}

// try turns a panic into an error.
func try(ctx context.Context, f lambda.GoHandler) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %w", p.(error))
		}
	}()
	out, err := f.Invoke(ctx, []byte(`{"n":1}`))
	if err == nil && string(out) != `{"n":1}` {
		err = errors.New("no answer")
	}
	return err
}

func TestFunctionTimeout(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		i, runs := fault.New(seed), 0
		i.Begin(0, simfault.Fault{Kind: simfault.FunctionTimeout, Target: simfault.Target{Function: "processor"}})
		ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
		defer cancel()
		time.AfterFunc(time.Second, func() { i.End(0) })
		began := time.Now()
		err := try(ctx, function(i, &runs))
		require.ErrorIs(t, err, context.DeadlineExceeded)
		require.Equal(t, 30*time.Second, time.Since(began), "what hangs does not come back")
		require.Zero(t, runs)
	})
}

// TestFunctionsFailAtARate: an invocation that is made again is drawn again.
func TestFunctionsFailAtARate(t *testing.T) {
	i, runs := fault.New(seed), 0
	f := function(i, &runs)
	i.Begin(0, simfault.Fault{Kind: simfault.FunctionError, Target: simfault.Target{Function: "processor"}, Parameters: simfault.Parameters{Rate: 0.2}})
	failed := 0
	for range 1000 {
		if try(t.Context(), f) != nil {
			failed++
		}
	}
	require.InDelta(t, 200, failed, 50)
	require.Equal(t, 1000-failed, runs)
	require.Equal(t, failed, i.Hits(0))
}
