package dynamodb

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	streamtypes "github.com/aws/aws-sdk-go-v2/service/dynamodbstreams/types"
	"github.com/stretchr/testify/require"
)

// streamed makes a table with a stream and answers the stream's ARN.
func streamed(t testing.TB, s *State, view types.StreamViewType) (*dynamodb.Client, *dynamodbstreams.Client, *string) {
	c := client(s)
	out, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("streamed"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: define("S", "p"), KeySchema: keys("p"),
		StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: view},
	})
	require.NoError(t, err)
	return c, dynamodbstreams.NewFromConfig(configOf(s)), out.TableDescription.LatestStreamArn
}

func putText(t testing.TB, c *dynamodb.Client, key, value string) {
	_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("streamed"), Item: item{"p": text(key), "v": text(value)}})
	require.NoError(t, err)
}

// shardOf is the one shard of a stream.
func shardOf(t testing.TB, c *dynamodbstreams.Client, arn *string) streamtypes.Shard {
	out, err := c.DescribeStream(t.Context(), &dynamodbstreams.DescribeStreamInput{StreamArn: arn})
	require.NoError(t, err)
	require.Len(t, out.StreamDescription.Shards, 1)
	return out.StreamDescription.Shards[0]
}

func iteratorFrom(t testing.TB, c *dynamodbstreams.Client, in *dynamodbstreams.GetShardIteratorInput) *string {
	in.ShardId = shardOf(t, c, in.StreamArn).ShardId
	out, err := c.GetShardIterator(t.Context(), in)
	require.NoError(t, err)
	return out.ShardIterator
}

// changes prints the records from an iterator on.
func changes(t testing.TB, c *dynamodbstreams.Client, it *string) (found []string, next *string) {
	out, err := c.GetRecords(t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: it})
	require.NoError(t, err)
	value := func(image map[string]streamtypes.AttributeValue) string {
		if v, ok := image["v"].(*streamtypes.AttributeValueMemberS); ok {
			return v.Value
		}
		return "-"
	}
	for _, r := range out.Records {
		key := r.Dynamodb.Keys["p"].(*streamtypes.AttributeValueMemberS).Value
		text := fmt.Sprint(r.EventName, " ", key, " ", value(r.Dynamodb.OldImage), " ", value(r.Dynamodb.NewImage))
		if r.UserIdentity != nil {
			text += " by " + *r.UserIdentity.PrincipalId
		}
		found = append(found, text)
	}
	return found, out.NextShardIterator
}

func TestStreamHasEveryChangeInOrder(t *testing.T) {
	ctx := t.Context()
	for view, want := range map[types.StreamViewType][]string{
		types.StreamViewTypeNewAndOldImages: {"INSERT a - 1", "MODIFY a 1 2", "REMOVE a 2 -", "INSERT b - 1"},
		types.StreamViewTypeNewImage:        {"INSERT a - 1", "MODIFY a - 2", "REMOVE a - -", "INSERT b - 1"},
		types.StreamViewTypeOldImage:        {"INSERT a - -", "MODIFY a 1 -", "REMOVE a 2 -", "INSERT b - -"},
		types.StreamViewTypeKeysOnly:        {"INSERT a - -", "MODIFY a - -", "REMOVE a - -", "INSERT b - -"},
	} {
		c, streams, arn := streamed(t, New(Config{}), view)
		putText(t, c, "a", "1")
		putText(t, c, "a", "2")
		putText(t, c, "a", "2") // changes nothing
		_, err := c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: aws.String("streamed"), Key: item{"p": text("a")}})
		require.NoError(t, err)
		latest := iteratorFrom(t, streams, &dynamodbstreams.GetShardIteratorInput{StreamArn: arn, ShardIteratorType: "LATEST"})
		putText(t, c, "b", "1")
		oldest := iteratorFrom(t, streams, &dynamodbstreams.GetShardIteratorInput{StreamArn: arn, ShardIteratorType: "TRIM_HORIZON"})
		found, next := changes(t, streams, oldest)
		require.Equal(t, want, found)
		found, _ = changes(t, streams, latest)
		require.Equal(t, want[3:], found)
		found, next = changes(t, streams, next)
		require.Empty(t, found)
		require.NotNil(t, next, "the shard is open")

		first, err := streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: oldest, Limit: aws.Int32(1)})
		require.NoError(t, err)
		after := iteratorFrom(t, streams, &dynamodbstreams.GetShardIteratorInput{StreamArn: arn, ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: first.Records[0].Dynamodb.SequenceNumber})
		found, _ = changes(t, streams, after)
		require.Equal(t, want[1:], found)
	}
}

func TestStreamEndsAndIsKeptForADay(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		c, streams, arn := streamed(t, New(Config{}), types.StreamViewTypeNewImage)
		set := func(on bool, view types.StreamViewType) (*string, error) {
			out, err := c.UpdateTable(ctx, &dynamodb.UpdateTableInput{TableName: aws.String("streamed"), StreamSpecification: &types.StreamSpecification{StreamEnabled: &on, StreamViewType: view}})
			if err != nil {
				return nil, err
			}
			return out.TableDescription.LatestStreamArn, nil
		}
		_, err := set(true, types.StreamViewTypeNewImage)
		refused(t, err, "ValidationException", "Table already has an enabled stream: TableName: streamed")
		putText(t, c, "a", "1")
		it := iteratorFrom(t, streams, &dynamodbstreams.GetShardIteratorInput{StreamArn: arn, ShardIteratorType: "TRIM_HORIZON"})
		_, err = set(false, "")
		require.NoError(t, err)
		putText(t, c, "a", "2")
		found, next := changes(t, streams, it)
		require.Equal(t, []string{"INSERT a - 1"}, found)
		require.Nil(t, next, "the shard has ended")
		require.NotNil(t, shardOf(t, streams, arn).SequenceNumberRange.EndingSequenceNumber)
		another, err := set(true, types.StreamViewTypeKeysOnly)
		require.NoError(t, err)
		require.NotEqual(t, *arn, *another, "though no time has passed")
		list, err := streams.ListStreams(ctx, &dynamodbstreams.ListStreamsInput{TableName: aws.String("streamed")})
		require.NoError(t, err)
		require.Len(t, list.Streams, 2)

		time.Sleep(15 * time.Minute)
		_, err = streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: it})
		var expired *streamtypes.ExpiredIteratorException
		require.ErrorAs(t, err, &expired)
		putText(t, c, "a", "3")
		first := shardOf(t, streams, another).SequenceNumberRange.StartingSequenceNumber
		time.Sleep(24 * time.Hour)
		putText(t, c, "a", "4")
		_, err = streams.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{StreamArn: another, ShardId: shardOf(t, streams, another).ShardId, ShardIteratorType: "AT_SEQUENCE_NUMBER", SequenceNumber: first})
		var gone *streamtypes.TrimmedDataAccessException
		require.ErrorAs(t, err, &gone)
		list, err = streams.ListStreams(ctx, &dynamodbstreams.ListStreamsInput{})
		require.NoError(t, err)
		require.Len(t, list.Streams, 1)
	})
}

// AWS.md §5: "TTL": the stream tells who has deleted the item.
func TestStreamTellsWhatExpired(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx := t.Context()
		c, streams, arn := streamed(t, New(Config{}), types.StreamViewTypeOldImage)
		_, err := c.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{TableName: aws.String("streamed"), TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("at"), Enabled: aws.Bool(true)}})
		require.NoError(t, err)
		_, err = c.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("streamed"), Item: item{"p": text("a"), "v": text("1"), "at": number(fmt.Sprint(time.Now().Add(time.Hour).Unix()))}})
		require.NoError(t, err)
		time.Sleep(time.Hour)
		found, _ := changes(t, streams, iteratorFrom(t, streams, &dynamodbstreams.GetShardIteratorInput{StreamArn: arn, ShardIteratorType: "TRIM_HORIZON"}))
		require.Equal(t, []string{"INSERT a - -", "REMOVE a 1 - by dynamodb.amazonaws.com"}, found)
	})
}

// A day of writes is more than there is memory for: the oldest records go before it.
func TestAStreamIsBounded(t *testing.T) {
	s := New(Config{})
	c, streams, arn := streamed(t, s, types.StreamViewTypeNewImage)
	s.streams[*arn].most = 500 // new items take 132 each here, a change 136
	old := iteratorFrom(t, streams, &dynamodbstreams.GetShardIteratorInput{StreamArn: arn, ShardIteratorType: "TRIM_HORIZON"})
	for _, key := range []string{"a", "b", "c", "d"} {
		putText(t, c, key, "1")
	}
	found, _ := changes(t, streams, iteratorFrom(t, streams, &dynamodbstreams.GetShardIteratorInput{StreamArn: arn, ShardIteratorType: "TRIM_HORIZON"}))
	require.Equal(t, []string{"INSERT b - 1", "INSERT c - 1", "INSERT d - 1"}, found)
	_, err := streams.GetRecords(t.Context(), &dynamodbstreams.GetRecordsInput{ShardIterator: old})
	refused(t, err, "TrimmedDataAccessException", "The operation attempted to read past the oldest stream record in a shard")
	putText(t, c, "d", "2")
	found, _ = changes(t, streams, iteratorFrom(t, streams, &dynamodbstreams.GetShardIteratorInput{StreamArn: arn, ShardIteratorType: "TRIM_HORIZON"}))
	require.Equal(t, []string{"INSERT c - 1", "INSERT d - 1", "MODIFY d - 2"}, found)
}

func TestStreamRefuses(t *testing.T) {
	ctx := t.Context()
	_, streams, arn := streamed(t, New(Config{}), types.StreamViewTypeOldImage)
	_, err := streams.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: aws.String(*arn + "0")})
	require.ErrorContains(t, err, "ResourceNotFoundException")
	_, err = streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{ShardIterator: aws.String("none")})
	require.ErrorContains(t, err, "Invalid ShardIterator")
	_, err = streams.GetShardIterator(ctx, &dynamodbstreams.GetShardIteratorInput{StreamArn: arn, ShardId: shardOf(t, streams, arn).ShardId, ShardIteratorType: "AT_SEQUENCE_NUMBER"})
	require.ErrorContains(t, err, "SequenceNumber is required")
	_, err = client(New(Config{})).CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: aws.String("streamed"), BillingMode: types.BillingModePayPerRequest, AttributeDefinitions: define("S", "p"), KeySchema: keys("p"),
		StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true)},
	})
	refused(t, err, "ValidationException", "One or more parameter values were invalid: Table is being created with a stream enabled, UpdateViewType is required")
}
