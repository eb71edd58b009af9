package dynamodb

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

func batchPut(i item) types.WriteRequest {
	return types.WriteRequest{PutRequest: &types.PutRequest{Item: i}}
}

// AWS.md §5: "BatchWriteItem ≤ 25".
func TestBatches(t *testing.T) {
	ctx := context.Background()
	c := devices(t)
	write := func(requests ...types.WriteRequest) error {
		out, err := c.BatchWriteItem(ctx, &dynamodb.BatchWriteItemInput{RequestItems: map[string][]types.WriteRequest{*deviceTable: requests}})
		if err == nil {
			require.Empty(t, out.UnprocessedItems)
		}
		return err
	}
	require.NoError(t, write(batchPut(stateKey("1")), batchPut(stateKey("2"))))
	require.NoError(t, write(batchPut(stateKey("3")), types.WriteRequest{DeleteRequest: &types.DeleteRequest{Key: stateKey("1")}}))
	refused(t, write(batchPut(stateKey("4")), batchPut(stateKey("4"))), "ValidationException", "Provided list of item keys contains duplicates")
	var many []types.WriteRequest
	for i := range 26 {
		many = append(many, batchPut(stateKey(strconv.Itoa(i))))
	}
	refused(t, write(many...), "ValidationException", "1 validation error detected: Value '{iot-devices=[26 requests]}' at 'requestItems' failed to satisfy constraint: Map value must satisfy constraint: [Member must have length less than or equal to 25, Member must have length greater than or equal to 1]")

	out, err := c.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
		*deviceTable: {Keys: []item{stateKey("1"), stateKey("2"), stateKey("3"), stateKey("4")}}}})
	require.NoError(t, err)
	require.Equal(t, []item{stateKey("2"), stateKey("3")}, out.Responses[*deviceTable], "the refused batch wrote nothing")
	require.Empty(t, out.UnprocessedKeys)
}

// TestBatchGetLeavesWhatDoesNotFit calls the State, because 20 MB take the SDK
// and the race detector seconds.
func TestBatchGetLeavesWhatDoesNotFit(t *testing.T) {
	ctx := context.Background()
	s := New(Config{})
	_, err := s.CreateTable(ctx, &CreateTableInput{TableName: "large", BillingMode: onDemand,
		AttributeDefinitions: []AttributeDefinition{{"p", "N"}}, KeySchema: []KeySchemaElement{{"p", "HASH"}}})
	require.NoError(t, err)
	var wanted []attribute.Item
	for i := range int64(50) {
		key := attribute.Item{"p": attribute.Int(i)}
		wanted = append(wanted, key)
		item := key.Clone()
		item["x"] = attribute.String(strings.Repeat("x", 400_000))
		_, err := s.PutItem(ctx, &PutItemInput{Put: Put{TableName: "large", Item: item}})
		require.NoError(t, err)
	}
	got, calls := 0, 0
	for left := (map[string]KeysAndAttributes{"large": {Keys: wanted}}); len(left) > 0; calls++ {
		out, err := s.BatchGetItem(ctx, &BatchGetItemInput{RequestItems: left})
		require.NoError(t, err)
		got += len(out.Responses["large"])
		left = out.UnprocessedKeys
	}
	require.Equal(t, 50, got)
	require.Equal(t, 2, calls)
}
