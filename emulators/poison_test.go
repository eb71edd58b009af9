package emulators

import (
	"context"
	"errors"
	"strings"
	"testing"
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
	f := &refuser{}
	withStream(t, f, lambdatypes.EventSourcePositionTrimHorizon, 1, func(w streamWorld) {
		require.Equal(w, int32(-1), *w.mapping.MaximumRetryAttempts)
		f.began = time.Now()
		for _, key := range []string{"poison", "good"} {
			w.put(key, "x")
			time.Sleep(2 * time.Hour)
		}
		time.Sleep(21 * time.Hour)
	})
	require.InDelta(t, 24, f.done.Hours(), 0.1, "the good record came when the bad one had left, after %d calls", f.calls)
	require.Greater(t, f.calls, 24*60/2)
}

// A mapping that a poisoned record kept from the end of a closed shard until the shard had
// expired goes on with the children: nobody lists the shard any more, and a read of it fails.
// https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html
func TestAMappingGoesOnBehindAShardThatHasExpired(t *testing.T) {
	for _, factor := range []int32{1, 2} {
		f := &refuser{}
		withStream(t, f, lambdatypes.EventSourcePositionTrimHorizon, 1, func(w streamWorld) {
			_, err := w.functions.UpdateEventSourceMapping(w.Context(), &lambdasdk.UpdateEventSourceMappingInput{UUID: w.mapping.UUID, ParallelizationFactor: &factor})
			require.NoError(w, err)
			time.Sleep(time.Second)
			f.began = time.Now()
			w.put("poison", "x") // expires as the shard does
			_, err = w.streams.SplitShard(w.Context(), &kinesissdk.SplitShardInput{StreamName: aws.String("s"), ShardToSplit: aws.String("shardId-000000000000"), NewStartingHashKey: aws.String("170141183460469231731687303715884105728")})
			require.NoError(w, err)
			time.Sleep(23 * time.Hour)
			w.put("good", "x")
			time.Sleep(2 * time.Hour)
		})
		require.InDelta(t, 24, f.done.Hours(), 0.1, "with ParallelizationFactor %d, after %d calls", factor, f.calls)
	}
}
