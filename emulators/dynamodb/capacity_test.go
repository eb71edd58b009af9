package dynamodb

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

// sized is an item of the table of forum, of so many bytes in all.
func sized(subject string, bytes int) item {
	it := item{"forum": text("S3"), "subject": text(subject)}
	it["body"] = text(strings.Repeat("x", bytes-len("forum"+"S3"+"subject"+"body")-len(subject)))
	return it
}

// units prints what was consumed: the whole, the table and the index.
func units(c *types.ConsumedCapacity) string {
	text := fmt.Sprint(*c.CapacityUnits)
	if c.Table != nil {
		text += fmt.Sprint(" table ", *c.Table.CapacityUnits)
	}
	for name, index := range c.LocalSecondaryIndexes {
		text += fmt.Sprint(" ", name, " ", *index.CapacityUnits)
	}
	return text
}

// TestConsumedCapacity goes through the sizes of
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
func TestConsumedCapacity(t *testing.T) {
	ctx, c, table := t.Context(), forum(t), aws.String("thread")
	put := func(it item) string {
		out, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: table, Item: it, ReturnConsumedCapacity: "INDEXES"})
		require.NoError(t, err)
		return units(out.ConsumedCapacity)
	}
	get := func(subject string, consistent bool) string {
		out, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: table, Key: item{"forum": text("S3"), "subject": text(subject)}, ConsistentRead: &consistent, ReturnConsumedCapacity: "TOTAL"})
		require.NoError(t, err)
		return units(out.ConsumedCapacity)
	}
	require.Equal(t, "1 table 1", put(sized("x", 1024)))
	require.Equal(t, "2 table 2", put(sized("x", 1025)))
	require.Equal(t, "2 table 2", put(sized("x", 100)), "the larger of the item before and after")
	put(sized("x", 8192))
	require.Equal(t, "1", get("x", false))
	require.Equal(t, "2", get("x", true))
	put(sized("x", 8193))
	require.Equal(t, "3", get("x", true))
	require.Equal(t, "0.5", get("none", false))

	indexed := sized("y", 3000)
	indexed["last"] = number("3")
	require.Equal(t, "4 table 3 by-last 1", put(indexed), "a new entry of the index is one write")
	require.Equal(t, "3 table 3", put(indexed), "an entry that stays is none")
	indexed["last"] = number("4")
	require.Equal(t, "5 table 3 by-last 2", put(indexed), "one that moves is two")

	deleted, err := c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: table, Key: item{"forum": text("S3"), "subject": text("y")},
		ReturnConsumedCapacity: "INDEXES", ReturnItemCollectionMetrics: "SIZE"})
	require.NoError(t, err)
	require.Equal(t, "4 table 3 by-last 1", units(deleted.ConsumedCapacity))
	require.Equal(t, item{"forum": text("S3")}, deleted.ItemCollectionMetrics.ItemCollectionKey)
	require.Equal(t, []float64{0, 1}, deleted.ItemCollectionMetrics.SizeEstimateRangeGB)

	scan, err := c.Scan(ctx, &dynamodb.ScanInput{TableName: table, ReturnConsumedCapacity: "TOTAL"})
	require.NoError(t, err)
	require.Equal(t, "1.5", units(scan.ConsumedCapacity), "8.4 KB together")
	query, err := c.Query(ctx, threads(&dynamodb.QueryInput{ProjectionExpression: aws.String("body"), ReturnConsumedCapacity: "INDEXES"}))
	require.NoError(t, err)
	require.Equal(t, "2 table 1.5 by-last 0.5", units(query.ConsumedCapacity), "each of three items is read from the table")
	_, err = c.Scan(ctx, &dynamodb.ScanInput{TableName: table, ReturnConsumedCapacity: "SOME"})
	require.ErrorContains(t, err, "Member must satisfy enum value set: [INDEXES, TOTAL, NONE]")
}

func TestConsumedCapacityOfBatchesAndTransactions(t *testing.T) {
	ctx, c := t.Context(), forum(t)
	written, err := c.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{ReturnConsumedCapacity: "TOTAL", ReturnItemCollectionMetrics: "SIZE", RequestItems: map[string][]types.WriteRequest{"thread": {
		{PutRequest: &types.PutRequest{Item: sized("x", 1500)}}, {DeleteRequest: &types.DeleteRequest{Key: item{"forum": text("none"), "subject": text("none")}}},
	}}})
	require.NoError(t, err)
	require.Equal(t, "3", units(&written.ConsumedCapacity[0]))
	require.Len(t, written.ItemCollectionMetrics["thread"], 1)
	x := item{"forum": text("S3"), "subject": text("x")}
	read, err := c.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{ReturnConsumedCapacity: "TOTAL", RequestItems: map[string]types.KeysAndAttributes{
		"thread": {Keys: []item{x, {"forum": text("none"), "subject": text("none")}}},
	}})
	require.NoError(t, err)
	require.Equal(t, "1", units(&read.ConsumedCapacity[0]))
	transaction := &dynamodb.TransactWriteItemsInput{ClientRequestToken: aws.String("a"), ReturnConsumedCapacity: "TOTAL", TransactItems: []types.TransactWriteItem{
		{Put: &types.Put{TableName: aws.String("thread"), Item: sized("x", 1500)}},
	}}
	done, err := c.TransactWriteItems(ctx, transaction)
	require.NoError(t, err)
	require.EqualValues(t, 4, *done.ConsumedCapacity[0].WriteCapacityUnits, "two to prepare and two to commit")
	again, err := c.TransactWriteItems(ctx, transaction)
	require.NoError(t, err)
	require.EqualValues(t, 2, *again.ConsumedCapacity[0].ReadCapacityUnits)
	got, err := c.TransactGetItems(ctx, &dynamodb.TransactGetItemsInput{ReturnConsumedCapacity: "TOTAL", TransactItems: []types.TransactGetItem{{Get: &types.Get{TableName: aws.String("thread"), Key: x}}}})
	require.NoError(t, err)
	require.Equal(t, "2", units(&got.ConsumedCapacity[0]))
}
