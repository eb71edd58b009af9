package kinesis_test

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/synctest"

	"github.com/aws/aws-sdk-go-v2/aws"
	sdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/kinesis"
	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
	"github.com/shakedown-iot/shakedown/sim/memnet"
)

// TestOperations holds the package to its operation table: over a network because of
// SubscribeToShard, and in a bubble because of its five seconds.
func TestOperations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		var network memnet.Network
		listener, err := network.Listen("cloud:80")
		require.NoError(t, err)
		server := &httptest.Server{Listener: listener, Config: &http.Server{Handler: kinesis.Handler(kinesis.New(kinesis.Config{}))}}
		server.Start()
		transport := &http.Transport{DialContext: network.Dial}
		t.Cleanup(func() { // after the context's end, which ends a subscription that a failure left
			transport.CloseIdleConnections()
			server.Close()
		})
		config := configOf(nil)
		config.HTTPClient = &http.Client{Transport: transport}
		operationtest.Check(t, config, func(c aws.Config) *sdk.Client { return sdk.NewFromConfig(c) }, func(t *testing.T, c *sdk.Client) {
			actOnAll(t, c)
			actOnMembers(t, c)
			actOnAll(t, byARN(c))
		}, operationtest.Fields(nil))
	})
}

// actOnAll makes every implemented operation succeed once.
func actOnAll(t *testing.T, c *sdk.Client) {
	ctx, name := t.Context(), aws.String("operations")
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	_, err := c.CreateStream(ctx, &sdk.CreateStreamInput{StreamName: name, ShardCount: aws.Int32(2), Tags: map[string]string{"a": "1"}})
	must(err)
	list, err := c.ListStreams(ctx, &sdk.ListStreamsInput{})
	must(err)
	require.Equal(t, []string{*name}, list.StreamNames)
	put, err := c.PutRecord(ctx, &sdk.PutRecordInput{StreamName: name, PartitionKey: aws.String("k"), Data: []byte("1")})
	must(err)
	_, err = c.PutRecords(ctx, &sdk.PutRecordsInput{StreamName: name, Records: []types.PutRecordsRequestEntry{{PartitionKey: aws.String("k"), Data: []byte("2")}}})
	must(err)
	it, err := c.GetShardIterator(ctx, &sdk.GetShardIteratorInput{StreamName: name, ShardId: put.ShardId, ShardIteratorType: types.ShardIteratorTypeTrimHorizon})
	must(err)
	records, err := c.GetRecords(ctx, &sdk.GetRecordsInput{ShardIterator: it.ShardIterator})
	must(err)
	require.Len(t, records.Records, 2)
	description, err := c.DescribeStream(ctx, &sdk.DescribeStreamInput{StreamName: name})
	must(err)
	arn := description.StreamDescription.StreamARN
	actOnSettings(t, c, name)
	actOnTags(t, c, name, arn)
	actOnConsumers(t, c, arn, put.ShardId)
	actOnShards(t, c, name, arn)
	_, err = c.DeleteStream(ctx, &sdk.DeleteStreamInput{StreamName: name})
	must(err)
}

func actOnSettings(t *testing.T, c *sdk.Client, name *string) {
	ctx := t.Context()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	_, err := c.IncreaseStreamRetentionPeriod(ctx, &sdk.IncreaseStreamRetentionPeriodInput{StreamName: name, RetentionPeriodHours: aws.Int32(48)})
	must(err)
	_, err = c.IncreaseStreamRetentionPeriod(ctx, &sdk.IncreaseStreamRetentionPeriodInput{StreamName: name, RetentionPeriodHours: aws.Int32(24)})
	require.Equal(t, "InvalidArgumentException", code(err))
	_, err = c.DecreaseStreamRetentionPeriod(ctx, &sdk.DecreaseStreamRetentionPeriodInput{StreamName: name, RetentionPeriodHours: aws.Int32(36)})
	must(err)
	_, err = c.StartStreamEncryption(ctx, &sdk.StartStreamEncryptionInput{StreamName: name, EncryptionType: types.EncryptionTypeKms, KeyId: aws.String("alias/aws/kinesis")})
	must(err)
	_, err = c.UpdateMaxRecordSize(ctx, &sdk.UpdateMaxRecordSizeInput{StreamARN: aws.String("arn:aws:kinesis:us-east-1:000000000000:stream/operations"), MaxRecordSizeInKiB: aws.Int32(2048)})
	must(err)
	_, err = c.PutRecord(ctx, &sdk.PutRecordInput{StreamName: name, PartitionKey: aws.String("k"), Data: make([]byte, 1<<20+1)})
	must(err)
	summary, err := c.DescribeStreamSummary(ctx, &sdk.DescribeStreamSummaryInput{StreamName: name})
	must(err)
	require.Equal(t, int32(36), *summary.StreamDescriptionSummary.RetentionPeriodHours)
	require.Equal(t, types.EncryptionTypeKms, summary.StreamDescriptionSummary.EncryptionType)
	require.Equal(t, "alias/aws/kinesis", *summary.StreamDescriptionSummary.KeyId)
	_, err = c.StopStreamEncryption(ctx, &sdk.StopStreamEncryptionInput{StreamName: name, EncryptionType: types.EncryptionTypeKms, KeyId: aws.String("alias/aws/kinesis")})
	must(err)
	limits, err := c.DescribeLimits(ctx, &sdk.DescribeLimitsInput{})
	must(err)
	require.Equal(t, int32(2), *limits.OpenShardCount)
}

func actOnTags(t *testing.T, c *sdk.Client, name, arn *string) {
	ctx := t.Context()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	_, err := c.AddTagsToStream(ctx, &sdk.AddTagsToStreamInput{StreamName: name, Tags: map[string]string{"b": "2"}})
	must(err)
	_, err = c.TagResource(ctx, &sdk.TagResourceInput{ResourceARN: arn, Tags: map[string]string{"c": "3"}})
	must(err)
	page, err := c.ListTagsForStream(ctx, &sdk.ListTagsForStreamInput{StreamName: name, Limit: aws.Int32(2)})
	must(err)
	require.True(t, *page.HasMoreTags)
	require.Equal(t, []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}, page.Tags)
	_, err = c.RemoveTagsFromStream(ctx, &sdk.RemoveTagsFromStreamInput{StreamName: name, TagKeys: []string{"a"}})
	must(err)
	_, err = c.UntagResource(ctx, &sdk.UntagResourceInput{ResourceARN: arn, TagKeys: []string{"b"}})
	must(err)
	left, err := c.ListTagsForResource(ctx, &sdk.ListTagsForResourceInput{ResourceARN: arn})
	must(err)
	require.Equal(t, []types.Tag{{Key: aws.String("c"), Value: aws.String("3")}}, left.Tags)
}

// actOnConsumers registers a consumer and has it sent what is in a shard.
func actOnConsumers(t *testing.T, c *sdk.Client, arn, shard *string) {
	ctx := t.Context()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	made, err := c.RegisterStreamConsumer(ctx, &sdk.RegisterStreamConsumerInput{StreamARN: arn, ConsumerName: aws.String("fan")})
	must(err)
	consumer := made.Consumer.ConsumerARN
	_, err = c.RegisterStreamConsumer(ctx, &sdk.RegisterStreamConsumerInput{StreamARN: arn, ConsumerName: aws.String("fan")})
	require.Equal(t, "ResourceInUseException", code(err))
	list, err := c.ListStreamConsumers(ctx, &sdk.ListStreamConsumersInput{StreamARN: arn})
	must(err)
	require.Len(t, list.Consumers, 1)
	one, err := c.DescribeStreamConsumer(ctx, &sdk.DescribeStreamConsumerInput{ConsumerARN: consumer})
	must(err)
	require.Equal(t, types.ConsumerStatusActive, one.ConsumerDescription.ConsumerStatus)

	in := &sdk.SubscribeToShardInput{ConsumerARN: consumer, ShardId: shard, StartingPosition: &types.StartingPosition{Type: types.ShardIteratorTypeTrimHorizon}}
	subscribed, err := c.SubscribeToShard(ctx, in)
	must(err)
	stream := subscribed.GetStream()
	var data []string
	for len(data) < 2 {
		event, ok := <-stream.Events()
		require.True(t, ok, "%v", stream.Err())
		for _, r := range event.(*types.SubscribeToShardEventStreamMemberSubscribeToShardEvent).Value.Records {
			data = append(data, string(r.Data))
		}
	}
	require.Equal(t, []string{"1", "2"}, data[:2])
	_, err = c.SubscribeToShard(ctx, in)
	require.Equal(t, "ResourceInUseException", code(err), "within five seconds")
	must(stream.Close())
	_, err = c.DeregisterStreamConsumer(ctx, &sdk.DeregisterStreamConsumerInput{ConsumerARN: consumer})
	must(err)
}

// actOnShards splits, merges and scales, and reads over the seam.
func actOnShards(t *testing.T, c *sdk.Client, name, arn *string) {
	ctx := t.Context()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	_, err := c.SplitShard(ctx, &sdk.SplitShardInput{StreamName: name, ShardToSplit: aws.String("shardId-000000000000"), NewStartingHashKey: aws.String("1000")})
	must(err)
	_, err = c.MergeShards(ctx, &sdk.MergeShardsInput{StreamName: name, ShardToMerge: aws.String("shardId-000000000003"), AdjacentShardToMerge: aws.String("shardId-000000000001")})
	must(err)
	_, err = c.UpdateShardCount(ctx, &sdk.UpdateShardCountInput{StreamName: name, TargetShardCount: aws.Int32(3), ScalingType: types.ScalingTypeUniformScaling})
	must(err)
	open, err := c.ListShards(ctx, &sdk.ListShardsInput{StreamName: name, ShardFilter: &types.ShardFilter{Type: types.ShardFilterTypeAtLatest}})
	must(err)
	require.Len(t, open.Shards, 3)
	_, err = c.UpdateStreamMode(ctx, &sdk.UpdateStreamModeInput{StreamARN: arn, StreamModeDetails: &types.StreamModeDetails{StreamMode: types.StreamModeOnDemand}})
	must(err)
	_, err = c.UpdateShardCount(ctx, &sdk.UpdateShardCountInput{StreamName: name, TargetShardCount: aws.Int32(4), ScalingType: types.ScalingTypeUniformScaling})
	require.Equal(t, "ValidationException", code(err))
}
