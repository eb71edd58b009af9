package kinesis_test

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/kinesis"
)

// A subscription ends when another of its consumer and shard takes over, which it may
// after five seconds, and else after five minutes. (At the State: the SDK's client
// cannot read two streams at once, its codec has a race.)
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SubscribeToShard.html
func TestALaterSubscriptionTakesOver(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state, _ := start(t, 1)
		made, err := state.RegisterStreamConsumer(t.Context(), &kinesis.RegisterStreamConsumerInput{StreamARN: "arn:aws:kinesis:us-east-1:000000000000:stream/s", ConsumerName: "fan"})
		require.NoError(t, err)
		ended := make(chan error, 2)
		subscribe := func() error {
			feed, err := state.SubscribeToShard(t.Context(), &kinesis.SubscribeToShardInput{
				ConsumerARN: made.Consumer.ConsumerARN, ShardId: "shardId-000000000000", StartingPosition: kinesis.StartingPosition{Type: "LATEST"},
			})
			if err == nil {
				go func() { ended <- feed(context.Background(), func(string, any) error { return nil }) }()
			}
			return err
		}
		require.NoError(t, subscribe())
		time.Sleep(5*time.Second - time.Nanosecond)
		require.ErrorContains(t, subscribe(), "Another active subscription exists")
		time.Sleep(time.Nanosecond)
		require.NoError(t, subscribe())
		took := time.Now()
		require.ErrorContains(t, <-ended, "has taken over")
		require.NoError(t, <-ended)
		require.Equal(t, 5*time.Minute, time.Since(took))
	})
}
