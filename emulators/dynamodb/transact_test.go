package dynamodb

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

func counted(name string) item { return item{"PK": text(name), "SK": text("s")} }

// add is a part that counts at an item.
func add(name string) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: deviceTable, Key: counted(name), UpdateExpression: aws.String("ADD n :one"), ExpressionAttributeValues: item{":one": number("1")},
	}}
}

// only is a part that holds when the item's n is value.
func only(name, value string) types.TransactWriteItem {
	return types.TransactWriteItem{ConditionCheck: &types.ConditionCheck{
		TableName: deviceTable, Key: counted(name), ConditionExpression: aws.String("n = :n"), ExpressionAttributeValues: item{":n": number(value)},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	}}
}

func countAt(t testing.TB, c *dynamodb.Client, name string) types.AttributeValue {
	out, err := c.GetItem(t.Context(), &dynamodb.GetItemInput{TableName: deviceTable, Key: counted(name)})
	require.NoError(t, err)
	return out.Item["n"]
}

// AWS.md §5: "transactions": all parts are done, or none and each has a reason.
func TestTransactionIsDoneWholeOrNotAtAll(t *testing.T) {
	ctx, c := t.Context(), devices(t)
	write := func(parts ...types.TransactWriteItem) error {
		_, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: parts})
		return err
	}
	require.NoError(t, write(add("a"), add("b")))
	require.NoError(t, write(only("a", "1"), add("b"), types.TransactWriteItem{Put: &types.Put{TableName: deviceTable, Item: counted("c")}}))
	require.Equal(t, number("2"), countAt(t, c, "b"))

	more := add("c")
	more.Update.UpdateExpression = aws.String("SET x = gone + :one")
	err := write(add("b"), only("a", "2"), only("none", "1"), more)
	refused(t, err, "TransactionCanceledException",
		"Transaction cancelled, please refer cancellation reasons for specific reasons [None, ConditionalCheckFailed, ConditionalCheckFailed, ValidationError]")
	var cancelled *types.TransactionCanceledException
	require.ErrorAs(t, err, &cancelled)
	require.Equal(t, "None", *cancelled.CancellationReasons[0].Code)
	require.Nil(t, cancelled.CancellationReasons[0].Message)
	require.Equal(t, "The conditional request failed", *cancelled.CancellationReasons[1].Message)
	require.Equal(t, number("1"), cancelled.CancellationReasons[1].Item["n"], "ReturnValuesOnConditionCheckFailure")
	require.Empty(t, cancelled.CancellationReasons[2].Item)
	require.Contains(t, *cancelled.CancellationReasons[3].Message, "refers to an attribute that does not exist in the item")
	require.Equal(t, number("2"), countAt(t, c, "b"), "nothing was done")

	require.NoError(t, write(types.TransactWriteItem{Delete: &types.Delete{TableName: deviceTable, Key: counted("b")}}, add("d")))
	require.Nil(t, countAt(t, c, "b"))
}

// What is wrong with a part whatever the items are is the only reason: the parts before
// it are not looked at, and neither are those after it. Seen of the service by the
// tests of nubo-db/dynamodb-conformance.
func TestWrongPartIsTheOnlyReason(t *testing.T) {
	ctx, c := t.Context(), devices(t)
	key := add("c")
	key.Update.UpdateExpression = aws.String("ADD PK :one")
	_, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{
		only("none", "1"), key, {Put: &types.Put{TableName: deviceTable, Item: item{"PK": number("1"), "SK": text("s")}}},
	}})
	refused(t, err, "TransactionCanceledException", "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError, None]")
	get := func(key item) types.TransactGetItem {
		return types.TransactGetItem{Get: &types.Get{TableName: deviceTable, Key: key}}
	}
	_, err = c.TransactGetItems(ctx, &dynamodb.TransactGetItemsInput{TransactItems: []types.TransactGetItem{get(counted("a")), get(item{"PK": text("a")}), get(item{"PK": text("b")})}})
	refused(t, err, "TransactionCanceledException", "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError, None]")
}

// The 4 MB are of the request: what a part finds may be larger.
func TestTransactionDeletesMoreThanItMayWrite(t *testing.T) {
	ctx, c := t.Context(), devices(t)
	var deletes []types.TransactWriteItem
	for _, part := range large(11) {
		_, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: deviceTable, Item: part.Put.Item})
		require.NoError(t, err)
		deletes = append(deletes, types.TransactWriteItem{Delete: &types.Delete{TableName: deviceTable, Key: item{"PK": part.Put.Item["PK"], "SK": text("s")}}})
	}
	_, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: deletes})
	require.NoError(t, err)
}

func TestTransactionsAreChecked(t *testing.T) {
	ctx, c := t.Context(), devices(t)
	refusals := map[string][]types.TransactWriteItem{
		"Transaction request cannot include multiple operations on one item": {add("a"), only("a", "1")},
		"TransactItems can only contain one of Check, Put, Update or Delete": {{}},
		"Value null at 'transactItems.1.member.update.updateExpression'":     {{Update: &types.Update{TableName: deviceTable, Key: counted("a"), UpdateExpression: nil}}},
		"Member must have length less than or equal to 100":                  make([]types.TransactWriteItem, 101),
		"Member must have length greater than or equal to 1":                 {},
		"Invalid ConditionExpression: Syntax error; token: \"<EOF>\"":        {{Delete: &types.Delete{TableName: deviceTable, Key: counted("a"), ConditionExpression: aws.String("n =")}}},
		"Transaction payload size cannot exceed 4MB. Payload Size: ":         large(11),
	}
	for message, parts := range refusals {
		_, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: parts}, unchecked)
		require.ErrorContains(t, err, message)
		require.ErrorContains(t, err, "ValidationException")
	}
	elsewhere := add("a")
	elsewhere.Update.TableName = aws.String("none")
	_, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{elsewhere}})
	refused(t, err, "ResourceNotFoundException", "Requested resource not found")
}

// unchecked sends what the SDK's own validation would not.
func unchecked(o *dynamodb.Options) {
	o.APIOptions = append(o.APIOptions, withoutValidation)
}

// large are parts of 390 KB each.
func large(n int) (parts []types.TransactWriteItem) {
	for i := range n {
		it := counted(strings.Repeat("k", i+1))
		it["text"] = text(strings.Repeat("x", 390<<10))
		parts = append(parts, types.TransactWriteItem{Put: &types.Put{TableName: deviceTable, Item: it}})
	}
	return parts
}

func TestTransactionTokenIsGoodForTenMinutes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, c := t.Context(), devices(t)
		write := func(name string) error {
			_, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{ClientRequestToken: aws.String("once"), TransactItems: []types.TransactWriteItem{add(name)}})
			return err
		}
		require.NoError(t, write("a"))
		require.NoError(t, write("a"))
		require.Equal(t, number("1"), countAt(t, c, "a"))
		var mismatch *types.IdempotentParameterMismatchException
		require.ErrorAs(t, write("b"), &mismatch)
		time.Sleep(10 * time.Minute)
		require.NoError(t, write("a"))
		require.Equal(t, number("2"), countAt(t, c, "a"))
	})
}

func TestTransactGetItems(t *testing.T) {
	ctx, c := t.Context(), devices(t)
	_, err := c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{add("a"), add("b")}})
	require.NoError(t, err)
	get := func(key item) types.TransactGetItem {
		return types.TransactGetItem{Get: &types.Get{TableName: deviceTable, Key: key, ProjectionExpression: aws.String("n")}}
	}
	out, err := c.TransactGetItems(ctx, &dynamodb.TransactGetItemsInput{TransactItems: []types.TransactGetItem{get(counted("b")), get(counted("none")), get(counted("a"))}})
	require.NoError(t, err)
	require.Equal(t, []types.ItemResponse{{Item: item{"n": number("1")}}, {}, {Item: item{"n": number("1")}}}, out.Responses)
	_, err = c.TransactGetItems(ctx, &dynamodb.TransactGetItemsInput{TransactItems: []types.TransactGetItem{get(counted("a")), get(item{"PK": text("a")})}})
	refused(t, err, "TransactionCanceledException", "Transaction cancelled, please refer cancellation reasons for specific reasons [None, ValidationError]")
	_, err = c.TransactGetItems(ctx, &dynamodb.TransactGetItemsInput{TransactItems: []types.TransactGetItem{get(counted("a")), get(counted("a"))}})
	refused(t, err, "ValidationException", "Transaction request cannot include multiple operations on one item")
}
