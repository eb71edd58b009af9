package kinesis_test

import (
	"encoding/base64"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/kinesis"
)

// A hash key is 0 to 2^128-1, in digits.
// AWS.md §3: Shard = MD5(partition key) in a 128-bit hash range; `ExplicitHashKey`.
func TestExplicitHashKeysHaveBounds(t *testing.T) {
	_, c := start(t, 2)
	for key, want := range map[string]string{
		"0": "shardId-000000000000",
		"170141183460469231731687303715884105727": "shardId-000000000000",
		"170141183460469231731687303715884105728": "shardId-000000000001",
		"340282366920938463463374607431768211455": "shardId-000000000001",
		"340282366920938463463374607431768211456": "InvalidArgumentException",
		"-1": "ValidationException", "+1": "ValidationException", "01": "ValidationException", "x": "ValidationException",
		"1000000000000000000000000000000000000000": "ValidationException", // 40 digits
	} {
		out, err := c.PutRecord(t.Context(), &sdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: aws.String("k"), Data: []byte("x"), ExplicitHashKey: &key})
		if err != nil {
			require.Equal(t, want, code(err), key)
			continue
		}
		require.Equal(t, want, *out.ShardId, key)
	}
}

// Both children of a split have more than one hash key, and a merge's parents lie
// side by side and are open.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_SplitShard.html
func TestSplitsAndMergesHaveEdges(t *testing.T) {
	_, c := start(t, 3)
	split := func(id, at string) error {
		_, err := c.SplitShard(t.Context(), &sdk.SplitShardInput{StreamName: aws.String("s"), ShardToSplit: aws.String("shardId-00000000000" + id), NewStartingHashKey: &at})
		return err
	}
	merge := func(a, b string) error {
		_, err := c.MergeShards(t.Context(), &sdk.MergeShardsInput{StreamName: aws.String("s"), ShardToMerge: aws.String("shardId-00000000000" + a), AdjacentShardToMerge: aws.String("shardId-00000000000" + b)})
		return err
	}
	const end = "113427455640312821154458202477256070484"
	for _, at := range []string{"0", "1", end, "113427455640312821154458202477256070485"} {
		require.ErrorContains(t, split("0", at), "InvalidArgumentException: NewStartingHashKey "+at+" used in SplitShard() on shard shardId-000000000000 in stream s under account 000000000000"+
			" is not both greater than one plus the shard's StartingHashKey 0 and less than the shard's EndingHashKey "+end+".")
	}
	require.Equal(t, "ValidationException", code(split("0", "sth")))
	require.Equal(t, "ResourceNotFoundException", code(split("9", "2")))
	require.ErrorContains(t, merge("0", "2"), "are not an adjacent pair of shards eligible for merging")
	require.Equal(t, "InvalidArgumentException", code(merge("1", "1")))
	require.Equal(t, "ResourceNotFoundException", code(merge("0", "9")))
	require.NoError(t, split("0", "2"))
	require.ErrorContains(t, merge("0", "1"), "has already been merged or split")
	require.NoError(t, merge("1", "4"), "in either order")
}

// What a position does not use is refused, and a time must have been.
func TestPositionsHaveWhatTheirTypeNeeds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c := start(t, 1)
		number := put(t, c, "k", "x").SequenceNumber
		for want, in := range map[string]sdk.GetShardIteratorInput{
			"Request specified AT_SEQUENCE_NUMBER and no StartingSequenceNumber.":     {ShardIteratorType: "AT_SEQUENCE_NUMBER"},
			"Request specified LATEST and also a StartingSequenceNumber.":             {ShardIteratorType: "LATEST", StartingSequenceNumber: number},
			"Must specify timestamp parameter for iterator of type AT_TIMESTAMP.":     {ShardIteratorType: "AT_TIMESTAMP"},
			"Timestamp is for iterators of type AT_TIMESTAMP, not TRIM_HORIZON.":      {ShardIteratorType: "TRIM_HORIZON", Timestamp: aws.Time(time.Now())},
			"The timestampInMillis parameter cannot be greater than the currentTimes": {ShardIteratorType: "AT_TIMESTAMP", Timestamp: aws.Time(time.Now().Add(time.Second))},
			"Value 'x' at 'shardIteratorType' failed to satisfy constraint":           {ShardIteratorType: "x"},
		} {
			in.StreamName, in.ShardId = aws.String("s"), aws.String("shardId-000000000000")
			_, err := c.GetShardIterator(t.Context(), &in)
			require.ErrorContains(t, err, want)
		}
		for _, f := range []types.ShardFilter{{Type: "AT_LATEST", ShardId: aws.String("x")}, {Type: "AFTER_SHARD_ID", ShardId: aws.String("x"), Timestamp: aws.Time(time.Now())}, {Type: "AFTER_SHARD_ID"}, {Type: "FROM_TIMESTAMP"}} {
			_, err := c.ListShards(t.Context(), &sdk.ListShardsInput{StreamName: aws.String("s"), ShardFilter: &f})
			require.Equal(t, "InvalidArgumentException", code(err), f.Type)
		}
	})
}

// A token goes on where a list ended, for that stream alone.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html
func TestATokenStandsAlone(t *testing.T) {
	_, c := start(t, 2)
	page, err := c.ListShards(t.Context(), &sdk.ListShardsInput{StreamName: aws.String("s"), MaxResults: aws.Int32(1)})
	require.NoError(t, err)
	for _, in := range []sdk.ListShardsInput{
		{StreamName: aws.String("s")}, {ExclusiveStartShardId: aws.String("shardId-000000000000")},
		{StreamCreationTimestamp: aws.Time(time.Now())}, {ShardFilter: &types.ShardFilter{Type: "AT_LATEST"}},
	} {
		in.NextToken = page.NextToken
		_, err := c.ListShards(t.Context(), &in)
		require.Equal(t, "InvalidArgumentException", code(err))
	}
	rest, err := c.ListShards(t.Context(), &sdk.ListShardsInput{NextToken: page.NextToken})
	require.NoError(t, err)
	require.Len(t, rest.Shards, 1)
	require.Nil(t, rest.NextToken)
}

// An iterator that was not given out reads nothing, and breaks nothing.
func TestAForgedIteratorReadsNothing(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c := start(t, 1)
		put(t, c, "k", "x")
		it, err := c.GetShardIterator(t.Context(), &sdk.GetShardIteratorInput{StreamName: aws.String("s"), ShardId: aws.String("shardId-000000000000"), ShardIteratorType: types.ShardIteratorTypeLatest})
		require.NoError(t, err)
		given, err := base64.StdEncoding.DecodeString(*it.ShardIterator)
		require.NoError(t, err)
		forged := base64.StdEncoding.EncodeToString([]byte(strings.Replace(string(given), `"Next":2`, `"Next":18446744073709551615`, 1)))
		out, err := c.GetRecords(t.Context(), &sdk.GetRecordsInput{ShardIterator: &forged})
		require.NoError(t, err)
		require.Empty(t, out.Records)
	})
}

// A producer goes on with the number of its last record after the key's shard was
// split: numbers of its children are larger.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html
func TestAnOrderGoesOnAfterASplit(t *testing.T) {
	_, c := start(t, 1)
	before := put(t, c, "a", "1").SequenceNumber
	_, err := c.SplitShard(t.Context(), &sdk.SplitShardInput{StreamName: aws.String("s"), ShardToSplit: aws.String("shardId-000000000000"), NewStartingHashKey: aws.String("170141183460469231731687303715884105728")})
	require.NoError(t, err)
	after, err := c.PutRecord(t.Context(), &sdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: aws.String("a"), Data: []byte("2"), SequenceNumberForOrdering: before})
	require.NoError(t, err)
	require.Greater(t, *after.SequenceNumber, *before)
}

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_IncreaseStreamRetentionPeriod.html
// AWS.md §3: retention 24 h default.
func TestRetentionHasEdges(t *testing.T) {
	_, c := start(t, 1)
	longer := func(hours int32) error {
		_, err := c.IncreaseStreamRetentionPeriod(t.Context(), &sdk.IncreaseStreamRetentionPeriodInput{StreamName: aws.String("s"), RetentionPeriodHours: &hours})
		return err
	}
	shorter := func(hours int32) error {
		_, err := c.DecreaseStreamRetentionPeriod(t.Context(), &sdk.DecreaseStreamRetentionPeriodInput{StreamName: aws.String("s"), RetentionPeriodHours: &hours})
		return err
	}
	require.ErrorContains(t, longer(8761), "Maximum allowed retention period is 8760 hours. Requested retention period (8761 hours) is too long.")
	require.ErrorContains(t, shorter(23), "Minimum allowed retention period is 24 hours. Requested retention period (23 hours) is too short.")
	require.ErrorContains(t, shorter(25), "for stream s can not be longer than existing retention period (24 hours). Use IncreaseRetentionPeriod API.")
	require.NoError(t, longer(8760))
	require.ErrorContains(t, longer(8759), "for stream s can not be shorter than existing retention period (8760 hours). Use DecreaseRetentionPeriod API.")
	require.NoError(t, shorter(24))
}

// Names of what lies elsewhere are not found here.
func TestAnARNOfAnotherAccountIsNotFound(t *testing.T) {
	_, c := start(t, 1)
	for _, arn := range []string{"arn:aws:kinesis:us-east-1:123456789012:stream/s", "arn:aws:kinesis:eu-west-1:000000000000:stream/s"} {
		_, err := c.DescribeStreamSummary(t.Context(), &sdk.DescribeStreamSummaryInput{StreamARN: &arn})
		require.Equal(t, "ResourceNotFoundException", code(err))
	}
}

// A shard gives out five iterators a second.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html
func TestIteratorsAreThrottled(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := enforcing(t)
		in := &sdk.GetShardIteratorInput{StreamName: aws.String("s"), ShardId: aws.String("shardId-000000000000"), ShardIteratorType: "LATEST"}
		for range 5 {
			_, err := c.GetShardIterator(t.Context(), in)
			require.NoError(t, err)
		}
		_, err := c.GetShardIterator(t.Context(), in)
		require.Equal(t, "ProvisionedThroughputExceededException", code(err))
		time.Sleep(time.Second)
		_, err = c.GetShardIterator(t.Context(), in)
		require.NoError(t, err)
	})
}

// A place in a stream that was deleted is none in one that has its name: whoever goes on
// there would miss the new stream's first records without a word.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html
func TestAPlaceInADeletedStreamIsNoneInTheNext(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state, c := start(t, 1)
		put(t, c, "k", "old")
		old := put(t, c, "k", "old").SequenceNumber
		it, err := c.GetShardIterator(t.Context(), &sdk.GetShardIteratorInput{StreamName: aws.String("s"), ShardId: aws.String("shardId-000000000000"), ShardIteratorType: types.ShardIteratorTypeLatest})
		require.NoError(t, err)
		_, err = c.DeleteStream(t.Context(), &sdk.DeleteStreamInput{StreamName: aws.String("s")})
		require.NoError(t, err)
		time.Sleep(time.Second)
		_, err = c.CreateStream(t.Context(), &sdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: aws.Int32(1)})
		require.NoError(t, err)
		put(t, c, "k", "new")
		const wrong = "is invalid because it did not come from this stream."
		_, err = c.GetShardIterator(t.Context(), &sdk.GetShardIteratorInput{
			StreamName: aws.String("s"), ShardId: aws.String("shardId-000000000000"), ShardIteratorType: types.ShardIteratorTypeAfterSequenceNumber, StartingSequenceNumber: old})
		require.Equal(t, "InvalidArgumentException", code(err))
		require.ErrorContains(t, err, wrong)
		_, err = state.Next(t.Context(), "s", "shardId-000000000000", *old, kinesis.Start{}, 10)
		require.ErrorContains(t, err, wrong)
		_, err = c.GetRecords(t.Context(), &sdk.GetRecordsInput{ShardIterator: it.ShardIterator})
		require.ErrorContains(t, err, "InvalidArgumentException: Invalid ShardIterator.")
		_, err = c.PutRecord(t.Context(), &sdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: aws.String("k"), Data: []byte("x"), SequenceNumberForOrdering: old})
		require.Equal(t, "InvalidArgumentException", code(err))
	})
}

// A list begins behind a shard id, of a shard that there is or not, as long as it is one.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStream.html
func TestAListBeginsBehindAShardID(t *testing.T) {
	_, c := start(t, 2)
	for after, want := range map[string]int{"shardId-000000000000": 1, "shardId-000000000007": 0, "a": 2} {
		described, err := c.DescribeStream(t.Context(), &sdk.DescribeStreamInput{StreamName: aws.String("s"), ExclusiveStartShardId: &after})
		require.NoError(t, err)
		require.Len(t, described.StreamDescription.Shards, want, after)
	}
	for _, wrong := range []string{"shard/0", strings.Repeat("x", 129)} {
		_, err := c.DescribeStream(t.Context(), &sdk.DescribeStreamInput{StreamName: aws.String("s"), ExclusiveStartShardId: &wrong})
		require.Equal(t, "ValidationException", code(err))
		_, err = c.ListShards(t.Context(), &sdk.ListShardsInput{StreamName: aws.String("s"), ExclusiveStartShardId: &wrong})
		require.Equal(t, "ValidationException", code(err))
		_, err = c.ListShards(t.Context(), &sdk.ListShardsInput{StreamName: aws.String("s"), ShardFilter: &types.ShardFilter{Type: types.ShardFilterTypeAfterShardId, ShardId: &wrong}})
		require.Equal(t, "ValidationException", code(err))
	}
}

// A longer retention does not bring back what has expired, whether somebody has looked since
// or not: neither records nor shards.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_IncreaseStreamRetentionPeriod.html
func TestALongerRetentionBringsNothingBack(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c := start(t, 2)
		put(t, c, "a", "old")
		_, err := c.SplitShard(t.Context(), &sdk.SplitShardInput{StreamName: aws.String("s"), ShardToSplit: aws.String("shardId-000000000001"), NewStartingHashKey: aws.String("300000000000000000000000000000000000000")})
		require.NoError(t, err)
		time.Sleep(25 * time.Hour)
		_, err = c.IncreaseStreamRetentionPeriod(t.Context(), &sdk.IncreaseStreamRetentionPeriodInput{StreamName: aws.String("s"), RetentionPeriodHours: aws.Int32(48)})
		require.NoError(t, err)
		put(t, c, "a", "new")
		require.Equal(t, []string{"new"}, read(t, c, &sdk.GetShardIteratorInput{ShardId: aws.String("shardId-000000000000"), ShardIteratorType: types.ShardIteratorTypeTrimHorizon}))
		require.Equal(t, []string{"0", "2", "3"}, shardIDs(t, c, nil))
	})
}
