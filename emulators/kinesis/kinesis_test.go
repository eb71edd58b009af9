package kinesis_test

import (
	"context"
	"errors"
	"math/big"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	sdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/kinesis"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func start(t *testing.T, shards int32) (*kinesis.State, *sdk.Client) {
	state := kinesis.New(kinesis.Config{})
	client := sdk.NewFromConfig(configOf(kinesis.Handler(state)))
	_, err := client.CreateStream(t.Context(), &sdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: &shards})
	require.NoError(t, err)
	return state, client
}

func configOf(h http.Handler) aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:  emulators.Direct{Handler: h},
		// An error is an answer here, not a reason to wait and try again.
		Retryer: func() aws.Retryer { return aws.NopRetryer{} },
	}
}

func code(err error) string {
	var api smithy.APIError
	if errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

func put(t *testing.T, c *sdk.Client, key, data string) *sdk.PutRecordOutput {
	out, err := c.PutRecord(t.Context(), &sdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: &key, Data: []byte(data)})
	require.NoError(t, err)
	return out
}

func read(t *testing.T, c *sdk.Client, in *sdk.GetShardIteratorInput) []string {
	in.StreamName = aws.String("s")
	it, err := c.GetShardIterator(t.Context(), in)
	require.NoError(t, err)
	out, err := c.GetRecords(t.Context(), &sdk.GetRecordsInput{ShardIterator: it.ShardIterator})
	require.NoError(t, err)
	data := []string{}
	for _, r := range out.Records {
		data = append(data, string(r.Data))
	}
	return data
}

// AWS.md §3: Shard = MD5(partition key) in a 128-bit hash range; ExplicitHashKey.
func TestARecordGoesToTheShardOfItsKeysMD5(t *testing.T) {
	_, c := start(t, 2)
	// MD5 of "a" is 0cc175b9…, in the lower half; of "b" 92eb5ffe…, in the upper.
	require.Equal(t, "shardId-000000000000", *put(t, c, "a", "1").ShardId)
	require.Equal(t, "shardId-000000000001", *put(t, c, "b", "2").ShardId)
	top := new(big.Int).Sub(new(big.Int).Lsh(big.NewInt(1), 128), big.NewInt(1)).String()
	out, err := c.PutRecord(t.Context(), &sdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: aws.String("a"), ExplicitHashKey: &top, Data: []byte("3")})
	require.NoError(t, err)
	require.Equal(t, "shardId-000000000001", *out.ShardId)
	shards, err := c.ListShards(t.Context(), &sdk.ListShardsInput{StreamName: aws.String("s")})
	require.NoError(t, err)
	require.Equal(t, "0", *shards.Shards[0].HashKeyRange.StartingHashKey)
	require.Equal(t, top, *shards.Shards[1].HashKeyRange.EndingHashKey)
}

// AWS.md §3: iterators AT_SEQUENCE_NUMBER … AT_TIMESTAMP, expiring after 5 min; retention 24 h default.
func TestFiveIterators(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c := start(t, 1)
		put(t, c, "k", "1")
		time.Sleep(time.Second)
		at := time.Now()
		second := put(t, c, "k", "2")
		put(t, c, "k", "3")
		shard := aws.String("shardId-000000000000")
		for _, x := range []struct {
			in   sdk.GetShardIteratorInput
			want []string
		}{
			{sdk.GetShardIteratorInput{ShardIteratorType: types.ShardIteratorTypeTrimHorizon}, []string{"1", "2", "3"}},
			{sdk.GetShardIteratorInput{ShardIteratorType: types.ShardIteratorTypeLatest}, []string{}},
			{sdk.GetShardIteratorInput{ShardIteratorType: types.ShardIteratorTypeAtSequenceNumber, StartingSequenceNumber: second.SequenceNumber}, []string{"2", "3"}},
			{sdk.GetShardIteratorInput{ShardIteratorType: types.ShardIteratorTypeAfterSequenceNumber, StartingSequenceNumber: second.SequenceNumber}, []string{"3"}},
			{sdk.GetShardIteratorInput{ShardIteratorType: types.ShardIteratorTypeAtTimestamp, Timestamp: &at}, []string{"2", "3"}},
		} {
			x.in.ShardId = shard
			require.Equal(t, x.want, read(t, c, &x.in), "%s", x.in.ShardIteratorType)
		}
		it, err := c.GetShardIterator(t.Context(), &sdk.GetShardIteratorInput{StreamName: aws.String("s"), ShardId: shard, ShardIteratorType: types.ShardIteratorTypeLatest})
		require.NoError(t, err)
		time.Sleep(5*time.Minute + time.Second)
		_, err = c.GetRecords(t.Context(), &sdk.GetRecordsInput{ShardIterator: it.ShardIterator})
		require.Equal(t, "ExpiredIteratorException", code(err))
		time.Sleep(24 * time.Hour)
		require.Empty(t, read(t, c, &sdk.GetShardIteratorInput{ShardId: shard, ShardIteratorType: types.ShardIteratorTypeTrimHorizon}), "24 h retention")
	})
}

// AWS.md §3: Record ≤ 1 MiB.
func TestRefusals(t *testing.T) {
	_, c := start(t, 1)
	_, err := c.CreateStream(t.Context(), &sdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: aws.Int32(1)})
	require.Equal(t, "ResourceInUseException", code(err))
	_, err = c.CreateStream(t.Context(), &sdk.CreateStreamInput{StreamName: aws.String("t"), StreamModeDetails: &types.StreamModeDetails{StreamMode: types.StreamModeOnDemand}})
	require.NoError(t, err)
	_, err = c.PutRecord(t.Context(), &sdk.PutRecordInput{StreamName: aws.String("no"), PartitionKey: aws.String("k"), Data: []byte("x")})
	require.Equal(t, "ResourceNotFoundException", code(err))
	_, err = c.PutRecord(t.Context(), &sdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: aws.String("k"), Data: make([]byte, 1<<20+1)})
	require.Equal(t, "ValidationException", code(err))
	_, err = c.PutRecord(t.Context(), &sdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: aws.String(strings.Repeat("k", 257)), Data: []byte("x")})
	require.Equal(t, "ValidationException", code(err))
	_, err = c.EnableEnhancedMonitoring(t.Context(), &sdk.EnableEnhancedMonitoringInput{StreamName: aws.String("s"), ShardLevelMetrics: []types.MetricsName{types.MetricsNameAll}})
	require.ErrorContains(t, err, "EnableEnhancedMonitoring is not implemented")
	_, err = c.SubscribeToShard(t.Context(), &sdk.SubscribeToShardInput{ConsumerARN: aws.String("c"), ShardId: aws.String("x"), StartingPosition: &types.StartingPosition{Type: types.ShardIteratorTypeLatest}})
	require.ErrorContains(t, err, "SubscribeToShard without a network connection is not implemented")
	_, err = c.PutRecord(t.Context(), &sdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: aws.String("k"), Data: []byte("x"), SequenceNumberForOrdering: aws.String("1")})
	require.ErrorContains(t, err, "ExclusiveMinimumSequenceNumber 1 used in PutRecord on stream s under account 000000000000 is invalid.")
}

func TestNextWaitsAndWakes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state, c := start(t, 1)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		go func() {
			time.Sleep(10 * time.Second)
			put(t, c, "k", "1")
			put(t, c, "k", "2")
		}()
		began := time.Now()
		records, err := state.Next(ctx, "s", "shardId-000000000000", "", kinesis.Start{Position: "TRIM_HORIZON"}, 10)
		require.NoError(t, err)
		require.Len(t, records, 2, "all of one instant")
		require.Equal(t, 10*time.Second+1, time.Since(began))
		_, err = state.Next(ctx, "s", "shardId-000000000000", records[1].SequenceNumber, kinesis.Start{}, 10)
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func FuzzIterator(f *testing.F) {
	state := kinesis.New(kinesis.Config{})
	state.CreateStream(f.Context(), &kinesis.CreateStreamInput{StreamName: "s", ShardCount: new(1)})
	f.Add("eyJTdHJlYW0iOiJzIn0=", "49000000000000000000000000000000000000000000000000000001")
	f.Fuzz(func(t *testing.T, iterator, sequence string) {
		state.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: iterator})
		state.GetShardIterator(t.Context(), &kinesis.GetShardIteratorInput{
			StreamRef: kinesis.StreamRef{StreamName: "s"}, ShardId: "shardId-000000000000", ShardIteratorType: "AT_SEQUENCE_NUMBER", StartingSequenceNumber: sequence})
	})
}

func TestStreamARNMustBeThatOfTheStream(t *testing.T) {
	state, _ := start(t, 1)
	_, err := state.CreateStream(t.Context(), &kinesis.CreateStreamInput{StreamName: "other", ShardCount: aws.Int(1)})
	require.NoError(t, err)
	const other = "arn:aws:kinesis:us-east-1:000000000000:stream/other"
	_, err = state.PutRecord(t.Context(), &kinesis.PutRecordInput{StreamName: "s", StreamARN: other, PartitionKey: "k"})
	require.ErrorContains(t, err, "is not that of stream s")
	at, err := state.GetShardIterator(t.Context(), &kinesis.GetShardIteratorInput{
		StreamRef: kinesis.StreamRef{StreamName: "s"}, ShardId: "shardId-000000000000", ShardIteratorType: "LATEST",
	})
	require.NoError(t, err)
	_, err = state.GetRecords(t.Context(), &kinesis.GetRecordsInput{ShardIterator: at.ShardIterator, StreamARN: other})
	require.ErrorContains(t, err, "is not that of stream s")
}
