package dynamodb

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// TestOperations holds the package to its operation table.
func TestOperations(t *testing.T) {
	operationtest.Check(t, configOf(New(Config{})), func(c aws.Config) *dynamodb.Client { return dynamodb.NewFromConfig(c) }, actOnAll, operationtest.Fields(nil),
		operationtest.Also(dynamodbstreams.New(dynamodbstreams.Options{})))
	s := New(Config{})
	operationtest.Check(t, configOf(s), func(c aws.Config) *dynamodbstreams.Client { return dynamodbstreams.NewFromConfig(c) },
		func(t *testing.T, streams *dynamodbstreams.Client) {
			c, _, arn := streamed(t, s, types.StreamViewTypeKeysOnly)
			putText(t, c, "a", "1")
			list, err := streams.ListStreams(t.Context(), &dynamodbstreams.ListStreamsInput{})
			require.NoError(t, err)
			require.Equal(t, arn, list.Streams[0].StreamArn)
			found, _ := changes(t, streams, iteratorFrom(t, streams, &dynamodbstreams.GetShardIteratorInput{StreamArn: arn, ShardIteratorType: "TRIM_HORIZON"}))
			require.Equal(t, []string{"INSERT a - -"}, found)
			streamMembers(t, c, streams, arn)
		}, operationtest.Fields(nil), operationtest.Also(dynamodb.New(dynamodb.Options{})))
}

// actOnAll makes every implemented operation succeed once.
func actOnAll(t *testing.T, c *dynamodb.Client) {
	ctx, name := t.Context(), aws.String("operations")
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	_, err := c.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: name, BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: define(types.ScalarAttributeTypeS, "p"), KeySchema: keys("p"),
	})
	must(err)
	table, err := c.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: name})
	must(err)
	list, err := c.ListTables(ctx, &dynamodb.ListTablesInput{})
	must(err)
	require.Equal(t, []string{*name}, list.TableNames)
	actOnSettings(t, c, name, table.Table.TableArn)
	actOnItems(t, c, name)
	actOnMembers(t, c)
	_, err = c.UpdateTable(ctx, &dynamodb.UpdateTableInput{TableName: name, DeletionProtectionEnabled: aws.Bool(false)})
	must(err)
	_, err = c.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: name})
	must(err)
}

func actOnSettings(t *testing.T, c *dynamodb.Client, name, arn *string) {
	ctx := t.Context()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	_, err := c.TagResource(ctx, &dynamodb.TagResourceInput{ResourceArn: arn, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}}})
	must(err)
	tags, err := c.ListTagsOfResource(ctx, &dynamodb.ListTagsOfResourceInput{ResourceArn: arn})
	must(err)
	require.Len(t, tags.Tags, 1)
	_, err = c.UntagResource(ctx, &dynamodb.UntagResourceInput{ResourceArn: arn, TagKeys: []string{"a"}})
	must(err)
	_, err = c.UpdateTimeToLive(ctx, &dynamodb.UpdateTimeToLiveInput{TableName: name, TimeToLiveSpecification: &types.TimeToLiveSpecification{AttributeName: aws.String("at"), Enabled: aws.Bool(true)}})
	must(err)
	ttl, err := c.DescribeTimeToLive(ctx, &dynamodb.DescribeTimeToLiveInput{TableName: name})
	must(err)
	require.Equal(t, types.TimeToLiveStatusEnabled, ttl.TimeToLiveDescription.TimeToLiveStatus)
	_, err = c.UpdateContinuousBackups(ctx, &dynamodb.UpdateContinuousBackupsInput{TableName: name, PointInTimeRecoverySpecification: &types.PointInTimeRecoverySpecification{PointInTimeRecoveryEnabled: aws.Bool(false)}})
	must(err)
	backups, err := c.DescribeContinuousBackups(ctx, &dynamodb.DescribeContinuousBackupsInput{TableName: name})
	must(err)
	require.Equal(t, types.PointInTimeRecoveryStatusDisabled, backups.ContinuousBackupsDescription.PointInTimeRecoveryDescription.PointInTimeRecoveryStatus)
}

func actOnItems(t *testing.T, c *dynamodb.Client, name *string) {
	ctx, key := t.Context(), item{"p": text("a")}
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	_, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: name, Item: key})
	must(err)
	_, err = c.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: name, Key: key, UpdateExpression: aws.String("SET x = :x"), ExpressionAttributeValues: item{":x": number("1")},
	})
	must(err)
	got, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: name, Key: key})
	must(err)
	require.Equal(t, item{"p": text("a"), "x": number("1")}, got.Item)
	queried, err := c.Query(ctx, &dynamodb.QueryInput{TableName: name, KeyConditionExpression: aws.String("p = :p"), ExpressionAttributeValues: item{":p": text("a")}})
	must(err)
	require.Len(t, queried.Items, 1)
	_, err = c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: name, Key: key})
	must(err)
	_, err = c.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{*name: {{PutRequest: &types.PutRequest{Item: key}}}}})
	must(err)
	scanned, err := c.Scan(ctx, &dynamodb.ScanInput{TableName: name})
	must(err)
	require.Len(t, scanned.Items, 1)
	batch, err := c.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{*name: {Keys: []item{key}}}})
	must(err)
	require.Len(t, batch.Responses[*name], 1)
	_, err = c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{{Put: &types.Put{TableName: name, Item: key}}}})
	must(err)
	read, err := c.TransactGetItems(ctx, &dynamodb.TransactGetItemsInput{TransactItems: []types.TransactGetItem{{Get: &types.Get{TableName: name, Key: key}}}})
	must(err)
	require.Equal(t, key, read.Responses[0].Item)
	_, err = execute(c, `SELECT * FROM "operations"`)
	must(err)
	_, err = c.BatchExecuteStatement(ctx, &dynamodb.BatchExecuteStatementInput{Statements: []types.BatchStatementRequest{{Statement: aws.String(`SELECT * FROM "operations" WHERE p = 'a'`)}}})
	must(err)
	_, err = c.ExecuteTransaction(ctx, &dynamodb.ExecuteTransactionInput{TransactStatements: []types.ParameterizedStatement{{Statement: aws.String(`DELETE FROM "operations" WHERE p = 'a'`)}}})
	must(err)
}
