package dynamodb

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

// AWS.md §5: "Key schema names are free; tables become ACTIVE (waiters must end)".
func TestTableLife(t *testing.T) {
	ctx := context.Background()
	c := devices(t)
	waiter := dynamodb.NewTableExistsWaiter(c)
	require.NoError(t, waiter.Wait(ctx, &dynamodb.DescribeTableInput{TableName: aws.String("iot-devices")}, time.Minute))

	out, err := c.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String("arn:aws:dynamodb:us-east-1:000000000000:table/iot-devices")})
	require.NoError(t, err)
	d := out.Table
	require.Equal(t, "arn:aws:dynamodb:us-east-1:000000000000:table/iot-devices", *d.TableArn)
	require.Equal(t, types.TableStatusActive, d.TableStatus)
	require.Equal(t, types.BillingModePayPerRequest, d.BillingModeSummary.BillingMode)
	require.WithinDuration(t, time.Now(), *d.CreationDateTime, time.Minute)
	require.Equal(t, keys("PK", "SK"), d.KeySchema)
	require.Equal(t, types.IndexStatusActive, d.GlobalSecondaryIndexes[0].IndexStatus)
	require.Equal(t, *d.TableArn+"/index/StatusIndex", *d.GlobalSecondaryIndexes[0].IndexArn)

	_, err = c.DeleteTable(ctx, &dynamodb.DeleteTableInput{TableName: aws.String("iot-devices")})
	require.NoError(t, err)
	_, err = c.DescribeTable(ctx, &dynamodb.DescribeTableInput{TableName: aws.String("iot-devices")})
	refused(t, err, "ResourceNotFoundException", "Requested resource not found: Table: iot-devices not found")
	_, err = c.GetItem(ctx, &dynamodb.GetItemInput{TableName: aws.String("iot-devices"), Key: item{"PK": text("a")}})
	refused(t, err, "ResourceNotFoundException", "Requested resource not found")
}

func TestListTablesPages(t *testing.T) {
	ctx := context.Background()
	c := client(New(Config{}))
	for _, name := range []string{"ccc", "aaa", "bbb"} {
		_, err := c.CreateTable(ctx, &dynamodb.CreateTableInput{
			TableName: &name, BillingMode: types.BillingModePayPerRequest,
			AttributeDefinitions: define("S", "p"), KeySchema: keys("p"),
		})
		require.NoError(t, err)
	}
	var names []string
	for pages := dynamodb.NewListTablesPaginator(c, &dynamodb.ListTablesInput{Limit: aws.Int32(2)}); pages.HasMorePages(); {
		page, err := pages.NextPage(ctx)
		require.NoError(t, err)
		names = append(names, page.TableNames...)
	}
	require.Equal(t, []string{"aaa", "bbb", "ccc"}, names)
}

func TestProvisionedThroughputIsKept(t *testing.T) {
	c := client(New(Config{}))
	units := &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(5), WriteCapacityUnits: aws.Int64(7)}
	out, err := c.CreateTable(context.Background(), &dynamodb.CreateTableInput{
		TableName: aws.String("old"), AttributeDefinitions: define("B", "p"), KeySchema: keys("p"), ProvisionedThroughput: units,
	})
	require.NoError(t, err)
	require.Equal(t, types.TableStatusCreating, out.TableDescription.TableStatus)
	require.Nil(t, out.TableDescription.BillingModeSummary)
	require.EqualValues(t, 5, *out.TableDescription.ProvisionedThroughput.ReadCapacityUnits)
	require.EqualValues(t, 7, *out.TableDescription.ProvisionedThroughput.WriteCapacityUnits)
}

func TestCreateTableRefuses(t *testing.T) {
	units := &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(5), WriteCapacityUnits: aws.Int64(5)}
	gsi := func(projection *types.Projection) func(*dynamodb.CreateTableInput) {
		return func(in *dynamodb.CreateTableInput) {
			in.GlobalSecondaryIndexes = []types.GlobalSecondaryIndex{{IndexName: aws.String("by-p"), KeySchema: keys("p"), Projection: projection}}
		}
	}
	lsi := func(schema []types.KeySchemaElement) func(*dynamodb.CreateTableInput) {
		return func(in *dynamodb.CreateTableInput) {
			in.LocalSecondaryIndexes = []types.LocalSecondaryIndex{{IndexName: aws.String("local"), KeySchema: schema, Projection: &types.Projection{ProjectionType: "ALL"}}}
		}
	}
	sorted := func(in *dynamodb.CreateTableInput) {
		in.AttributeDefinitions, in.KeySchema = define("S", "p", "s"), keys("p", "s")
	}
	more := func(in *dynamodb.CreateTableInput, n int) {
		for i := range n - 1 {
			another := in.LocalSecondaryIndexes[0]
			another.IndexName = aws.String(fmt.Sprint("local", i))
			in.LocalSecondaryIndexes = append(in.LocalSecondaryIndexes, another)
		}
	}
	const wrong = "One or more parameter values were invalid: "
	cases := map[string]struct {
		change  func(*dynamodb.CreateTableInput)
		message string
	}{
		"short name": {func(in *dynamodb.CreateTableInput) { in.TableName = aws.String("ab") },
			"TableName must be at least 3 characters long and at most 255 characters long"},
		"bad name": {func(in *dynamodb.CreateTableInput) { in.TableName = aws.String("a b c") },
			"1 validation error detected: Value 'a b c' at 'tableName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"},
		"units on demand": {func(in *dynamodb.CreateTableInput) { in.ProvisionedThroughput = units },
			wrong + "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is PAY_PER_REQUEST"},
		"no units": {func(in *dynamodb.CreateTableInput) { in.BillingMode = types.BillingModeProvisioned },
			wrong + "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is PROVISIONED"},
		"unused attribute": {func(in *dynamodb.CreateTableInput) { in.AttributeDefinitions = define("S", "p", "q") },
			wrong + "Number of attributes in KeySchema does not exactly match number of attributes defined in AttributeDefinitions"},
		"undefined attribute": {func(in *dynamodb.CreateTableInput) { in.KeySchema = keys("q") },
			wrong + "Some index key attributes are not defined in AttributeDefinitions. Keys: [q], AttributeDefinitions: [p]"},
		"same name twice": {func(in *dynamodb.CreateTableInput) { in.KeySchema = keys("p", "p") },
			"Invalid KeySchema: Some index key attribute have no definition"},
		"map key": {func(in *dynamodb.CreateTableInput) { in.AttributeDefinitions = define("M", "p") },
			"1 validation error detected: Value 'M' at 'attributeDefinitions.1.member.attributeType' failed to satisfy constraint: Member must satisfy enum value set: [B, N, S]"},
		"no projection": {gsi(&types.Projection{}), wrong + "Unknown ProjectionType: null"},
		"include nothing": {gsi(&types.Projection{ProjectionType: "INCLUDE"}),
			wrong + "ProjectionType is INCLUDE, but NonKeyAttributes is not specified"},
		"all and some": {gsi(&types.Projection{ProjectionType: "ALL", NonKeyAttributes: []string{"x"}}),
			wrong + "ProjectionType is ALL, but NonKeyAttributes is specified"},
		"local index of a table without sort key": {lsi(keys("p")),
			wrong + "Table KeySchema does not have a range key, which is required when specifying a LocalSecondaryIndex"},
		"local index without sort key": {func(in *dynamodb.CreateTableInput) { sorted(in); lsi(keys("p"))(in) },
			wrong + "Index KeySchema does not have a range key for index: local"},
		"local index of other partitions": {func(in *dynamodb.CreateTableInput) { sorted(in); lsi(keys("s", "p"))(in) },
			wrong + "Index KeySchema does not have the same leading hash key as table KeySchema for index: local. index hash key: s, table hash key: p"},
		"six local indexes": {func(in *dynamodb.CreateTableInput) { sorted(in); lsi(keys("p", "s"))(in); more(in, 6) },
			wrong + "Number of LocalSecondaryIndexes exceeds per-table limit of 5"},
		"four keys": {func(in *dynamodb.CreateTableInput) {
			gsi(&types.Projection{ProjectionType: "ALL"})(in)
			in.GlobalSecondaryIndexes[0].KeySchema = keys("p", "a", "b", "c")
		},
			"A KeySchema of more than two attributes is not implemented by Shakedown: index by-p has 4"},
		"resource policy": {func(in *dynamodb.CreateTableInput) { in.ResourcePolicy = aws.String("{}") },
			`CreateTable: member "ResourcePolicy" is not implemented by Shakedown (or is not a member of this request)`},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			in := &dynamodb.CreateTableInput{
				TableName: aws.String("table"), BillingMode: types.BillingModePayPerRequest,
				AttributeDefinitions: define("S", "p"), KeySchema: keys("p"),
			}
			tc.change(in)
			_, err := client(New(Config{})).CreateTable(context.Background(), in)
			refused(t, err, "ValidationException", tc.message)
		})
	}
}

func TestCreateTableTwice(t *testing.T) {
	c := numbered(t, "N")
	_, err := c.CreateTable(context.Background(), &dynamodb.CreateTableInput{
		TableName: aws.String("numbered"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: define("S", "p"), KeySchema: keys("p"),
	})
	var inUse *types.ResourceInUseException
	require.ErrorAs(t, err, &inUse)
	require.Equal(t, "Table already exists: numbered", inUse.ErrorMessage())
}
