package kinesis_test

import (
	"context"
	"reflect"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/aws/smithy-go/middleware"
	"github.com/stretchr/testify/require"
)

// byARN is the client with each stream named by its ARN.
func byARN(c *sdk.Client) *sdk.Client {
	named := func(ctx context.Context, in middleware.InitializeInput, next middleware.InitializeHandler) (middleware.InitializeOutput, middleware.Metadata, error) {
		v := reflect.ValueOf(in.Parameters).Elem()
		if arn := v.FieldByName("StreamARN"); arn.IsValid() {
			if name := v.FieldByName("StreamName"); name.IsValid() && !name.IsNil() {
				arn.Set(reflect.ValueOf(aws.String(streamARN(name.Elem().String()))))
				name.SetZero()
			}
		}
		return next.HandleInitialize(ctx, in)
	}
	return sdk.New(c.Options(), func(o *sdk.Options) {
		o.APIOptions = append(o.APIOptions, func(stack *middleware.Stack) error {
			return stack.Initialize.Add(middleware.InitializeMiddlewareFunc("ByARN", named), middleware.Before)
		})
	})
}

func streamARN(name string) string { return "arn:aws:kinesis:us-east-1:000000000000:stream/" + name }

// actOnMembers uses what else the inputs have.
func actOnMembers(t *testing.T, c *sdk.Client) {
	ctx, name, arn := t.Context(), aws.String("members"), aws.String(streamARN("members"))
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	_, err := c.CreateStream(ctx, &sdk.CreateStreamInput{StreamName: aws.String("a"), StreamModeDetails: &types.StreamModeDetails{StreamMode: types.StreamModeOnDemand}, MaxRecordSizeInKiB: aws.Int32(2048)})
	must(err)
	_, err = c.CreateStream(ctx, &sdk.CreateStreamInput{StreamName: name, ShardCount: aws.Int32(2)})
	must(err)
	listMembers(t, c, name, arn)
	putAndGetMembers(t, c, name, arn)
	consumerMembers(t, c, arn)
	_, err = c.DeleteStream(ctx, &sdk.DeleteStreamInput{StreamName: name})
	require.Equal(t, "ResourceInUseException", code(err), "it has consumers")
	_, err = c.DeleteStream(ctx, &sdk.DeleteStreamInput{StreamName: name, EnforceConsumerDeletion: aws.Bool(true)})
	must(err)
	_, err = c.DeleteStream(ctx, &sdk.DeleteStreamInput{StreamName: aws.String("a")})
	must(err)
}

func listMembers(t *testing.T, c *sdk.Client, name, arn *string) {
	ctx := t.Context()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	first, err := c.ListStreams(ctx, &sdk.ListStreamsInput{Limit: aws.Int32(1)})
	must(err)
	require.Equal(t, []string{"a"}, first.StreamNames)
	for _, in := range []*sdk.ListStreamsInput{{NextToken: first.NextToken}, {ExclusiveStartStreamName: aws.String("a")}} {
		rest, err := c.ListStreams(ctx, in)
		must(err)
		require.Equal(t, []string{"members"}, rest.StreamNames)
	}
	described, err := c.DescribeStream(ctx, &sdk.DescribeStreamInput{StreamName: name, Limit: aws.Int32(1)})
	must(err)
	require.Len(t, described.StreamDescription.Shards, 1)
	require.True(t, *described.StreamDescription.HasMoreShards)
	last := described.StreamDescription.Shards[0].ShardId
	described, err = c.DescribeStream(ctx, &sdk.DescribeStreamInput{StreamName: name, ExclusiveStartShardId: last})
	must(err)
	require.Equal(t, "shardId-000000000001", *described.StreamDescription.Shards[0].ShardId)
	made := described.StreamDescription.StreamCreationTimestamp
	shards, err := c.ListShards(ctx, &sdk.ListShardsInput{StreamName: name, MaxResults: aws.Int32(1), StreamCreationTimestamp: made})
	must(err)
	require.Len(t, shards.Shards, 1)
	for _, in := range []*sdk.ListShardsInput{{NextToken: shards.NextToken}, {StreamName: name, ExclusiveStartShardId: last},
		{StreamName: name, ShardFilter: &types.ShardFilter{Type: types.ShardFilterTypeAfterShardId, ShardId: last}}} {
		rest, err := c.ListShards(ctx, in)
		must(err)
		require.Equal(t, "shardId-000000000001", *rest.Shards[0].ShardId)
	}
	all, err := c.ListShards(ctx, &sdk.ListShardsInput{StreamARN: arn, ShardFilter: &types.ShardFilter{Type: types.ShardFilterTypeAtTimestamp, Timestamp: aws.Time(time.Now())}})
	must(err)
	require.Len(t, all.Shards, 2)
	_, err = c.AddTagsToStream(ctx, &sdk.AddTagsToStreamInput{StreamName: name, Tags: map[string]string{"a": "1", "b": "2"}})
	must(err)
	tags, err := c.ListTagsForStream(ctx, &sdk.ListTagsForStreamInput{StreamName: name, ExclusiveStartTagKey: aws.String("a")})
	must(err)
	require.Equal(t, []types.Tag{{Key: aws.String("b"), Value: aws.String("2")}}, tags.Tags)
}

func putAndGetMembers(t *testing.T, c *sdk.Client, name, arn *string) {
	ctx, high := t.Context(), aws.String("340282366920938463463374607431768211455")
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	one, err := c.PutRecord(ctx, &sdk.PutRecordInput{StreamName: name, PartitionKey: aws.String("k"), Data: []byte("1"), ExplicitHashKey: high})
	must(err)
	require.Equal(t, "shardId-000000000001", *one.ShardId)
	time.Sleep(time.Second)
	_, err = c.PutRecord(ctx, &sdk.PutRecordInput{StreamName: name, PartitionKey: aws.String("k"), Data: []byte("2"), ExplicitHashKey: high, SequenceNumberForOrdering: one.SequenceNumber})
	must(err)
	_, err = c.PutRecords(ctx, &sdk.PutRecordsInput{StreamName: name, Records: []types.PutRecordsRequestEntry{{PartitionKey: aws.String("k"), Data: []byte("3"), ExplicitHashKey: high}}})
	must(err)
	for _, in := range []*sdk.GetShardIteratorInput{
		{ShardIteratorType: types.ShardIteratorTypeAfterSequenceNumber, StartingSequenceNumber: one.SequenceNumber},
		{ShardIteratorType: types.ShardIteratorTypeAtTimestamp, Timestamp: aws.Time(time.Now())},
	} {
		in.StreamName, in.ShardId = name, one.ShardId
		it, err := c.GetShardIterator(ctx, in)
		must(err)
		got, err := c.GetRecords(ctx, &sdk.GetRecordsInput{ShardIterator: it.ShardIterator, StreamARN: arn, Limit: aws.Int32(1)})
		must(err)
		require.Len(t, got.Records, 1)
		require.Equal(t, "2", string(got.Records[0].Data))
	}
}

func consumerMembers(t *testing.T, c *sdk.Client, arn *string) {
	ctx := t.Context()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	made := []*string{}
	for _, name := range []string{"x", "y"} {
		out, err := c.RegisterStreamConsumer(ctx, &sdk.RegisterStreamConsumerInput{StreamARN: arn, ConsumerName: &name, Tags: map[string]string{"team": name}})
		must(err)
		made = append(made, out.Consumer.ConsumerARN)
	}
	tags, err := c.ListTagsForResource(ctx, &sdk.ListTagsForResourceInput{ResourceARN: made[0]})
	must(err)
	require.Equal(t, []types.Tag{{Key: aws.String("team"), Value: aws.String("x")}}, tags.Tags)
	stream, err := c.DescribeStreamSummary(ctx, &sdk.DescribeStreamSummaryInput{StreamARN: arn})
	must(err)
	page, err := c.ListStreamConsumers(ctx, &sdk.ListStreamConsumersInput{StreamARN: arn, MaxResults: aws.Int32(1), StreamCreationTimestamp: stream.StreamDescriptionSummary.StreamCreationTimestamp})
	must(err)
	require.Len(t, page.Consumers, 1)
	page, err = c.ListStreamConsumers(ctx, &sdk.ListStreamConsumersInput{StreamARN: arn, NextToken: page.NextToken})
	must(err)
	require.Equal(t, "y", *page.Consumers[0].ConsumerName)
	one, err := c.DescribeStreamConsumer(ctx, &sdk.DescribeStreamConsumerInput{StreamARN: arn, ConsumerName: aws.String("x")})
	must(err)
	require.Equal(t, made[0], one.ConsumerDescription.ConsumerARN)
	first, last := "", ""
	for _, start := range []*types.StartingPosition{
		{Type: types.ShardIteratorTypeAtTimestamp, Timestamp: aws.Time(time.Now().Add(-time.Minute))},
		{Type: types.ShardIteratorTypeAfterSequenceNumber, SequenceNumber: &first},
	} {
		out, err := c.SubscribeToShard(ctx, &sdk.SubscribeToShardInput{ConsumerARN: made[0], ShardId: aws.String("shardId-000000000001"), StartingPosition: start})
		must(err)
		event := (<-out.GetStream().Events()).(*types.SubscribeToShardEventStreamMemberSubscribeToShardEvent)
		last = string(event.Value.Records[0].Data)
		first = *event.Value.Records[0].SequenceNumber
		must(out.GetStream().Close())
		time.Sleep(6 * time.Second) // one may subscribe again after five
	}
	require.Equal(t, "2", last, "behind the first")
	_, err = c.DeregisterStreamConsumer(ctx, &sdk.DeregisterStreamConsumerInput{StreamARN: arn, ConsumerName: aws.String("x")})
	must(err)
}
