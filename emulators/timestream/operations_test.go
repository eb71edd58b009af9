package timestream_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	querytypes "github.com/aws/aws-sdk-go-v2/service/timestreamquery/types"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/wire/operationtest"
)

// TestOperations holds the package to its operation table, with both clients.
//
// AWS.md §4: Closed to new customers on 2025-06-20; existing users have no local
// double. Go and Java SDKs call `DescribeEndpoints` first
func TestOperations(t *testing.T) {
	cfg := config()
	operationtest.Check(t, cfg, func(c aws.Config) *timestreamwrite.Client { return timestreamwrite.NewFromConfig(c) },
		writeAll, operationtest.Fields(nil), operationtest.Also(timestreamquery.NewFromConfig(cfg)))
	operationtest.Check(t, cfg, func(c aws.Config) *timestreamquery.Client { return timestreamquery.NewFromConfig(c) },
		queryAll, operationtest.Fields(nil), operationtest.Also(timestreamwrite.NewFromConfig(cfg)))
}

// writeAll leaves the database operations with the table kept and its tag owner.
func writeAll(t *testing.T, c *timestreamwrite.Client) {
	ctx, db := t.Context(), aws.String("operations")
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	_, err := c.DescribeEndpoints(ctx, &timestreamwrite.DescribeEndpointsInput{})
	must(err)
	_, err = c.CreateDatabase(ctx, &timestreamwrite.CreateDatabaseInput{DatabaseName: db, KmsKeyId: aws.String("alias/first"), Tags: []types.Tag{{Key: aws.String("owner"), Value: aws.String("ops")}}})
	must(err)
	_, err = c.UpdateDatabase(ctx, &timestreamwrite.UpdateDatabaseInput{DatabaseName: db, KmsKeyId: aws.String("alias/mine")})
	must(err)
	d, err := c.DescribeDatabase(ctx, &timestreamwrite.DescribeDatabaseInput{DatabaseName: db})
	must(err)
	require.Equal(t, "arn:aws:kms:us-east-1:000000000000:alias/mine", *d.Database.KmsKeyId)
	tables(t, c, db)
	tags, err := c.ListTagsForResource(ctx, &timestreamwrite.ListTagsForResourceInput{ResourceARN: d.Database.Arn})
	must(err)
	require.Equal(t, []types.Tag{{Key: aws.String("owner"), Value: aws.String("ops")}}, tags.Tags)
	_, err = c.CreateDatabase(ctx, &timestreamwrite.CreateDatabaseInput{DatabaseName: aws.String("second")})
	must(err)
	first, err := c.ListDatabases(ctx, &timestreamwrite.ListDatabasesInput{MaxResults: aws.Int32(1)})
	must(err)
	require.Equal(t, "operations", *first.Databases[0].DatabaseName)
	next, err := c.ListDatabases(ctx, &timestreamwrite.ListDatabasesInput{NextToken: first.NextToken})
	must(err)
	require.Len(t, next.Databases, 1)
	require.Equal(t, "second", *next.Databases[0].DatabaseName)
	require.Nil(t, next.NextToken)
	_, err = c.DeleteDatabase(ctx, &timestreamwrite.DeleteDatabaseInput{DatabaseName: aws.String("second")})
	must(err)
}

// tables leaves the table kept.
func tables(t *testing.T, c *timestreamwrite.Client, db *string) {
	ctx := t.Context()
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	for _, name := range []string{"gone", "kept"} {
		_, err := c.CreateTable(ctx, &timestreamwrite.CreateTableInput{DatabaseName: db, TableName: &name})
		must(err)
	}
	_, err := c.DeleteTable(ctx, &timestreamwrite.DeleteTableInput{DatabaseName: db, TableName: aws.String("gone")})
	must(err)
	_, err = c.UpdateTable(ctx, &timestreamwrite.UpdateTableInput{DatabaseName: db, TableName: aws.String("kept"),
		RetentionProperties:          &types.RetentionProperties{MemoryStoreRetentionPeriodInHours: aws.Int64(12), MagneticStoreRetentionPeriodInDays: aws.Int64(30)},
		MagneticStoreWriteProperties: &types.MagneticStoreWriteProperties{EnableMagneticStoreWrites: aws.Bool(true)}})
	must(err)
	got, err := c.DescribeTable(ctx, &timestreamwrite.DescribeTableInput{DatabaseName: db, TableName: aws.String("kept")})
	must(err)
	require.Equal(t, int64(12), *got.Table.RetentionProperties.MemoryStoreRetentionPeriodInHours)
	require.Equal(t, int64(30), *got.Table.RetentionProperties.MagneticStoreRetentionPeriodInDays)
	require.True(t, *got.Table.MagneticStoreWriteProperties.EnableMagneticStoreWrites)
	require.Equal(t, types.PartitionKeyTypeMeasure, got.Table.Schema.CompositePartitionKey[0].Type)
	list, err := c.ListTables(ctx, &timestreamwrite.ListTablesInput{DatabaseName: db})
	must(err)
	require.Len(t, list.Tables, 1)
	_, err = c.TagResource(ctx, &timestreamwrite.TagResourceInput{ResourceARN: got.Table.Arn, Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}, {Key: aws.String("b"), Value: aws.String("2")}}})
	must(err)
	_, err = c.UntagResource(ctx, &timestreamwrite.UntagResourceInput{ResourceARN: got.Table.Arn, TagKeys: []string{"a"}})
	must(err)
	tags, err := c.ListTagsForResource(ctx, &timestreamwrite.ListTagsForResourceInput{ResourceARN: got.Table.Arn})
	must(err)
	require.Equal(t, []types.Tag{{Key: aws.String("b"), Value: aws.String("2")}}, tags.Tags)
	_, err = c.WriteRecords(ctx, &timestreamwrite.WriteRecordsInput{DatabaseName: db, TableName: aws.String("kept"), Records: []types.Record{record("a", "t", "1", time.Now(), 0)}})
	must(err)
	actOnTableMembers(t, c, db)
}

func queryAll(t *testing.T, c *timestreamquery.Client) {
	ctx := t.Context()
	_, err := c.DescribeEndpoints(ctx, &timestreamquery.DescribeEndpointsInput{})
	require.NoError(t, err)
	out, err := c.Query(ctx, &timestreamquery.QueryInput{QueryString: aws.String(`SELECT count(*) FROM operations.kept`)})
	require.NoError(t, err)
	require.Equal(t, "1", *out.Rows[0].Data[0].ScalarValue)
	prepared, err := c.PrepareQuery(ctx, &timestreamquery.PrepareQueryInput{ValidateOnly: aws.Bool(true), QueryString: aws.String(`SELECT device_id, bin(time, 1h) AS hour, 1 FROM operations.kept`)})
	require.NoError(t, err)
	require.Len(t, prepared.Columns, 3)
	require.Equal(t, "kept", *prepared.Columns[0].TableName)
	require.True(t, *prepared.Columns[1].Aliased)
	require.Equal(t, querytypes.ScalarTypeTimestamp, prepared.Columns[1].Type.ScalarType)
	require.Equal(t, querytypes.ScalarTypeInteger, prepared.Columns[2].Type.ScalarType)
	cancelAQuery(t, c)
	arn := aws.String("arn:aws:timestream:us-east-1:000000000000:database/operations")
	_, err = c.TagResource(ctx, &timestreamquery.TagResourceInput{ResourceARN: arn, Tags: []querytypes.Tag{{Key: aws.String("team"), Value: aws.String("x")}}})
	require.NoError(t, err)
	_, err = c.UntagResource(ctx, &timestreamquery.UntagResourceInput{ResourceARN: arn, TagKeys: []string{"team"}})
	require.NoError(t, err)
	tags, err := c.ListTagsForResource(ctx, &timestreamquery.ListTagsForResourceInput{ResourceARN: arn})
	require.NoError(t, err)
	require.Equal(t, "owner", *tags.Tags[0].Key)
	_, err = c.TagResource(ctx, &timestreamquery.TagResourceInput{ResourceARN: arn, Tags: []querytypes.Tag{{Key: aws.String("team"), Value: aws.String("x")}}})
	require.NoError(t, err)
	tags, err = c.ListTagsForResource(ctx, &timestreamquery.ListTagsForResourceInput{ResourceARN: arn, MaxResults: aws.Int32(1)})
	require.NoError(t, err)
	require.Len(t, tags.Tags, 1)
	tags, err = c.ListTagsForResource(ctx, &timestreamquery.ListTagsForResourceInput{ResourceARN: arn, NextToken: tags.NextToken})
	require.NoError(t, err)
	require.Equal(t, "team", *tags.Tags[0].Key)
	require.Nil(t, tags.NextToken)
}

// actOnTableMembers uses what else the inputs of tables and records have.
func actOnTableMembers(t *testing.T, c *timestreamwrite.Client, db *string) {
	ctx, name := t.Context(), aws.String("other")
	must := func(err error) { t.Helper(); require.NoError(t, err) }
	schema := func(dimension string) *types.Schema {
		return &types.Schema{CompositePartitionKey: []types.PartitionKey{{Type: types.PartitionKeyTypeDimension, Name: &dimension, EnforcementInRecord: types.PartitionKeyEnforcementLevelOptional}}}
	}
	made, err := c.CreateTable(ctx, &timestreamwrite.CreateTableInput{DatabaseName: db, TableName: name, Schema: schema("site"), Tags: []types.Tag{{Key: aws.String("a"), Value: aws.String("1")}},
		RetentionProperties:          &types.RetentionProperties{MemoryStoreRetentionPeriodInHours: aws.Int64(6), MagneticStoreRetentionPeriodInDays: aws.Int64(7)},
		MagneticStoreWriteProperties: &types.MagneticStoreWriteProperties{EnableMagneticStoreWrites: aws.Bool(true)}})
	must(err)
	require.Equal(t, int64(6), *made.Table.RetentionProperties.MemoryStoreRetentionPeriodInHours)
	require.Equal(t, "site", *made.Table.Schema.CompositePartitionKey[0].Name)
	required := schema("site")
	required.CompositePartitionKey[0].EnforcementInRecord = types.PartitionKeyEnforcementLevelRequired
	updated, err := c.UpdateTable(ctx, &timestreamwrite.UpdateTableInput{DatabaseName: db, TableName: name, Schema: required})
	must(err)
	require.Equal(t, types.PartitionKeyEnforcementLevelRequired, updated.Table.Schema.CompositePartitionKey[0].EnforcementInRecord)
	writeMembers(t, c, db, name)
	list, err := c.ListTables(ctx, &timestreamwrite.ListTablesInput{DatabaseName: db, MaxResults: aws.Int32(1)})
	must(err)
	require.Len(t, list.Tables, 1)
	list, err = c.ListTables(ctx, &timestreamwrite.ListTablesInput{DatabaseName: db, NextToken: list.NextToken})
	must(err)
	require.Equal(t, "other", *list.Tables[0].TableName)
	_, err = c.DeleteTable(ctx, &timestreamwrite.DeleteTableInput{DatabaseName: db, TableName: name})
	must(err)
}

// writeMembers writes records that have their members in common, or several measures.
func writeMembers(t *testing.T, c *timestreamwrite.Client, db, name *string) {
	site := []types.Dimension{{Name: aws.String("site"), Value: aws.String("berlin"), DimensionValueType: types.DimensionValueTypeVarchar}}
	now, written := time.Now(), &timestreamwrite.WriteRecordsInput{DatabaseName: db, TableName: name}
	write := func() {
		t.Helper()
		_, err := c.WriteRecords(t.Context(), written)
		require.NoError(t, err)
	}
	written.CommonAttributes = &types.Record{Dimensions: site, MeasureName: aws.String("m"), MeasureValue: aws.String("1"), MeasureValueType: types.MeasureValueTypeBigint,
		Time: aws.String(strconv.FormatInt(now.Unix(), 10)), TimeUnit: types.TimeUnitSeconds, Version: aws.Int64(2)}
	written.Records = []types.Record{{}}
	write()
	values := []types.MeasureValue{{Name: aws.String("x"), Value: aws.String("2"), Type: types.MeasureValueTypeBigint}}
	written.CommonAttributes = &types.Record{MeasureValues: values, MeasureName: aws.String("multi"), MeasureValueType: types.MeasureValueTypeMulti}
	written.Records = []types.Record{{Dimensions: site, Time: aws.String(strconv.FormatInt(now.UnixMicro(), 10)), TimeUnit: types.TimeUnitMicroseconds, Version: aws.Int64(3)}}
	write()
	written.CommonAttributes = nil
	written.Records = []types.Record{{Dimensions: site, MeasureValues: values, MeasureName: aws.String("multi"), MeasureValueType: types.MeasureValueTypeMulti, Time: aws.String(strconv.FormatInt(now.UnixMilli()+1, 10))}}
	write()
}

// cancelAQuery cancels one that has pages left.
func cancelAQuery(t *testing.T, c *timestreamquery.Client) {
	ctx, sql := t.Context(), aws.String(`SELECT n FROM UNNEST(sequence(1, 20)) AS t(n)`)
	first, err := c.Query(ctx, &timestreamquery.QueryInput{QueryString: sql, MaxRows: aws.Int32(5)})
	require.NoError(t, err)
	next := &timestreamquery.QueryInput{QueryString: sql, MaxRows: aws.Int32(5), NextToken: first.NextToken}
	for range 2 {
		again, err := c.Query(ctx, next)
		require.NoError(t, err, "a token can be used again")
		require.Equal(t, "6", *again.Rows[0].Data[0].ScalarValue)
	}
	_, err = c.CancelQuery(ctx, &timestreamquery.CancelQueryInput{QueryId: first.QueryId})
	require.NoError(t, err)
	_, err = c.Query(ctx, next)
	require.ErrorContains(t, err, "ConflictException: Unable to poll results for a cancelled query")
	_, err = c.CancelQuery(ctx, &timestreamquery.CancelQueryInput{QueryId: aws.String("NOSUCH")})
	require.ErrorContains(t, err, "ValidationException")
}
