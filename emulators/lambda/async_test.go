package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
)

// journal is a tap that keeps one line an event.
type journal struct {
	mu    sync.Mutex
	start time.Time
	lines []string
}

func (j *journal) tap(e lambda.Event) {
	j.mu.Lock()
	defer j.mu.Unlock()
	line := fmt.Sprintf("%v %s %s #%d %s", e.At.Sub(j.start).Round(time.Millisecond), e.Function, e.Kind, e.Attempt, e.Payload)
	if e.Err != "" {
		line += " (" + e.Err + ")"
	}
	j.lines = append(j.lines, line)
}

// running runs a State in a bubble while f acts.
func running(t *testing.T, s *lambda.State, f func()) {
	ctx, cancel := context.WithCancel(t.Context())
	var group sync.WaitGroup
	group.Go(func() { require.NoError(t, s.Run(ctx)) })
	f()
	cancel()
	group.Wait()
}

func fail(context.Context, []byte) ([]byte, error) { return nil, errors.New("no") }

// AWS.md §3: Asynchronous invoke: 2 retries (1 min, 2 min).
func TestAsyncRetriesAfterOneAndTwoMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		dead, log := &queue{}, &journal{start: time.Now()}
		s := lambda.New(lambda.Config{Queue: dead, Tap: log.tap})
		create(t, s, "f", fail)
		_, err := s.PutFunctionEventInvokeConfig(t.Context(), &lambda.PutFunctionEventInvokeConfigInput{
			FunctionName: "f", DestinationConfig: &lambda.DestinationConfig{OnFailure: &lambda.Destination{Destination: queueARN}},
		})
		require.NoError(t, err)
		running(t, s, func() {
			require.NoError(t, s.InvokeAsync(t.Context(), "f", []byte(`{"a":1}`)))
			time.Sleep(90 * time.Second)
			require.False(t, s.Idle(), "a wait for a retry is not idle")
			time.Sleep(5 * time.Minute)
			require.True(t, s.Idle())
		})
		require.Equal(t, []string{
			`0s f invoked #1 {"a":1}`,
			`0s f failed #1 {"a":1} (errorString: no)`,
			`0s f retried #1 {"a":1} (errorString: no)`,
			`1m0s f invoked #2 {"a":1}`,
			`1m0s f failed #2 {"a":1} (errorString: no)`,
			`1m0s f retried #2 {"a":1} (errorString: no)`,
			`3m0s f invoked #3 {"a":1}`,
			`3m0s f failed #3 {"a":1} (errorString: no)`,
			`3m0s f dead-lettered #3 {"a":1} (RetriesExhausted: errorString: no)`,
		}, log.lines)
		require.Equal(t, []string{"https://sqs.us-east-1.amazonaws.com/000000000000/dead"}, dead.urls)
		var record map[string]any
		require.NoError(t, json.Unmarshal([]byte(dead.bodies[0]), &record))
		id := record["requestContext"].(map[string]any)["requestId"]
		require.NotEmpty(t, id)
		require.Equal(t, map[string]any{
			"version": "1.0", "timestamp": "2000-01-01T00:03:00.000Z",
			"requestContext": map[string]any{
				"requestId": id, "functionArn": "arn:aws:lambda:us-east-1:000000000000:function:f:$LATEST",
				"condition": "RetriesExhausted", "approximateInvokeCount": 3.0,
			},
			"requestPayload":  map[string]any{"a": 1.0},
			"responseContext": map[string]any{"statusCode": 200.0, "executedVersion": "$LATEST", "functionError": "Unhandled"},
			"responsePayload": map[string]any{"errorMessage": "no", "errorType": "errorString"},
		}, record)
	})
}

func TestAsyncIsDiscarded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{start: time.Now()}
		s := lambda.New(lambda.Config{Tap: log.tap, Queue: &queue{fail: errors.New("no such queue")}})
		create(t, s, "none", fail)
		create(t, s, "old", fail)
		create(t, s, "refused", fail)
		put := func(name, destination string, age int32) {
			_, err := s.PutFunctionEventInvokeConfig(t.Context(), &lambda.PutFunctionEventInvokeConfigInput{
				FunctionName: name, MaximumRetryAttempts: new(int32(1)), MaximumEventAgeInSeconds: new(age),
				DestinationConfig: &lambda.DestinationConfig{OnFailure: &lambda.Destination{Destination: destination}},
			})
			require.NoError(t, err)
		}
		put("none", "", 21600)
		put("old", "", 60)
		put("refused", queueARN, 21600)
		running(t, s, func() {
			for _, name := range []string{"none", "old", "refused"} {
				require.NoError(t, s.InvokeAsync(t.Context(), name, []byte(`1`)))
			}
			time.Sleep(10 * time.Minute)
		})
		var ends []string
		for _, line := range log.lines {
			if strings.Contains(line, "discarded") {
				ends = append(ends, line)
			}
		}
		require.ElementsMatch(t, []string{
			"1m0s none discarded #2 1 (RetriesExhausted: errorString: no)",
			"0s old discarded #1 1 (EventAgeExceeded: errorString: no)",
			"1m0s refused discarded #2 1 (RetriesExhausted: errorString: no; destination: sending to " + queueARN + ": no such queue)",
		}, ends)
	})
}

// AWS.md §3: Asynchronous invoke: … maximum age (6 h when none is set).
func TestAsyncAgeLooksAhead(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{start: time.Now()}
		s := lambda.New(lambda.Config{Tap: log.tap})
		create(t, s, "f", fail)
		_, err := s.PutFunctionEventInvokeConfig(t.Context(), &lambda.PutFunctionEventInvokeConfigInput{FunctionName: "f", MaximumEventAgeInSeconds: new(int32(120))})
		require.NoError(t, err)
		running(t, s, func() {
			require.NoError(t, s.InvokeAsync(t.Context(), "f", []byte(`1`)))
			time.Sleep(10 * time.Minute)
		})
		require.Equal(t, "1m0s f discarded #2 1 (EventAgeExceeded: errorString: no)", log.lines[len(log.lines)-1])
	})
}

func TestAsyncTiesRunInOrderOfPayload(t *testing.T) {
	for range 20 {
		synctest.Test(t, func(t *testing.T) {
			var order []string
			s := lambda.New(lambda.Config{})
			create(t, s, "f", func(_ context.Context, payload []byte) ([]byte, error) {
				order = append(order, string(payload))
				return nil, nil
			})
			running(t, s, func() {
				var group sync.WaitGroup
				for _, p := range []string{"3", "1", "5", "2", "4"} {
					group.Go(func() { require.NoError(t, s.InvokeAsync(t.Context(), "f", []byte(p))) })
				}
				group.Wait()
				time.Sleep(time.Second)
			})
			require.Equal(t, []string{"1", "2", "3", "4", "5"}, order)
		})
	}
}

func TestAsyncQueueIsBounded(t *testing.T) {
	s := lambda.New(lambda.Config{QueueLimit: 1})
	create(t, s, "f", echo)
	require.NoError(t, s.InvokeAsync(t.Context(), "f", []byte(`1`)))
	require.ErrorContains(t, s.InvokeAsync(t.Context(), "f", []byte(`1`)), "TooManyRequestsException")
}

func TestAsyncOfADeletedFunctionIsDiscarded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		log := &journal{start: time.Now()}
		s := lambda.New(lambda.Config{Tap: log.tap})
		create(t, s, "f", echo)
		require.NoError(t, s.InvokeAsync(t.Context(), "f", []byte(`1`)))
		_, err := s.DeleteFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: "f"})
		require.NoError(t, err)
		running(t, s, func() { time.Sleep(time.Minute) })
		require.Len(t, log.lines, 1)
		require.Contains(t, log.lines[0], "f discarded #0 1 (RetriesExhausted: ResourceNotFoundException")
		require.True(t, s.Idle())
	})
}
