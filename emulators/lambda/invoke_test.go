package lambda_test

import (
	"context"
	"regexp"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// AWS.md §3: Handlers … lambda.NewHandler(f).Invoke(ctx, json) runs one in process (… the deadline).
func TestTimeout(t *testing.T) {
	for _, obeys := range []bool{true, false} {
		synctest.Test(t, func(t *testing.T) {
			s := lambda.New(lambda.Config{})
			ended := false
			create(t, s, "slow", func(ctx context.Context, _ []byte) ([]byte, error) {
				if obeys {
					<-ctx.Done()
					return nil, ctx.Err()
				}
				time.Sleep(20 * time.Second)
				ended = true
				return nil, nil
			})
			start := time.Now()
			running(t, s, func() {
				out, err := s.InvokeSync(t.Context(), "slow", nil)
				require.NoError(t, err)
				require.Equal(t, 3*time.Second, time.Since(start))
				require.Equal(t, "Unhandled", out.FunctionError)
				require.JSONEq(t, `{"errorType":"Sandbox.Timedout","errorMessage":"RequestId: `+out.RequestID+` Error: Task timed out after 3.00 seconds"}`, string(out.Payload))
				if !obeys {
					require.False(t, s.Idle(), "an abandoned handler still runs")
				}
			})
			require.Equal(t, !obeys, ended, "Run waits for abandoned handlers")
		})
	}
}

func TestRunNamesHandlersThatNeverEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := lambda.New(lambda.Config{Drain: 10 * time.Second})
		release := make(chan struct{})
		create(t, s, "stuck", func(context.Context, []byte) ([]byte, error) { <-release; return nil, nil })
		_, err := s.InvokeSync(t.Context(), "stuck", nil)
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		require.EqualError(t, s.Run(ctx), "lambda: handlers still run 10s after the end: stuck")
		close(release)
	})
}

func TestCallerMayLeave(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := lambda.New(lambda.Config{})
		finished := false
		create(t, s, "f", func(context.Context, []byte) ([]byte, error) {
			time.Sleep(2 * time.Second)
			finished = true
			return nil, nil
		})
		running(t, s, func() {
			ctx, cancel := context.WithTimeout(t.Context(), time.Second)
			defer cancel()
			_, err := s.InvokeSync(ctx, "f", nil)
			require.ErrorIs(t, err, context.DeadlineExceeded)
		})
		require.True(t, finished, "the function goes on")
	})
}

func TestConcurrencyIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := lambda.New(lambda.Config{Concurrency: 2})
		create(t, s, "f", func(context.Context, []byte) ([]byte, error) { time.Sleep(time.Second); return nil, nil })
		var group sync.WaitGroup
		var mu sync.Mutex
		throttled := 0
		for range 3 {
			group.Go(func() {
				if _, err := s.InvokeSync(t.Context(), "f", nil); err != nil {
					mu.Lock()
					defer mu.Unlock()
					require.ErrorContains(t, err, "TooManyRequestsException")
					throttled++
				}
			})
		}
		group.Wait()
		require.Equal(t, 1, throttled)
	})
}

func TestMappingEvent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream := newShards("shard-0")
		s := lambda.New(lambda.Config{Streams: stream})
		var got string
		create(t, s, "f", func(_ context.Context, payload []byte) ([]byte, error) { got = string(payload); return nil, nil })
		_, err := s.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{FunctionName: "f", EventSourceArn: streamARN, StartingPosition: lambda.Latest})
		require.NoError(t, err)
		running(t, s, func() {
			time.Sleep(1500 * time.Millisecond)
			require.True(t, s.Idle())
			stream.put("shard-0", "hello")
			time.Sleep(time.Second)
		})
		// The shape of https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
		require.JSONEq(t, `{"Records":[{
			"kinesis":{"kinesisSchemaVersion":"1.0","partitionKey":"key-hello","sequenceNumber":"101","data":"aGVsbG8=","approximateArrivalTimestamp":946684801.500},
			"eventSource":"aws:kinesis","eventVersion":"1.0","eventID":"shard-0:101","eventName":"aws:kinesis:record",
			"invokeIdentityArn":"arn:aws:iam::000000000000:role/functions","awsRegion":"us-east-1","eventSourceARN":"`+streamARN+`"}]}`, got)
	})
}

func TestShardsAreIndependent(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream := newShards("shard-0", "shard-1")
		s := lambda.New(lambda.Config{Streams: stream})
		create(t, s, "f", poison{start: time.Now()}.Invoke)
		_, err := s.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{FunctionName: "f", EventSourceArn: streamARN, StartingPosition: lambda.TrimHorizon})
		require.NoError(t, err)
		running(t, s, func() {
			stream.put("shard-0", "bad!")
			stream.put("shard-1", "good")
			time.Sleep(time.Minute)
			require.False(t, s.Idle(), "a blocked shard is not idle")
		})
	})
}

func TestMappingSurvivesAFunctionThatIsGoneForAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream := newShards("shard-0")
		s := lambda.New(lambda.Config{Streams: stream})
		create(t, s, "f", fail)
		_, err := s.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{
			FunctionName: "f", EventSourceArn: streamARN, StartingPosition: lambda.TrimHorizon,
			MappingOptions: lambda.MappingOptions{MaximumRetryAttempts: new(int32(0))},
		})
		require.NoError(t, err)
		_, err = s.DeleteFunction(t.Context(), &lambda.GetFunctionInput{FunctionName: "f"})
		require.NoError(t, err)
		got := 0
		running(t, s, func() {
			stream.put("shard-0", "a")
			time.Sleep(10 * time.Minute)
			create(t, s, "f", func(context.Context, []byte) ([]byte, error) { got++; return nil, nil })
			time.Sleep(10 * time.Minute)
			require.True(t, s.Idle())
		})
		require.Equal(t, 1, got, "refused invocations use no retry")
	})
}

func TestRunAgainGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream := newShards("shard-0")
		s := lambda.New(lambda.Config{Streams: stream})
		var got []string
		create(t, s, "f", func(_ context.Context, payload []byte) ([]byte, error) {
			got = append(got, dataOf(t, payload))
			return nil, nil
		})
		create(t, s, "g", func(_ context.Context, payload []byte) ([]byte, error) {
			got = append(got, string(payload))
			return nil, nil
		})
		_, err := s.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{FunctionName: "f", EventSourceArn: streamARN, StartingPosition: lambda.TrimHorizon})
		require.NoError(t, err)
		running(t, s, func() { stream.put("shard-0", "a"); time.Sleep(time.Second) })
		stream.put("shard-0", "b")
		require.NoError(t, s.InvokeAsync(t.Context(), "g", []byte("1")))
		require.False(t, s.Idle())
		running(t, s, func() { time.Sleep(time.Second) })
		require.ElementsMatch(t, []string{"[a]", "[b]", "1"}, got)
	})
}

// AWS.md §3: On-failure record: KinesisBatchInfo, condition: RetryAttemptsExhausted.
// AWS.md §3: On-failure record: KinesisBatchInfo (shard, sequence numbers, stream
// ARN).
func TestStreamDeadLetterShape(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		stream, dead := newShards("shard-0"), &queue{}
		s := lambda.New(lambda.Config{Streams: stream, Queue: dead})
		create(t, s, "f", fail)
		_, err := s.CreateEventSourceMapping(t.Context(), &lambda.CreateEventSourceMappingInput{
			FunctionName: "f", EventSourceArn: streamARN, StartingPosition: lambda.TrimHorizon,
			MappingOptions: lambda.MappingOptions{
				MaximumRetryAttempts: new(int32(0)),
				DestinationConfig:    &lambda.DestinationConfig{OnFailure: &lambda.Destination{Destination: queueARN}},
			},
		})
		require.NoError(t, err)
		running(t, s, func() { stream.put("shard-0", "a", "b"); time.Sleep(time.Second) })
		require.Len(t, dead.bodies, 1)
		id := regexp.MustCompile(`"requestId":"([^"]+)"`).FindStringSubmatch(dead.bodies[0])
		require.NotNil(t, id)
		// The shape of https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
		require.JSONEq(t, `{
			"requestContext":{"requestId":"`+id[1]+`","functionArn":"arn:aws:lambda:us-east-1:000000000000:function:f",
				"condition":"RetryAttemptsExhausted","approximateInvokeCount":1},
			"responseContext":{"statusCode":200,"executedVersion":"$LATEST","functionError":"Unhandled"},
			"version":"1.0","timestamp":"2000-01-01T00:00:00.000Z",
			"KinesisBatchInfo":{"shardId":"shard-0","startSequenceNumber":"101","endSequenceNumber":"102",
				"approximateArrivalOfFirstRecord":"2000-01-01T00:00:00.000Z","approximateArrivalOfLastRecord":"2000-01-01T00:00:00.000Z",
				"batchSize":2,"streamArn":"`+streamARN+`"}}`, dead.bodies[0])
	})
}

// TestReservedConcurrency holds a function to what it has reserved, and the
// others to what is left.
func TestReservedConcurrency(t *testing.T) {
	hold := make(chan struct{})
	running := make(chan struct{}, 200)
	s := lambda.New(lambda.Config{Concurrency: 101})
	slow := handler(func(context.Context, []byte) ([]byte, error) { running <- struct{}{}; <-hold; return nil, nil })
	create(t, s, "one", slow)
	create(t, s, "other", slow)
	_, err := s.PutFunctionConcurrency(t.Context(), &lambda.PutFunctionConcurrencyInput{FunctionName: "one", ReservedConcurrentExecutions: new(int32(2))})
	require.ErrorContains(t, err, "below its minimum value of [100]")
	_, err = s.PutFunctionConcurrency(t.Context(), &lambda.PutFunctionConcurrencyInput{FunctionName: "one", ReservedConcurrentExecutions: new(int32(1))})
	require.NoError(t, err)
	var group sync.WaitGroup
	defer group.Wait()
	defer close(hold)
	invoke := func(name string, times int) {
		for range times {
			group.Go(func() { s.InvokeSync(context.Background(), name, nil) })
		}
		for range times {
			<-running
		}
	}
	reason := func(name string) any {
		_, err := s.InvokeSync(t.Context(), name, nil)
		var refused *wire.Error
		require.ErrorAs(t, err, &refused)
		require.Equal(t, "TooManyRequestsException", refused.Code)
		require.Equal(t, 429, refused.HTTPStatus())
		return refused.Fields["Reason"]
	}
	invoke("one", 1)
	require.Equal(t, "ReservedFunctionConcurrentInvocationLimitExceeded", reason("one"))
	invoke("other", 100)
	require.Equal(t, "ConcurrentInvocationLimitExceeded", reason("other"))
}
