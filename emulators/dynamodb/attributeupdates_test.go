package dynamodb

import (
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

func strs(values ...string) types.AttributeValue {
	return &types.AttributeValueMemberSS{Value: values}
}

// Terraform's aws_dynamodb_table_item changes an item by AttributeUpdates.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.AttributeUpdates.html
func TestAttributeUpdates(t *testing.T) {
	ctx, c := t.Context(), devices(t)
	update := func(key item, change map[string]types.AttributeValueUpdate) (*dynamodb.UpdateItemOutput, error) {
		return c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: deviceTable, Key: key, AttributeUpdates: change, ReturnValues: types.ReturnValueAllNew})
	}
	const add, del = types.AttributeActionAdd, types.AttributeActionDelete
	one, none := stateKey("1"), stateKey("none")
	_, err := update(one, map[string]types.AttributeValueUpdate{"a.b": {Value: text("x")}, "n": {Action: add, Value: number("5")}, "s": {Action: add, Value: strs("a", "b", "c")}, "old": {Action: types.AttributeActionPut, Value: text("y")}})
	require.NoError(t, err)
	got, err := update(one, map[string]types.AttributeValueUpdate{"n": {Action: add, Value: number("-7")}, "s": {Action: del, Value: strs("a", "c", "d")}, "old": {Action: del}, "absent": {Action: del, Value: strs("a")}})
	require.NoError(t, err)
	require.Equal(t, item{"PK": text("DEVICE#1"), "SK": text("STATE"), "a.b": text("x"), "n": number("-2"), "s": strs("b")}, got.Attributes)
	got, err = update(none, map[string]types.AttributeValueUpdate{"x": {Action: del}})
	require.NoError(t, err)
	require.Empty(t, got.Attributes, "what only deletes makes no item")
	for want, change := range map[string]map[string]types.AttributeValueUpdate{
		"Only DELETE action is allowed when no attribute value is specified": {"x": {Action: add}},
		"Action ADD is not supported for the type S":                         {"x": {Action: add, Value: text("x")}},
		"Action DELETE is not supported for the type N":                      {"x": {Action: del, Value: number("1")}},
		"failed to satisfy constraint: Member must satisfy enum value set":   {"x": {Action: "SET", Value: number("1")}},
		"Cannot update attribute SK. This attribute is part of the key":      {"SK": {Value: text("x")}},
	} {
		_, err = update(one, change)
		require.ErrorContains(t, err, want)
	}
	_, err = c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: deviceTable, Key: one, AttributeUpdates: map[string]types.AttributeValueUpdate{"x": {Value: text("x")}}, UpdateExpression: aws.String("REMOVE y")})
	require.ErrorContains(t, err, "Non-expression parameters: {AttributeUpdates} Expression parameters: {UpdateExpression}")
	_, err = c.TransactWriteItems(ctx, &dynamodb.TransactWriteItemsInput{TransactItems: []types.TransactWriteItem{{Update: &types.Update{TableName: deviceTable, Key: one, UpdateExpression: aws.String("REMOVE y")}}}})
	require.NoError(t, err)
}
