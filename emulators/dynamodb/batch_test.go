package dynamodb

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

func batchPut(i item) types.WriteRequest {
	return types.WriteRequest{PutRequest: &types.PutRequest{Item: i}}
}

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
	refused(t, write(many...), "ValidationException", "Too many items requested for the BatchWriteItem call")

	out, err := c.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: map[string]types.KeysAndAttributes{
		*deviceTable: {Keys: []item{stateKey("1"), stateKey("2"), stateKey("3"), stateKey("4")}}}})
	require.NoError(t, err)
	require.Equal(t, []item{stateKey("2"), stateKey("3")}, out.Responses[*deviceTable], "the refused batch wrote nothing")
	require.Empty(t, out.UnprocessedKeys)
}

func TestBatchGetLeavesWhatDoesNotFit(t *testing.T) {
	ctx := context.Background()
	c := devices(t)
	var wanted []item
	for i := range 50 {
		wanted = append(wanted, stateKey(strconv.Itoa(i)))
		put(t, c, map[string]any{"PK": "DEVICE#" + strconv.Itoa(i), "SK": "STATE", "x": strings.Repeat("x", 400_000)})
	}
	got, calls := 0, 0
	for left := (map[string]types.KeysAndAttributes{*deviceTable: {Keys: wanted, ProjectionExpression: aws.String("PK")}}); len(left) > 0; calls++ {
		out, err := c.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: left})
		require.NoError(t, err)
		got += len(out.Responses[*deviceTable])
		left = out.UnprocessedKeys
	}
	require.Equal(t, 50, got)
	require.Equal(t, 2, calls)
}
