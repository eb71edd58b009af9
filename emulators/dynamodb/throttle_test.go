package dynamodb

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

// small makes a table of two units a second, with an index of one, that are
// enforced.
func small(t testing.TB) *dynamodb.Client {
	c := client(New(Config{Enforce: true}))
	units := func(n int64) *types.ProvisionedThroughput {
		return &types.ProvisionedThroughput{ReadCapacityUnits: &n, WriteCapacityUnits: &n}
	}
	_, err := c.CreateTable(t.Context(), &dynamodb.CreateTableInput{
		TableName: aws.String("small"), ProvisionedThroughput: units(2), AttributeDefinitions: define("S", "p", "i"), KeySchema: keys("p"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("by-i"), KeySchema: keys("i"), Projection: &types.Projection{ProjectionType: "KEYS_ONLY"}, ProvisionedThroughput: units(1),
		}},
	})
	require.NoError(t, err)
	return c
}

// reasonOf is why a call was throttled.
func reasonOf(t testing.TB, err error) string {
	var over *types.ProvisionedThroughputExceededException
	require.ErrorAs(t, err, &over)
	return *over.ThrottlingReasons[0].Reason + " " + *over.ThrottlingReasons[0].Resource
}

// AWS.md §5: "throttles ProvisionedThroughputExceededException (provisioned tables)
// … each with ThrottlingReasons".
func TestProvisionedCapacityHolds(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, c, name := t.Context(), small(t), aws.String("small")
		put := func(it item) error {
			_, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: name, Item: it})
			return err
		}
		a := item{"p": text("a")}
		require.NoError(t, put(a))
		require.NoError(t, put(a))
		require.Equal(t, "TableWriteProvisionedThroughputExceeded arn:aws:dynamodb:us-east-1:000000000000:table/small", reasonOf(t, put(a)))
		for range 4 {
			_, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: name, Key: a})
			require.NoError(t, err, "half a unit each")
		}
		_, err := c.Scan(ctx, &dynamodb.ScanInput{TableName: name})
		require.Contains(t, reasonOf(t, err), "TableReadProvisionedThroughputExceeded")

		time.Sleep(time.Second)
		require.NoError(t, put(item{"p": text("a"), "i": text("x")}))
		require.Contains(t, reasonOf(t, put(item{"p": text("a"), "i": text("y")})), "IndexWriteProvisionedThroughputExceeded arn:aws:dynamodb:us-east-1:000000000000:table/small/index/by-i")
		require.NoError(t, put(item{"p": text("b")}), "the index is not written")

		time.Sleep(time.Hour)
		for range 600 {
			require.NoError(t, put(a), "five minutes are kept")
		}
		require.Error(t, put(a))
		_, err = c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{{Put: &types.Put{TableName: name, Item: a}}}})
		refused(t, err, "TransactionCanceledException", "Transaction cancelled, please refer cancellation reasons for specific reasons [ProvisionedThroughputExceeded]")
	})
}

// AWS.md §5: "BatchWriteItem ≤ 25 with UnprocessedItems".
func TestBatchesLeaveWhatTheCapacityDoesNotSufficeFor(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, c := t.Context(), small(t)
		in := &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{}}
		read := types.KeysAndAttributes{ConsistentRead: aws.Bool(true)}
		for i := range 5 {
			key := item{"p": text(fmt.Sprint(i))}
			in.RequestItems["small"] = append(in.RequestItems["small"], types.WriteRequest{PutRequest: &types.PutRequest{Item: key}})
			read.Keys = append(read.Keys, key)
		}
		for left := 3; left >= 0; left -= 2 {
			out, err := c.BatchWriteItem(ctx, in)
			require.NoError(t, err)
			require.Len(t, out.UnprocessedItems["small"], left)
			in.RequestItems = out.UnprocessedItems
			_, err = c.BatchWriteItem(ctx, in)
			require.Contains(t, reasonOf(t, err), "TableWrite", "nothing could be done")
			time.Sleep(time.Second)
		}
		out, err := c.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{"small": read}})
		require.NoError(t, err)
		require.Equal(t, len(read.Keys), len(out.Responses["small"])+len(out.UnprocessedKeys["small"].Keys))
		require.NotEmpty(t, out.UnprocessedKeys)
		_, err = c.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: out.UnprocessedKeys})
		require.Contains(t, reasonOf(t, err), "TableRead")
	})
}
