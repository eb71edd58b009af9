package kinesis_test

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/kinesis"
)

func shardIDs(t *testing.T, c *sdk.Client, filter *types.ShardFilter) []string {
	out, err := c.ListShards(t.Context(), &sdk.ListShardsInput{StreamName: aws.String("s"), ShardFilter: filter})
	require.NoError(t, err)
	var ids []string
	for _, sh := range out.Shards {
		ids = append(ids, (*sh.ShardId)[len("shardId-00000000000"):])
	}
	return ids
}

// TestASplitShardIsReadToItsEndAndThenItsChildren follows a reader over a split and
// a merge, and the shards as they come and go.
//
//	0 ─┬─ 1 ─┬─ 3
//	   └─ 2 ─┘
//
// AWS.md §3: split/merge give ChildShards.
func TestASplitShardIsReadToItsEndAndThenItsChildren(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c := start(t, 1)
		begin := time.Now()
		put(t, c, "a", "1")
		it, err := c.GetShardIterator(t.Context(), &sdk.GetShardIteratorInput{StreamName: aws.String("s"), ShardId: aws.String("shardId-000000000000"), ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
		require.NoError(t, err)
		got, err := c.GetRecords(t.Context(), &sdk.GetRecordsInput{ShardIterator: it.ShardIterator})
		require.NoError(t, err)
		require.NotNil(t, got.NextShardIterator, "an open shard has no end")

		time.Sleep(time.Hour)
		half := "170141183460469231731687303715884105728" // 2^127
		_, err = c.SplitShard(t.Context(), &sdk.SplitShardInput{StreamName: aws.String("s"), ShardToSplit: aws.String("shardId-000000000000"), NewStartingHashKey: &half})
		require.NoError(t, err)
		end, err := c.GetShardIterator(t.Context(), &sdk.GetShardIteratorInput{
			StreamName: aws.String("s"), ShardId: aws.String("shardId-000000000000"), ShardIteratorType: types.ShardIteratorTypeAfterSequenceNumber, StartingSequenceNumber: got.Records[0].SequenceNumber})
		require.NoError(t, err)
		last, err := c.GetRecords(t.Context(), &sdk.GetRecordsInput{ShardIterator: end.ShardIterator})
		require.NoError(t, err)
		require.Nil(t, last.NextShardIterator, "the end of a closed shard")
		require.Len(t, last.ChildShards, 2)
		require.Equal(t, []string{"shardId-000000000000"}, last.ChildShards[0].ParentShards)
		require.Equal(t, half, *last.ChildShards[1].HashKeyRange.StartingHashKey)
		// MD5 of "a" is in the lower half, of "b" in the upper.
		require.Equal(t, "shardId-000000000001", *put(t, c, "a", "2").ShardId)
		require.Equal(t, "shardId-000000000002", *put(t, c, "b", "3").ShardId)

		_, err = c.SplitShard(t.Context(), &sdk.SplitShardInput{StreamName: aws.String("s"), ShardToSplit: aws.String("shardId-000000000000"), NewStartingHashKey: &half})
		require.Equal(t, "InvalidArgumentException", code(err), "a closed shard")
		_, err = c.SplitShard(t.Context(), &sdk.SplitShardInput{StreamName: aws.String("s"), ShardToSplit: aws.String("shardId-000000000001"), NewStartingHashKey: &half})
		require.Equal(t, "InvalidArgumentException", code(err), "outside of the shard")

		time.Sleep(time.Hour)
		_, err = c.MergeShards(t.Context(), &sdk.MergeShardsInput{StreamName: aws.String("s"), ShardToMerge: aws.String("shardId-000000000002"), AdjacentShardToMerge: aws.String("shardId-000000000001")})
		require.NoError(t, err)
		require.Equal(t, "shardId-000000000003", *put(t, c, "a", "4").ShardId)
		all, err := c.DescribeStream(t.Context(), &sdk.DescribeStreamInput{StreamName: aws.String("s")})
		require.NoError(t, err)
		merged := all.StreamDescription.Shards[3]
		require.Equal(t, []string{"shardId-000000000002", "shardId-000000000001"}, []string{*merged.ParentShardId, *merged.AdjacentParentShardId})
		require.Nil(t, merged.SequenceNumberRange.EndingSequenceNumber)
		require.NotNil(t, all.StreamDescription.Shards[0].SequenceNumberRange.EndingSequenceNumber)

		require.Equal(t, []string{"0", "1", "2", "3"}, shardIDs(t, c, nil))
		require.Equal(t, []string{"3"}, shardIDs(t, c, &types.ShardFilter{Type: types.ShardFilterTypeAtLatest}))
		require.Equal(t, []string{"0"}, shardIDs(t, c, &types.ShardFilter{Type: types.ShardFilterTypeAtTrimHorizon}))
		require.Equal(t, []string{"2", "3"}, shardIDs(t, c, &types.ShardFilter{Type: types.ShardFilterTypeAfterShardId, ShardId: aws.String("shardId-000000000001")}))
		require.Equal(t, []string{"1", "2"}, shardIDs(t, c, &types.ShardFilter{Type: types.ShardFilterTypeAtTimestamp, Timestamp: aws.Time(begin.Add(90 * time.Minute))}))
		require.Equal(t, []string{"1", "2", "3"}, shardIDs(t, c, &types.ShardFilter{Type: types.ShardFilterTypeFromTimestamp, Timestamp: aws.Time(begin.Add(90 * time.Minute))}))
		time.Sleep(23*time.Hour + time.Minute)
		require.Equal(t, []string{"1", "2", "3"}, shardIDs(t, c, nil), "the first shard was closed longer ago than the retention")
	})
}

func TestListShardsPages(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		_, c := start(t, 5)
		var ids []string
		var token *string
		for pages := 1; ; pages++ {
			in := &sdk.ListShardsInput{MaxResults: aws.Int32(2), NextToken: token}
			if token == nil {
				in.StreamName = aws.String("s")
			}
			out, err := c.ListShards(t.Context(), in)
			require.NoError(t, err)
			for _, sh := range out.Shards {
				ids = append(ids, *sh.ShardId)
			}
			if out.NextToken == nil {
				require.Equal(t, 3, pages)
				break
			}
			token = out.NextToken
		}
		require.Len(t, ids, 5)
		time.Sleep(6 * time.Minute)
		_, err := c.ListShards(t.Context(), &sdk.ListShardsInput{NextToken: token})
		require.Equal(t, "ExpiredNextTokenException", code(err))
	})
}

// TestNextEndsWithTheShard: a mapping that waits at the end of a shard is told.
func TestNextEndsWithTheShard(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		state, c := start(t, 1)
		done := make(chan error)
		go func() {
			_, err := state.Next(t.Context(), "s", "shardId-000000000000", "", kinesis.Start{Position: "TRIM_HORIZON"}, 10)
			done <- err
		}()
		time.Sleep(time.Second)
		_, err := c.SplitShard(t.Context(), &sdk.SplitShardInput{StreamName: aws.String("s"), ShardToSplit: aws.String("shardId-000000000000"), NewStartingHashKey: aws.String("7")})
		require.NoError(t, err)
		require.ErrorIs(t, <-done, kinesis.ErrShardEnd)
	})
}
