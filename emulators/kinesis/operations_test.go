package kinesis_test

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/kinesis"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// TestOperations holds the package to its operation table.
func TestOperations(t *testing.T) {
	config := configOf(kinesis.Handler(kinesis.New(kinesis.Config{})))
	operationtest.Check(t, config, func(c aws.Config) *sdk.Client { return sdk.NewFromConfig(c) }, actOnAll)
}

// actOnAll makes every implemented operation succeed once.
func actOnAll(t *testing.T, c *sdk.Client) {
	ctx, name := t.Context(), aws.String("operations")
	_, err := c.CreateStream(ctx, &sdk.CreateStreamInput{StreamName: name, ShardCount: aws.Int32(2)})
	require.NoError(t, err)
	_, err = c.DescribeStream(ctx, &sdk.DescribeStreamInput{StreamName: name})
	require.NoError(t, err)
	_, err = c.DescribeStreamSummary(ctx, &sdk.DescribeStreamSummaryInput{StreamName: name})
	require.NoError(t, err)
	_, err = c.ListStreams(ctx, &sdk.ListStreamsInput{})
	require.NoError(t, err)
	_, err = c.ListShards(ctx, &sdk.ListShardsInput{StreamName: name})
	require.NoError(t, err)
	put, err := c.PutRecord(ctx, &sdk.PutRecordInput{StreamName: name, PartitionKey: aws.String("k"), Data: []byte("1")})
	require.NoError(t, err)
	_, err = c.PutRecords(ctx, &sdk.PutRecordsInput{StreamName: name, Records: []types.PutRecordsRequestEntry{{PartitionKey: aws.String("k"), Data: []byte("2")}}})
	require.NoError(t, err)
	it, err := c.GetShardIterator(ctx, &sdk.GetShardIteratorInput{StreamName: name, ShardId: put.ShardId, ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	require.NoError(t, err)
	records, err := c.GetRecords(ctx, &sdk.GetRecordsInput{ShardIterator: it.ShardIterator})
	require.NoError(t, err)
	require.Len(t, records.Records, 2)
	_, err = c.DeleteStream(ctx, &sdk.DeleteStreamInput{StreamName: name})
	require.NoError(t, err)
}
