package firehose_test

import (
	"context"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/firehose"
	"github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/firehose"
)

// merged is a stream whose shards a and b were merged to c: a has ended, and b has
// records for a while yet.
type merged struct{}

func (merged) ShardIDs(context.Context, string) ([]string, error) {
	return []string{"a", "b", "c"}, nil
}

func (merged) Parents(context.Context, string) (map[string][]string, error) {
	return map[string][]string{"c": {"a", "b"}}, nil
}

func (merged) Next(ctx context.Context, _, shard, after string, _ time.Time, _ int) ([]firehose.SourceRecord, error) {
	switch {
	case shard == "a" || after == "b2":
		return nil, firehose.ErrShardEnd
	case shard == "b" && after == "":
		return []firehose.SourceRecord{{SequenceNumber: "b1", Data: []byte("b1 ")}}, nil
	case shard == "b":
		time.Sleep(30 * time.Second) // longer than it takes to look at the shards again
		return []firehose.SourceRecord{{SequenceNumber: "b2", Data: []byte("b2 ")}}, nil
	case after == "":
		return []firehose.SourceRecord{{SequenceNumber: "c1", Data: []byte("c1")}}, nil
	}
	<-ctx.Done()
	return nil, ctx.Err()
}

func (merged) AtEnd(_, _, after string) bool { return after == "c1" }

// A shard is read when all that it was made of is read to its end, so that the records
// of a key stay in order.
// https://docs.aws.amazon.com/streams/latest/dev/kinesis-using-sdk-java-after-resharding.html
func TestShardsWaitForTheirParents(t *testing.T) {
	b := &bucket{}
	run(t, firehose.Config{Objects: b, Streams: merged{}}, func(t *testing.T, s *firehose.State) {
		b.start = time.Now()
		role := aws.String("arn:aws:iam::000000000000:role/firehose")
		_, err := client(s).CreateDeliveryStream(t.Context(), &sdk.CreateDeliveryStreamInput{DeliveryStreamName: aws.String("s"), DeliveryStreamType: types.DeliveryStreamTypeKinesisStreamAsSource,
			KinesisStreamSourceConfiguration:   &types.KinesisStreamSourceConfiguration{KinesisStreamARN: aws.String("arn:aws:kinesis:us-east-1:000000000000:stream/x"), RoleARN: role},
			ExtendedS3DestinationConfiguration: &types.ExtendedS3DestinationConfiguration{BucketARN: aws.String("arn:aws:s3:::archive"), RoleARN: role, BufferingHints: hints(1, 60)}})
		require.NoError(t, err)
		time.Sleep(29 * time.Second)
		require.False(t, s.Idle())
		time.Sleep(time.Minute)
		require.True(t, s.Idle())
	})
	require.Equal(t, []string{"60 2000/01/01/00/s-1-2000-01-01-00-00-00-ID b1 b2 c1"}, b.stored())
}
