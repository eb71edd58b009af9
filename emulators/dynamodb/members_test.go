package dynamodb

import (
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/dynamodbstreams"
	"github.com/stretchr/testify/require"
)

const (
	total = types.ReturnConsumedCapacityTotal
	sizes = types.ReturnItemCollectionMetricsSize
)

// actOnMembers uses what else the inputs have, with a table of two items.
func actOnMembers(t *testing.T, c *dynamodb.Client) {
	ctx, name := t.Context(), aws.String("members")
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	throughput := &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(5), WriteCapacityUnits: aws.Int64(5)}
	_, err := c.CreateTable(ctx, &dynamodb.CreateTableInput{
		TableName: name, AttributeDefinitions: define(types.ScalarAttributeTypeS, "p", "s"), KeySchema: keys("p", "s"),
		BillingMode: types.BillingModeProvisioned, ProvisionedThroughput: throughput, DeletionProtectionEnabled: aws.Bool(true),
		SSESpecification: &types.SSESpecification{Enabled: aws.Bool(true), SSEType: types.SSETypeKms}, TableClass: types.TableClassStandardInfrequentAccess,
		Tags:                   []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}},
		LocalSecondaryIndexes:  []types.LocalSecondaryIndex{{IndexName: aws.String("local"), KeySchema: keys("p", "s"), Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll}}},
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{IndexName: aws.String("global"), KeySchema: keys("s"), Projection: &types.Projection{ProjectionType: types.ProjectionTypeInclude, NonKeyAttributes: []string{"x"}}, ProvisionedThroughput: throughput}},
	})
	must(err)
	got, err := c.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: name})
	must(err)
	require.True(t, *got.Table.DeletionProtectionEnabled)
	require.Equal(t, types.TableClassStandardInfrequentAccess, got.Table.TableClassSummary.TableClass)
	require.Equal(t, types.SSEStatusEnabled, got.Table.SSEDescription.Status)
	list, err := c.ListTables(ctx, &dynamodb.ListTablesInput{Limit: aws.Int32(1)})
	must(err)
	list, err = c.ListTables(ctx, &dynamodb.ListTablesInput{ExclusiveStartTableName: list.LastEvaluatedTableName})
	must(err)
	require.Equal(t, []string{"operations"}, list.TableNames)
	writeMembers(t, c, name)
	readMembers(t, c, name)
	statementMembers(t, c)
	updateMembers(t, c, name)
	_, err = c.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: name})
	must(err)
}

// writeMembers puts the items a/1 and a/2.
func writeMembers(t *testing.T, c *dynamodb.Client, name *string) {
	ctx, first, second := t.Context(), item{"p": text("a"), "s": text("1")}, item{"p": text("a"), "s": text("2")}
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	old, none := types.ReturnValueAllOld, types.ReturnValuesOnConditionCheckFailureAllOld
	absent, names := aws.String("attribute_not_exists(#x) OR #x <> :v"), map[string]string{"#x": "x"}
	values := item{":v": number("9")}
	put, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: name, Item: first, ReturnConsumedCapacity: total, ReturnItemCollectionMetrics: sizes, ReturnValues: old,
		ReturnValuesOnConditionCheckFailure: none, ConditionExpression: absent, ExpressionAttributeNames: names, ExpressionAttributeValues: values})
	must(err)
	require.Equal(t, 3.0, *put.ConsumedCapacity.CapacityUnits, "the table and its indexes")
	require.Equal(t, text("a"), put.ItemCollectionMetrics.ItemCollectionKey["p"])
	updated, err := c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: name, Key: first, ReturnConsumedCapacity: total, ReturnItemCollectionMetrics: sizes, ReturnValues: types.ReturnValueUpdatedNew,
		ReturnValuesOnConditionCheckFailure: none, ConditionExpression: absent, UpdateExpression: aws.String("SET #x = :v"), ExpressionAttributeNames: names, ExpressionAttributeValues: values})
	must(err)
	require.Equal(t, item{"x": number("9")}, updated.Attributes)
	deleted, err := c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: name, Key: first, ReturnConsumedCapacity: total, ReturnItemCollectionMetrics: sizes, ReturnValues: old,
		ReturnValuesOnConditionCheckFailure: none, ConditionExpression: aws.String("#x = :v"), ExpressionAttributeNames: names, ExpressionAttributeValues: values})
	must(err)
	require.Equal(t, number("9"), deleted.Attributes["x"])
	batch, err := c.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{ReturnConsumedCapacity: total, ReturnItemCollectionMetrics: sizes,
		RequestItems: map[string][]types.WriteRequest{*name: {{DeleteRequest: &types.DeleteRequest{Key: first}}, {PutRequest: &types.PutRequest{Item: second}}}}})
	must(err)
	require.Len(t, batch.ConsumedCapacity, 1)
	one := []types.TransactWriteItem{{Put: &types.Put{TableName: name, Item: first, ConditionExpression: absent, ExpressionAttributeNames: names, ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: none}}}
	two := []types.TransactWriteItem{{Update: &types.Update{TableName: name, Key: second, UpdateExpression: aws.String("SET #x = :v"), ConditionExpression: absent, ExpressionAttributeNames: names, ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: none}}}
	three := []types.TransactWriteItem{{ConditionCheck: &types.ConditionCheck{TableName: name, Key: first, ConditionExpression: absent, ExpressionAttributeNames: names, ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: none}}}
	four := []types.TransactWriteItem{{Delete: &types.Delete{TableName: name, Key: item{"p": text("z"), "s": text("z")}, ConditionExpression: absent, ExpressionAttributeNames: names, ExpressionAttributeValues: values, ReturnValuesOnConditionCheckFailure: none}}}
	for n, items := range [][]types.TransactWriteItem{one, two, three, four} {
		out, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: items, ClientRequestToken: aws.String(fmt.Sprint(n)), ReturnConsumedCapacity: total, ReturnItemCollectionMetrics: sizes})
		must(err)
		require.Len(t, out.ConsumedCapacity, 1)
	}
}

// readMembers reads the items a/1 and a/2, the second with x.
func readMembers(t *testing.T, c *dynamodb.Client, name *string) {
	ctx, key, yes := t.Context(), item{"p": text("a"), "s": text("2")}, aws.Bool(true)
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	only, names := aws.String("#x"), map[string]string{"#x": "x"}
	got, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: name, Key: key, ConsistentRead: yes, ProjectionExpression: only, ExpressionAttributeNames: names, ReturnConsumedCapacity: total})
	must(err)
	require.Equal(t, item{"x": number("9")}, got.Item)
	require.Equal(t, 1.0, *got.ConsumedCapacity.CapacityUnits)
	batch, err := c.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{ReturnConsumedCapacity: total,
		RequestItems: map[string]types.KeysAndAttributes{*name: {Keys: []item{key}, ConsistentRead: yes, ProjectionExpression: only, ExpressionAttributeNames: names}}})
	must(err)
	require.Equal(t, []item{{"x": number("9")}}, batch.Responses[*name])
	read, err := c.TransactGetItems(ctx, &dynamodb.TransactGetItemsInput{ReturnConsumedCapacity: total,
		TransactItems: []types.TransactGetItem{{Get: &types.Get{TableName: name, Key: key, ProjectionExpression: only, ExpressionAttributeNames: names}}}})
	must(err)
	require.Equal(t, item{"x": number("9")}, read.Responses[0].Item)
	values := item{":p": text("a"), ":v": number("9")}
	with := map[string]string{"#x": "x", "#p": "p"}
	query := &dynamodb.QueryInput{TableName: name, IndexName: aws.String("local"), ConsistentRead: yes, KeyConditionExpression: aws.String("#p = :p"), FilterExpression: aws.String("#x = :v"), ProjectionExpression: only,
		ExpressionAttributeNames: with, ExpressionAttributeValues: values, ReturnConsumedCapacity: total, ScanIndexForward: aws.Bool(false), Select: types.SelectSpecificAttributes, Limit: aws.Int32(1)}
	first, err := c.Query(ctx, query)
	must(err)
	require.Equal(t, []item{{"x": number("9")}}, first.Items)
	query.ExclusiveStartKey = first.LastEvaluatedKey
	second, err := c.Query(ctx, query)
	must(err)
	require.Equal(t, int32(1), second.ScannedCount)
	require.Empty(t, second.Items)
	scan := &dynamodb.ScanInput{TableName: name, IndexName: aws.String("local"), ConsistentRead: yes, FilterExpression: aws.String("#x = :v"), ProjectionExpression: only, ExpressionAttributeNames: names,
		ExpressionAttributeValues: item{":v": number("9")}, ReturnConsumedCapacity: total, Select: types.SelectSpecificAttributes, Limit: aws.Int32(1), Segment: aws.Int32(0), TotalSegments: aws.Int32(1)}
	page, err := c.Scan(ctx, scan)
	must(err)
	require.Empty(t, page.Items, "a/1 has no x")
	scan.ExclusiveStartKey = page.LastEvaluatedKey
	page, err = c.Scan(ctx, scan)
	must(err)
	require.Equal(t, []item{{"x": number("9")}}, page.Items)
}

func statementMembers(t *testing.T, c *dynamodb.Client) {
	ctx, yes, none := t.Context(), aws.Bool(true), types.ReturnValuesOnConditionCheckFailureAllOld
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	read := &dynamodb.ExecuteStatementInput{Statement: aws.String(`SELECT s FROM "members" WHERE p = ?`), Parameters: []types.AttributeValue{text("a")}, ConsistentRead: yes, Limit: aws.Int32(1), ReturnConsumedCapacity: total}
	first, err := c.ExecuteStatement(ctx, read)
	must(err)
	require.Equal(t, []item{{"s": text("1")}}, first.Items)
	read.NextToken = first.NextToken
	second, err := c.ExecuteStatement(ctx, read)
	must(err)
	require.Equal(t, []item{{"s": text("2")}}, second.Items)
	change, key := aws.String(`UPDATE "members" SET y = 1 WHERE p = ? AND s = ?`), []types.AttributeValue{text("a"), text("1")}
	_, err = c.ExecuteStatement(ctx, &dynamodb.ExecuteStatementInput{Statement: change, Parameters: key, ReturnValuesOnConditionCheckFailure: none})
	must(err)
	batch, err := c.BatchExecuteStatement(ctx, &dynamodb.BatchExecuteStatementInput{ReturnConsumedCapacity: total, Statements: []types.BatchStatementRequest{
		{Statement: aws.String(`SELECT y FROM "members" WHERE p = ? AND s = ?`), Parameters: key, ConsistentRead: yes}}})
	must(err)
	require.Equal(t, item{"y": number("1")}, batch.Responses[0].Item)
	_, err = c.BatchExecuteStatement(ctx, &dynamodb.BatchExecuteStatementInput{Statements: []types.BatchStatementRequest{{Statement: change, Parameters: key, ReturnValuesOnConditionCheckFailure: none}}})
	must(err)
	_, err = c.ExecuteTransaction(ctx, &dynamodb.ExecuteTransactionInput{ReturnConsumedCapacity: total, ClientRequestToken: aws.String("once"),
		TransactStatements: []types.ParameterizedStatement{{Statement: change, Parameters: key, ReturnValuesOnConditionCheckFailure: none}}})
	must(err)
}

func updateMembers(t *testing.T, c *dynamodb.Client, name *string) {
	update := func(in dynamodb.UpdateTableInput) *types.TableDescription {
		t.Helper()
		in.TableName = name
		out, err := c.UpdateTable(t.Context(), &in)
		require.NoError(t, err)
		return out.TableDescription
	}
	update(dynamodb.UpdateTableInput{DeletionProtectionEnabled: aws.Bool(false)})
	update(dynamodb.UpdateTableInput{TableClass: types.TableClassStandard})
	update(dynamodb.UpdateTableInput{SSESpecification: &types.SSESpecification{Enabled: aws.Bool(false)}})
	update(dynamodb.UpdateTableInput{GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{{Delete: &types.DeleteGlobalSecondaryIndexAction{IndexName: aws.String("global")}}}})
	d := update(dynamodb.UpdateTableInput{BillingMode: types.BillingModePayPerRequest})
	require.Equal(t, types.BillingModePayPerRequest, d.BillingModeSummary.BillingMode)
	most := &types.OnDemandThroughput{MaxReadRequestUnits: aws.Int64(7), MaxWriteRequestUnits: aws.Int64(8)}
	d = update(dynamodb.UpdateTableInput{OnDemandThroughput: most})
	require.Equal(t, most, d.OnDemandThroughput)
	d = update(dynamodb.UpdateTableInput{WarmThroughput: &types.WarmThroughput{ReadUnitsPerSecond: aws.Int64(13_000), WriteUnitsPerSecond: aws.Int64(5000)}})
	require.Equal(t, int64(13_000), *d.WarmThroughput.ReadUnitsPerSecond)
	most = &types.OnDemandThroughput{MaxReadRequestUnits: aws.Int64(5), MaxWriteRequestUnits: aws.Int64(6)}
	made, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("most"), AttributeDefinitions: define(types.ScalarAttributeTypeS, "p"), KeySchema: keys("p"), BillingMode: types.BillingModePayPerRequest, OnDemandThroughput: most,
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{IndexName: aws.String("global"), KeySchema: keys("p"), Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll}, OnDemandThroughput: most}}})
	require.NoError(t, err)
	require.Equal(t, most, made.TableDescription.GlobalSecondaryIndexes[0].OnDemandThroughput)
}

// streamMembers uses what else the inputs of streams have.
func streamMembers(t *testing.T, c *dynamodb.Client, streams *dynamodbstreams.Client, arn *string) {
	ctx := t.Context()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	other, err := c.CreateTable(ctx, &dynamodb.CreateTableInput{TableName: aws.String("other"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: define("S", "p"), KeySchema: keys("p"), StreamSpecification: &types.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: types.StreamViewTypeNewImage}})
	must(err)
	list, err := streams.ListStreams(ctx, &dynamodbstreams.ListStreamsInput{Limit: aws.Int32(1)})
	must(err)
	require.Len(t, list.Streams, 1)
	first := list.LastEvaluatedStreamArn
	list, err = streams.ListStreams(ctx, &dynamodbstreams.ListStreamsInput{ExclusiveStartStreamArn: first})
	must(err)
	require.Len(t, list.Streams, 1)
	require.NotEqual(t, first, list.Streams[0].StreamArn)
	list, err = streams.ListStreams(ctx, &dynamodbstreams.ListStreamsInput{TableName: aws.String("other")})
	must(err)
	require.Equal(t, other.TableDescription.LatestStreamArn, list.Streams[0].StreamArn)
	d, err := streams.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: arn, Limit: aws.Int32(1)})
	must(err)
	require.Len(t, d.StreamDescription.Shards, 1)
	shard := d.StreamDescription.Shards[0].ShardId
	d, err = streams.DescribeStream(ctx, &dynamodbstreams.DescribeStreamInput{StreamArn: arn, ExclusiveStartShardId: shard})
	must(err)
	require.Empty(t, d.StreamDescription.Shards)
	putText(t, c, "b", "2")
	one, err := streams.GetRecords(ctx, &dynamodbstreams.GetRecordsInput{Limit: aws.Int32(1),
		ShardIterator: iteratorFrom(t, streams, &dynamodbstreams.GetShardIteratorInput{StreamArn: arn, ShardIteratorType: "TRIM_HORIZON"})})
	must(err)
	require.Len(t, one.Records, 1)
	found, _ := changes(t, streams, iteratorFrom(t, streams, &dynamodbstreams.GetShardIteratorInput{StreamArn: arn, ShardIteratorType: "AFTER_SEQUENCE_NUMBER", SequenceNumber: one.Records[0].Dynamodb.SequenceNumber}))
	require.Equal(t, []string{"INSERT b - -"}, found)
}
