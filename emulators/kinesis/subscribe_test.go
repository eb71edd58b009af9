package kinesis_test

import (
	"context"
	"encoding/json"
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

// At the end of a closed shard the last event names its children and nothing to go on
// with, by which the Kinesis Client Library knows it; and another subscription must
// wait for five seconds after the last began, although that has ended.
func TestASubscriptionEndsWithTheShard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state, c := start(t, 1)
		put(t, c, "k", "x")
		_, err := state.SplitShard(t.Context(), &kinesis.SplitShardInput{StreamRef: kinesis.StreamRef{StreamName: "s"}, ShardToSplit: "shardId-000000000000", NewStartingHashKey: "1000"})
		require.NoError(t, err)
		made, err := state.RegisterStreamConsumer(t.Context(), &kinesis.RegisterStreamConsumerInput{StreamARN: "arn:aws:kinesis:us-east-1:000000000000:stream/s", ConsumerName: "fan"})
		require.NoError(t, err)
		in := &kinesis.SubscribeToShardInput{ConsumerARN: made.Consumer.ConsumerARN, ShardId: "shardId-000000000000", StartingPosition: kinesis.StartingPosition{Type: "TRIM_HORIZON"}}
		feed, err := state.SubscribeToShard(t.Context(), in)
		require.NoError(t, err)
		var events []kinesis.SubscribeToShardEvent
		require.NoError(t, feed(t.Context(), func(_ string, event any) error {
			events = append(events, event.(kinesis.SubscribeToShardEvent))
			return nil
		}))
		require.Len(t, events, 2)
		require.Equal(t, events[0].Records[0].SequenceNumber, events[0].ContinuationSequenceNumber)
		last, err := json.Marshal(events[1])
		require.NoError(t, err)
		require.NotContains(t, string(last), "ContinuationSequenceNumber")
		require.Len(t, events[1].ChildShards, 2)

		_, err = state.SubscribeToShard(t.Context(), in)
		require.ErrorContains(t, err, "Another active subscription exists")
		time.Sleep(5 * time.Second)
		_, err = state.SubscribeToShard(t.Context(), in)
		require.NoError(t, err)
	})
}

// A consumer may begin at the number that its shard begins with, which no record has.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_StartingPosition.html
func TestASubscriptionBeginsAtTheNumberOfItsShard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state, c := start(t, 1)
		put(t, c, "k", "x")
		made, err := state.RegisterStreamConsumer(t.Context(), &kinesis.RegisterStreamConsumerInput{StreamARN: streamARN("s"), ConsumerName: "fan"})
		require.NoError(t, err)
		stream, err := state.DescribeStream(t.Context(), &kinesis.DescribeStreamInput{StreamRef: kinesis.StreamRef{StreamName: "s"}})
		require.NoError(t, err)
		shard := stream.StreamDescription.Shards[0]
		feed, err := state.SubscribeToShard(t.Context(), &kinesis.SubscribeToShardInput{
			ConsumerARN: made.Consumer.ConsumerARN, ShardId: shard.ShardId,
			StartingPosition: kinesis.StartingPosition{Type: "AT_SEQUENCE_NUMBER", SequenceNumber: shard.SequenceNumberRange.StartingSequenceNumber},
		})
		require.NoError(t, err)
		var got []kinesis.WireRecord
		require.NoError(t, feed(t.Context(), func(_ string, event any) error {
			got = append(got, event.(kinesis.SubscribeToShardEvent).Records...)
			return nil
		}))
		require.Len(t, got, 1)
		require.Equal(t, "x", string(got[0].Data))
	})
}
