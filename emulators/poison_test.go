package emulators

import (
	"context"
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"
)

// refuser fails on batches with poison in them and remembers when it did not.
type refuser struct {
	began time.Time
	done  time.Duration
	calls int
}

func (r *refuser) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	r.calls++
	if strings.Contains(string(payload), "poison") {
		return nil, errors.New("poison")
	}
	r.done = time.Since(r.began)
	return nil, nil
}

// A mapping without a bound tries a record again until the stream has let it go,
// after 24 hours, and what is behind it waits.
// https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
//
// AWS.md §3: MaximumRetryAttempts −1 = until the record expires.
func TestAPoisonedRecordBlocksItsShardUntilItExpires(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cloud, err := New(Config{})
		require.NoError(t, err)
		f := &refuser{began: time.Now()}
		cloud.Lambda.Bind("f", f)
		functions, streams := lambdasdk.NewFromConfig(cloud.AWSConfig()), kinesissdk.NewFromConfig(cloud.AWSConfig())
		_, err = streams.CreateStream(ctx, &kinesissdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: aws.Int32(1)})
		require.NoError(t, err)
		makeFunction(t, functions, nil)
		mapping, err := functions.CreateEventSourceMapping(ctx, &lambdasdk.CreateEventSourceMappingInput{
			FunctionName: aws.String("f"), EventSourceArn: aws.String("arn:aws:kinesis:us-east-1:000000000000:stream/s"),
			StartingPosition: lambdatypes.EventSourcePositionTrimHorizon, BatchSize: aws.Int32(1),
		})
		require.NoError(t, err)
		require.Equal(t, int32(-1), *mapping.MaximumRetryAttempts)
		done := make(chan error)
		go func() { done <- cloud.Lambda.Run(ctx) }()
		for _, key := range []string{"poison", "good"} {
			_, err = streams.PutRecord(ctx, &kinesissdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: &key, Data: []byte("x")})
			require.NoError(t, err)
			time.Sleep(2 * time.Hour)
		}
		time.Sleep(21 * time.Hour)
		stop()
		require.NoError(t, <-done)
		require.InDelta(t, 24, f.done.Hours(), 0.1, "the good record came when the bad one had left, after %d calls", f.calls)
		require.Greater(t, f.calls, 24*60/2)
	})
}
