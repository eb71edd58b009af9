package lambda_test

import (
	"context"
	"encoding/json"
	"errors"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	client "github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
)

// runFor lets a State run for some time of a bubble.
func runFor(t *testing.T, s *lambda.State, d time.Duration) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	done := make(chan error)
	go func() { done <- s.Run(ctx) }()
	time.Sleep(d)
	stop()
	require.NoError(t, <-done)
}

// withDeadLetters makes the function "f" with a dead-letter queue.
func withDeadLetters(t *testing.T, s *lambda.State, h handler) {
	t.Helper()
	s.Bind("f", h)
	in := createInput("f")
	in.DeadLetterConfig = &types.DeadLetterConfig{TargetArn: aws.String(queueARN)}
	_, err := sdk(s).CreateFunction(t.Context(), in)
	require.NoError(t, err)
}

// Events of a function whose reserved concurrency is zero are given up at once.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
func TestEventsOfAStoppedFunctionAreGivenUpAtOnce(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &queue{}
		s := lambda.New(lambda.Config{Queue: q})
		withDeadLetters(t, s, func(context.Context, []byte) ([]byte, error) { return nil, nil })
		c := sdk(s)
		_, err := c.PutFunctionConcurrency(t.Context(), &client.PutFunctionConcurrencyInput{FunctionName: aws.String("f"), ReservedConcurrentExecutions: aws.Int32(0)})
		require.NoError(t, err)
		_, err = c.PutFunctionEventInvokeConfig(t.Context(), &client.PutFunctionEventInvokeConfigInput{
			FunctionName: aws.String("f"), DestinationConfig: &types.DestinationConfig{OnFailure: &types.OnFailure{Destination: aws.String(queueARN + "2")}}})
		require.NoError(t, err)
		require.NoError(t, s.InvokeAsync(t.Context(), "f", []byte(`{"a":1}`)))
		runFor(t, s, time.Second)
		require.True(t, s.Idle())
		require.Len(t, q.bodies, 2)
		require.Contains(t, q.bodies[0], `"condition":"ZeroReservedConcurrency","approximateInvokeCount":0},"requestPayload":{"a":1}}`)
		require.Equal(t, `{"a":1}`, q.bodies[1])
		require.Equal(t, []string{"ErrorCode Number 429", "ErrorMessage String Function not invoked. Function is configured with zero reserved concurrent executions"}, q.about[:2])
	})
}

// A dead letter has the error's code as a number, and versions share the queue of $LATEST.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html#invocation-dlq
func TestADeadLetterTellsTheError(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		q := &queue{}
		s := lambda.New(lambda.Config{Queue: q})
		withDeadLetters(t, s, func(context.Context, []byte) ([]byte, error) { return nil, errors.New("as told") })
		c := sdk(s)
		_, err := c.PublishVersion(t.Context(), &client.PublishVersionInput{FunctionName: aws.String("f")})
		require.NoError(t, err)
		_, err = c.UpdateFunctionConfiguration(t.Context(), &client.UpdateFunctionConfigurationInput{FunctionName: aws.String("f"), DeadLetterConfig: &types.DeadLetterConfig{TargetArn: aws.String(queueARN + "2")}})
		require.NoError(t, err)
		require.NoError(t, s.InvokeAsync(t.Context(), "f:1", []byte(`1`)))
		runFor(t, s, time.Hour)
		require.Equal(t, []string{"https://sqs.us-east-1.amazonaws.com/000000000000/dead2"}, q.urls)
		require.Equal(t, []string{"ErrorCode Number 200", "ErrorMessage String errorString: as told"}, q.about[:2])
		_, err = c.UpdateFunctionConfiguration(t.Context(), &client.UpdateFunctionConfigurationInput{FunctionName: aws.String("f"), DeadLetterConfig: &types.DeadLetterConfig{TargetArn: aws.String(queueARN + ".fifo")}})
		require.ErrorContains(t, err, "InvalidParameterValueException")
		require.ErrorContains(t, err, "FIFO")
	})
}

// A function that is its own destination stops.
// https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
func TestALoopOfDestinationsStops(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var last lambda.Event
		calls := 0
		s := lambda.New(lambda.Config{Tap: func(e lambda.Event) {
			if e.Kind == lambda.Succeeded {
				calls++
				last = e
			}
		}})
		create(t, s, "f", func(context.Context, []byte) ([]byte, error) { return json.Marshal("x") })
		_, err := s.PutFunctionEventInvokeConfig(t.Context(), &lambda.PutFunctionEventInvokeConfigInput{
			FunctionName: "f", DestinationConfig: &lambda.DestinationConfig{OnSuccess: &lambda.Destination{Destination: "arn:aws:lambda:us-east-1:000000000000:function:f"}}})
		require.NoError(t, err)
		require.NoError(t, s.InvokeAsync(t.Context(), "f", []byte(`1`)))
		runFor(t, s, time.Second)
		require.True(t, s.Idle())
		require.Equal(t, 16, calls)
		require.Contains(t, last.Err, "RecursiveInvocationException")
	})
}
