package dynamodb

import (
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

// capped makes an on-demand table, with an index, that may be read and written so
// often a second.
func capped(t testing.TB, table, index *types.OnDemandThroughput) *dynamodb.Client {
	c := client(New(Config{Enforce: true}))
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("capped"), BillingMode: types.BillingModePayPerRequest, OnDemandThroughput: table,
		AttributeDefinitions: define("S", "p", "i"), KeySchema: keys("p"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("by-i"), KeySchema: keys("i"), Projection: &types.Projection{ProjectionType: "KEYS_ONLY"}, OnDemandThroughput: index,
		}},
	})
	require.NoError(t, err)
	return c
}

func most(reads, writes int64) *types.OnDemandThroughput {
	return &types.OnDemandThroughput{MaxReadRequestUnits: &reads, MaxWriteRequestUnits: &writes}
}

// AWS.md §5: ThrottlingException (on-demand); each with ThrottlingReasons.
func TestOnDemandTablesThrottle(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, name := t.Context(), aws.String("capped")
		c := capped(t, most(1, 2), most(-1, 1))
		put := func(it item) error {
			_, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: name, Item: it})
			return err
		}
		// The message and the reason are those of the developer guide's example.
		over := func(err error, reason string) {
			t.Helper()
			var throttled *types.ThrottlingException
			require.ErrorAs(t, err, &throttled)
			require.Equal(t, "Throughput exceeds the maximum OnDemandThroughput configured on table or index", *throttled.Message)
			require.Equal(t, reason, *throttled.ThrottlingReasons[0].Reason+" "+*throttled.ThrottlingReasons[0].Resource)
		}
		const arn = "arn:aws:dynamodb:us-east-1:000000000000:table/capped"
		require.NoError(t, put(item{"p": text("a"), "i": text("x")}))
		over(put(item{"p": text("b"), "i": text("y")}), "IndexWriteMaxOnDemandThroughputExceeded "+arn+"/index/by-i")
		require.NoError(t, put(item{"p": text("b")}))
		over(put(item{"p": text("b")}), "TableWriteMaxOnDemandThroughputExceeded "+arn)
		get := func() error {
			_, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: name, Key: item{"p": text("a")}, ConsistentRead: aws.Bool(true)})
			return err
		}
		require.NoError(t, get())
		over(get(), "TableReadMaxOnDemandThroughputExceeded "+arn)

		time.Sleep(time.Hour)
		require.NoError(t, put(item{"p": text("a")}))
		require.NoError(t, put(item{"p": text("a")}))
		over(put(item{"p": text("a")}), "TableWriteMaxOnDemandThroughputExceeded "+arn) // there are no bursts
		_, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{{Put: &types.Put{TableName: name, Item: item{"p": text("c")}}}}})
		refused(t, err, "TransactionCanceledException", "Transaction cancelled, please refer cancellation reasons for specific reasons [ThrottlingError]")

		_, err = c.UpdateTable(ctx, &dynamodb.UpdateTableInput{TableName: name, OnDemandThroughput: most(-1, -1)})
		require.NoError(t, err)
		time.Sleep(time.Second)
		for range 100 {
			require.NoError(t, put(item{"p": text("a")}))
		}
	})
}

// AWS.md §5: RequestLimitExceeded (account); each with ThrottlingReasons.
func TestTheAccountsLimitHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, name := t.Context(), aws.String("capped")
		c := capped(t, nil, nil)
		large := item{"p": text("a"), "x": &types.AttributeValueMemberB{Value: make([]byte, 399<<10)}}
		put := func() error {
			_, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: name, Item: large})
			return err
		}
		for written := 0; written < 40_000; written += 400 { // units of 1 KB
			require.NoError(t, put())
		}
		var exceeded *types.RequestLimitExceeded
		require.ErrorAs(t, put(), &exceeded)
		require.Equal(t, "TableWriteAccountLimitExceeded", *exceeded.ThrottlingReasons[0].Reason)
		require.Equal(t, "arn:aws:dynamodb:us-east-1:000000000000:table/capped", *exceeded.ThrottlingReasons[0].Resource)
		time.Sleep(time.Second)
		require.NoError(t, put())
	})
}

func TestOnDemandThroughputIsDescribed(t *testing.T) {
	c := capped(t, &types.OnDemandThroughput{MaxWriteRequestUnits: aws.Int64(7)}, nil)
	bounds := func() (table, index *types.OnDemandThroughput) {
		is := described(t, c, "capped")
		return is.OnDemandThroughput, is.GlobalSecondaryIndexes[0].OnDemandThroughput
	}
	table, index := bounds()
	require.Equal(t, most(-1, 7), table)
	require.Nil(t, index)
	change := func(in dynamodb.UpdateTableInput) error { return changed(t, c, "capped", in) }
	require.NoError(t, change(dynamodb.UpdateTableInput{OnDemandThroughput: most(3, -1), GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{
		{Update: &types.UpdateGlobalSecondaryIndexAction{IndexName: aws.String("by-i"), OnDemandThroughput: most(5, 6)}}}}))
	table, index = bounds()
	require.Equal(t, most(3, -1), table)
	require.Equal(t, most(5, 6), index)

	refused(t, change(dynamodb.UpdateTableInput{OnDemandThroughput: &types.OnDemandThroughput{}}), "ValidationException",
		"One or more parameter values were invalid: At least one of MaxReadRequestUnits or MaxWriteRequestUnits must be specified in OnDemandThroughput")
	require.ErrorContains(t, change(dynamodb.UpdateTableInput{OnDemandThroughput: most(0, 1)}), "Requested MaxReadRequestUnits for OnDemandThroughput for table is outside of valid range")
	require.ErrorContains(t, change(dynamodb.UpdateTableInput{OnDemandThroughput: most(1, 40_001)}), "Requested MaxWriteRequestUnits for OnDemandThroughput for table is outside of valid range")
	units := &types.ProvisionedThroughput{ReadCapacityUnits: aws.Int64(1), WriteCapacityUnits: aws.Int64(1)}
	toProvisioned := dynamodb.UpdateTableInput{BillingMode: types.BillingModeProvisioned, ProvisionedThroughput: units, GlobalSecondaryIndexUpdates: []types.GlobalSecondaryIndexUpdate{
		{Update: &types.UpdateGlobalSecondaryIndexAction{IndexName: aws.String("by-i"), ProvisionedThroughput: units}}}}
	toProvisioned.OnDemandThroughput = most(1, 1)
	require.ErrorContains(t, change(toProvisioned), "MaxReadRequestUnits for OnDemandThroughput cannot be specified when the table BillingMode is PROVISIONED")
	toProvisioned.OnDemandThroughput = nil
	require.NoError(t, change(toProvisioned))
	table, index = bounds()
	require.Nil(t, table)
	require.Nil(t, index)
}
