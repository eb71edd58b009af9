package kinesis_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/kinesis"
)

// enforcing is a stream of one shard that applies the quotas, and a client that
// does not retry.
func enforcing(t *testing.T) *sdk.Client {
	client := sdk.NewFromConfig(aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"), RetryMaxAttempts: 1,
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:  emulators.Direct{Handler: kinesis.Handler(kinesis.New(kinesis.Config{Enforce: true}))},
	})
	_, err := client.CreateStream(t.Context(), &sdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: aws.Int32(1)})
	require.NoError(t, err)
	return client
}

// 1,000 records a second; in PutRecords each record is refused for itself
// (AWS.md §3).
// AWS.md §3: Shard in: 1,000 records/s; PutRecords ≤ 500 records, partial failure is normal.
func TestAShardTakesAThousandRecordsASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := enforcing(t)
		putRecords := func(n int) *sdk.PutRecordsOutput {
			in := &sdk.PutRecordsInput{StreamName: aws.String("s")}
			for i := range n {
				in.Records = append(in.Records, types.PutRecordsRequestEntry{PartitionKey: aws.String("k"), Data: fmt.Append(nil, i)})
			}
			out, err := c.PutRecords(t.Context(), in)
			require.NoError(t, err)
			return out
		}
		require.Zero(t, *putRecords(500).FailedRecordCount)
		require.Zero(t, *putRecords(499).FailedRecordCount)
		out := putRecords(3)
		require.Equal(t, int32(2), *out.FailedRecordCount)
		require.NotNil(t, out.Records[0].SequenceNumber)
		require.Nil(t, out.Records[0].ErrorCode)
		require.Nil(t, out.Records[1].SequenceNumber)
		require.Equal(t, "ProvisionedThroughputExceededException", *out.Records[2].ErrorCode)
		require.Equal(t, "Rate exceeded for shard shardId-000000000000 in stream s under account 000000000000.", *out.Records[2].ErrorMessage)
		_, err := c.PutRecord(t.Context(), &sdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: aws.String("k"), Data: []byte("x")})
		var exceeded *types.ProvisionedThroughputExceededException
		require.ErrorAs(t, err, &exceeded)
		time.Sleep(time.Second)
		put(t, c, "k", "x")
	})
}

// AWS.md §3: Shard in: … or 1 MiB/s.
func TestAShardTakesAMebibyteASecond(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := enforcing(t)
		half := string(make([]byte, 512<<10-1))
		put(t, c, "k", half)
		put(t, c, "k", half)
		_, err := c.PutRecord(t.Context(), &sdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: aws.String("k"), Data: []byte("x")})
		require.Equal(t, "ProvisionedThroughputExceededException", code(err))
	})
}

// Five reads a second; a read of 10 MiB throttles those of the next five seconds.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
// AWS.md §3: out: 2 MiB/s, GetRecords 5/s; a 10 MB GetRecords throttles the next 5 s.
func TestReadsOfAShardAreThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := enforcing(t)
		it, err := c.GetShardIterator(t.Context(), &sdk.GetShardIteratorInput{
			StreamName: aws.String("s"), ShardId: aws.String("shardId-000000000000"), ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
		require.NoError(t, err)
		get := func() error {
			_, err := c.GetRecords(t.Context(), &sdk.GetRecordsInput{ShardIterator: it.ShardIterator})
			return err
		}
		for range 5 {
			require.NoError(t, get())
		}
		require.Equal(t, "ProvisionedThroughputExceededException", code(get()))
		for range 12 {
			time.Sleep(time.Second)
			put(t, c, "k", string(make([]byte, 1<<20-1)))
		}
		require.NoError(t, get(), "10 MiB")
		for range 4 {
			time.Sleep(time.Second)
			require.Equal(t, "ProvisionedThroughputExceededException", code(get()))
		}
		time.Sleep(time.Second)
		require.NoError(t, get())
	})
}

// A record of more than a second's bytes bursts through a shard that has taken nothing, and
// throttles what comes in the seconds behind it. (At the State: clients encode the bytes.)
// https://docs.aws.amazon.com/streams/latest/dev/large-records.html
func TestALargeRecordBurstsThroughItsShard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state, shards := kinesis.New(kinesis.Config{Enforce: true}), 1
		_, err := state.CreateStream(t.Context(), &kinesis.CreateStreamInput{StreamName: "s", ShardCount: &shards, MaxRecordSizeInKiB: 10 << 10})
		require.NoError(t, err)
		put := func(n int) error {
			_, err := state.PutRecord(t.Context(), &kinesis.PutRecordInput{StreamName: "s", PartitionKey: "k", Data: make([]byte, n)})
			return err
		}
		require.NoError(t, put(4<<20))
		for range 4 {
			require.ErrorContains(t, put(1), "ProvisionedThroughputExceededException")
			require.ErrorContains(t, put(2<<20), "ProvisionedThroughputExceededException")
			time.Sleep(time.Second)
		}
		require.NoError(t, put(1))
		require.ErrorContains(t, put(2<<20), "ProvisionedThroughputExceededException", "it has taken something this second")
		time.Sleep(time.Second)
		require.NoError(t, put(2<<20))
	})
}
