package dynamodb

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

// forum makes a table with a local index by time, as in
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LSI.html
func forum(t *testing.T) *dynamodb.Client {
	c := client(New(Config{}))
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("thread"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: append(define("S", "forum", "subject"), define("N", "last")...), KeySchema: keys("forum", "subject"),
		LocalSecondaryIndexes: []types.LocalSecondaryIndex{{
			IndexName: aws.String("by-last"), KeySchema: keys("forum", "last"),
			Projection: &types.Projection{ProjectionType: "INCLUDE", NonKeyAttributes: []string{"replies"}},
		}},
	})
	require.NoError(t, err)
	for i, subject := range []string{"a", "b", "c", "d"} {
		it := map[string]any{"forum": "S3", "subject": subject, "replies": i, "body": "text " + subject}
		if subject != "c" {
			it["last"] = 10 - i
		}
		_, err := c.PutItem(t.Context(), &dynamodb.PutItemInput{TableName: aws.String("thread"), Item: marshal(t, it)})
		require.NoError(t, err)
	}
	return c
}

func threads(in *dynamodb.QueryInput) *dynamodb.QueryInput {
	in.TableName, in.IndexName = aws.String("thread"), aws.String("by-last")
	in.KeyConditionExpression = aws.String("forum = :f AND #last > :t")
	in.ExpressionAttributeNames = map[string]string{"#last": "last"}
	in.ExpressionAttributeValues = item{":f": text("S3"), ":t": number("0")}
	return in
}

func TestLocalIndexReadsTheTableForTheRest(t *testing.T) {
	ctx, c := t.Context(), forum(t)
	read := func(in *dynamodb.QueryInput) (found []string) {
		out, err := c.Query(ctx, threads(in))
		require.NoError(t, err)
		for _, it := range out.Items {
			found = append(found, fmt.Sprint(unmarshal(t, it)))
		}
		return found
	}
	require.Equal(t, []string{"map[forum:S3 last:7 replies:3 subject:d]", "map[forum:S3 last:9 replies:1 subject:b]", "map[forum:S3 last:10 replies:0 subject:a]"},
		read(&dynamodb.QueryInput{ConsistentRead: aws.Bool(true)}), "sparse, in the order of last, what is projected")
	require.Equal(t, []string{"map[body:text d]", "map[body:text b]", "map[body:text a]"}, read(&dynamodb.QueryInput{ProjectionExpression: aws.String("body")}))
	require.Equal(t, "map[body:text a forum:S3 last:10 replies:0 subject:a]",
		read(&dynamodb.QueryInput{Select: types.SelectAllAttributes, ScanIndexForward: aws.Bool(false), Limit: aws.Int32(1)})[0])

	_, err := c.Query(ctx, threads(&dynamodb.QueryInput{FilterExpression: aws.String("attribute_exists(body)")}))
	refused(t, err, "ValidationException", "One or more parameter values were invalid: Local secondary index by-last does not project [body]")
	out, err := c.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String("thread")})
	require.NoError(t, err)
	require.EqualValues(t, 3, *out.Table.LocalSecondaryIndexes[0].ItemCount)
	require.Empty(t, out.Table.GlobalSecondaryIndexes)
}

// alter sends an UpdateTable to the table of forum.
func alter(t *testing.T, c *dynamodb.Client, in *dynamodb.UpdateTableInput) (*types.TableDescription, error) {
	in.TableName = aws.String("thread")
	out, err := c.UpdateTable(t.Context(), in)
	if err != nil {
		return nil, err
	}
	require.Equal(t, types.TableStatusUpdating, out.TableDescription.TableStatus)
	for _, i := range out.TableDescription.GlobalSecondaryIndexes {
		want := types.IndexStatusActive
		if in.GlobalSecondaryIndexUpdates != nil && in.GlobalSecondaryIndexUpdates[0].Create != nil {
			want = types.IndexStatusCreating // these tests have no other
		}
		require.Equal(t, want, i.IndexStatus)
	}
	now, err := c.DescribeTable(t.Context(), &dynamodb.DescribeTableInput{TableName: in.TableName})
	require.NoError(t, err)
	require.Equal(t, types.TableStatusActive, now.Table.TableStatus)
	return now.Table, nil
}

// create is an update that makes a global index by an attribute.
func create(name, attribute string) []types.GlobalSecondaryIndexUpdate {
	return []types.GlobalSecondaryIndexUpdate{{Create: &types.CreateGlobalSecondaryIndexAction{
		IndexName: &name, KeySchema: keys(attribute), Projection: &types.Projection{ProjectionType: "KEYS_ONLY"},
	}}}
}

// AWS.md §5: "GSI with projections, sparse": one that is made later has the items
// that were there and whose key is of its type.
func TestUpdateTableMakesAndDeletesIndexes(t *testing.T) {
	ctx, c := t.Context(), forum(t)
	for subject, replies := range map[string]types.AttributeValue{"text": text("many"), "more": number("1")} {
		_, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: aws.String("thread"), Item: item{"forum": text("EC2"), "subject": text(subject), "replies": replies}})
		require.NoError(t, err)
	}
	_, err := alter(t, c, &dynamodb.UpdateTableInput{GlobalSecondaryIndexUpdates: create("by-replies", "replies")})
	refused(t, err, "ValidationException", "One or more parameter values were invalid: AttributeDefinitions is not specified for index: by-replies")
	_, err = alter(t, c, &dynamodb.UpdateTableInput{AttributeDefinitions: define("N", "last"), GlobalSecondaryIndexUpdates: create("by-replies", "replies")})
	require.ErrorContains(t, err, "Some index key attributes are not defined in AttributeDefinitions. Keys: [replies], AttributeDefinitions: [last]")
	made, err := alter(t, c, &dynamodb.UpdateTableInput{AttributeDefinitions: define("N", "replies", "unused"), GlobalSecondaryIndexUpdates: create("by-replies", "replies")})
	require.NoError(t, err)
	require.EqualValues(t, 5, *made.GlobalSecondaryIndexes[0].ItemCount)
	require.Len(t, made.AttributeDefinitions, 4)
	out, err := c.Query(ctx, &dynamodb.QueryInput{TableName: aws.String("thread"), IndexName: aws.String("by-replies"),
		KeyConditionExpression: aws.String("replies = :r"), ExpressionAttributeValues: item{":r": number("1")}})
	require.NoError(t, err)
	require.Len(t, out.Items, 2)
	require.NotContains(t, out.Items[0], "body")
	_, err = c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: aws.String("thread"), Key: item{"forum": text("EC2"), "subject": text("text")},
		UpdateExpression: aws.String("SET replies = :r"), ExpressionAttributeValues: item{":r": number("1")}})
	require.NoError(t, err, "an item that the index did not take may be put right")

	_, err = alter(t, c, &dynamodb.UpdateTableInput{AttributeDefinitions: define("N", "replies"), GlobalSecondaryIndexUpdates: create("by-replies", "replies")})
	refused(t, err, "ValidationException", "Attempting to create an index which already exists")
	drop := []types.GlobalSecondaryIndexUpdate{{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: aws.String("by-replies")}}}
	_, err = alter(t, c, &dynamodb.UpdateTableInput{GlobalSecondaryIndexUpdates: append(create("another", "forum"), drop...)})
	refused(t, err, "LimitExceededException", "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per table")
	gone, err := alter(t, c, &dynamodb.UpdateTableInput{GlobalSecondaryIndexUpdates: drop})
	require.NoError(t, err)
	require.Empty(t, gone.GlobalSecondaryIndexes)
	require.Len(t, gone.AttributeDefinitions, 3)
	_, err = alter(t, c, &dynamodb.UpdateTableInput{GlobalSecondaryIndexUpdates: drop})
	require.ErrorContains(t, err, "ResourceNotFoundException")
}

func TestUpdateTableChangesBillingAndProtection(t *testing.T) {
	c := forum(t)
	units := func(n int64) *types.ProvisionedThroughput {
		return &types.ProvisionedThroughput{ReadCapacityUnits: &n, WriteCapacityUnits: &n}
	}
	_, err := alter(t, c, &dynamodb.UpdateTableInput{ProvisionedThroughput: units(5)})
	require.ErrorContains(t, err, "when BillingMode is PAY_PER_REQUEST")
	_, err = alter(t, c, &dynamodb.UpdateTableInput{AttributeDefinitions: define("S", "forum"), GlobalSecondaryIndexUpdates: create("by-forum", "forum")})
	require.NoError(t, err)
	_, err = alter(t, c, &dynamodb.UpdateTableInput{BillingMode: "PROVISIONED", ProvisionedThroughput: units(5)})
	refused(t, err, "ValidationException", "One or more parameter values were invalid: ProvisionedThroughput must be specified for index: by-forum")
	index := []types.GlobalSecondaryIndexUpdate{{Update: &types.UpdateGlobalSecondaryIndexAction{IndexName: aws.String("by-forum"), ProvisionedThroughput: units(3)}}}
	now, err := alter(t, c, &dynamodb.UpdateTableInput{BillingMode: "PROVISIONED", ProvisionedThroughput: units(5), GlobalSecondaryIndexUpdates: index})
	require.NoError(t, err)
	require.Equal(t, types.BillingModeProvisioned, now.BillingModeSummary.BillingMode)
	require.EqualValues(t, 5, *now.ProvisionedThroughput.WriteCapacityUnits)
	require.EqualValues(t, 3, *now.GlobalSecondaryIndexes[0].ProvisionedThroughput.ReadCapacityUnits)
	_, err = alter(t, c, &dynamodb.UpdateTableInput{ProvisionedThroughput: units(5)})
	require.ErrorContains(t, err, "The provisioned throughput for the table will not change. The requested value equals the current value.")
	now, err = alter(t, c, &dynamodb.UpdateTableInput{BillingMode: "PAY_PER_REQUEST"})
	require.NoError(t, err)
	require.Zero(t, *now.GlobalSecondaryIndexes[0].ProvisionedThroughput.ReadCapacityUnits)
	_, err = alter(t, c, &dynamodb.UpdateTableInput{})
	require.ErrorContains(t, err, "At least one of ProvisionedThroughput, BillingMode")
	now, err = alter(t, c, &dynamodb.UpdateTableInput{DeletionProtectionEnabled: aws.Bool(true)})
	require.NoError(t, err)
	require.True(t, *now.DeletionProtectionEnabled)
}
