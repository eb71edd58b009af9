package kinesis_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/stretchr/testify/require"
)

// putRecords puts n records of size bytes.
func putRecords(t *testing.T, c *sdk.Client, n, size int) error {
	in := &sdk.PutRecordsInput{StreamName: aws.String("s")}
	for range n {
		in.Records = append(in.Records, types.PutRecordsRequestEntry{PartitionKey: aws.String("k"), Data: make([]byte, size)})
	}
	_, err := c.PutRecords(t.Context(), in)
	return err
}

// AWS.md §3: PutRecords ≤ 500 records; 500 records, 10 MiB.
func TestPutRecordsIsBounded(t *testing.T) {
	_, c := start(t, 1)
	require.NoError(t, putRecords(t, c, 500, 1))
	require.ErrorContains(t, putRecords(t, c, 501, 1), "between 1 and 500")
	require.NoError(t, putRecords(t, c, 10, 1<<20-1), "10 MiB with the keys")
	require.Equal(t, "InvalidArgumentException", code(putRecords(t, c, 11, 1<<20-1)))
}

// AWS.md §3: ≤ 10,000 records or 10 MiB.
func TestReadsAreBounded(t *testing.T) {
	_, c := start(t, 1)
	first := &sdk.GetShardIteratorInput{ShardId: aws.String("shardId-000000000000"), ShardIteratorType: types.ShardIteratorTypeTrimHorizon}
	for range 21 {
		require.NoError(t, putRecords(t, c, 500, 1))
	}
	require.Len(t, read(t, c, first), 10_000)

	_, c = start(t, 1)
	for range 3 {
		require.NoError(t, putRecords(t, c, 4, 1<<20-1))
	}
	require.Len(t, read(t, c, first), 10, "10 MiB")
	it, err := c.GetShardIterator(t.Context(), first)
	require.NoError(t, err)
	_, err = c.GetRecords(t.Context(), &sdk.GetRecordsInput{ShardIterator: it.ShardIterator, Limit: aws.Int32(10_001)})
	require.Equal(t, "ValidationException", code(err))
}

// AWS.md §3: configurable to 10.
func TestRecordsMayBeMadeLarger(t *testing.T) {
	_, c := start(t, 1)
	put := func(size int) error {
		_, err := c.PutRecord(t.Context(), &sdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: aws.String("k"), Data: make([]byte, size)})
		return err
	}
	arn := aws.String("arn:aws:kinesis:us-east-1:000000000000:stream/s")
	require.Equal(t, "ValidationException", code(put(2<<20)))
	_, err := c.UpdateMaxRecordSize(t.Context(), &sdk.UpdateMaxRecordSizeInput{StreamARN: arn, MaxRecordSizeInKiB: aws.Int32(10 << 10)})
	require.NoError(t, err)
	require.NoError(t, put(10<<20-1))
	require.Equal(t, "ValidationException", code(put(10<<20)), "with its key a byte more than 10 MiB")
	_, err = c.UpdateMaxRecordSize(t.Context(), &sdk.UpdateMaxRecordSizeInput{StreamARN: arn, MaxRecordSizeInKiB: aws.Int32(10<<10 + 1)})
	require.Equal(t, "ValidationException", code(err))
}

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html: the
// valid range begins at 1, as that of each list.
func TestNoneIsNoLimit(t *testing.T) {
	_, c := start(t, 1)
	ctx, name, none := t.Context(), aws.String("s"), aws.Int32(0)
	it, err := c.GetShardIterator(ctx, &sdk.GetShardIteratorInput{StreamName: name, ShardId: aws.String("shardId-000000000000"), ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	require.NoError(t, err)
	for operation, call := range map[string]func() error{
		"GetRecords": func() error {
			_, err := c.GetRecords(ctx, &sdk.GetRecordsInput{ShardIterator: it.ShardIterator, Limit: none})
			return err
		},
		"DescribeStream": func() error {
			_, err := c.DescribeStream(ctx, &sdk.DescribeStreamInput{StreamName: name, Limit: none})
			return err
		},
		"ListStreams": func() error { _, err := c.ListStreams(ctx, &sdk.ListStreamsInput{Limit: none}); return err },
		"ListShards": func() error {
			_, err := c.ListShards(ctx, &sdk.ListShardsInput{StreamName: name, MaxResults: none})
			return err
		},
		"ListStreamConsumers": func() error {
			_, err := c.ListStreamConsumers(ctx, &sdk.ListStreamConsumersInput{StreamARN: aws.String("arn:aws:kinesis:us-east-1:000000000000:stream/s"), MaxResults: none})
			return err
		},
		"ListTagsForStream": func() error {
			_, err := c.ListTagsForStream(ctx, &sdk.ListTagsForStreamInput{StreamName: name, Limit: none})
			return err
		},
	} {
		require.Equal(t, "ValidationException", code(call()), operation)
	}
}
