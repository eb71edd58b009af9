package dynamodb

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"
)

var deviceTable = aws.String("iot-devices")

func put(t testing.TB, c *dynamodb.Client, in any) {
	t.Helper()
	_, err := c.PutItem(context.Background(), &dynamodb.PutItemInput{TableName: deviceTable, Item: marshal(t, in)})
	require.NoError(t, err)
}

func stateKey(thing string) item { return item{"PK": text("DEVICE#" + thing), "SK": text("STATE")} }

func TestItemRoundTrip(t *testing.T) {
	ctx := context.Background()
	c := devices(t)
	in := item{
		"PK": text("DEVICE#1"), "SK": text("STATE"),
		"text":    text("grüße \"<&>\" \n\u2028"),
		"number":  number("1e2"),
		"tiny":    number("-0.00120"),
		"binary":  &types.AttributeValueMemberB{Value: []byte{0, 255}},
		"yes":     &types.AttributeValueMemberBOOL{Value: true},
		"null":    &types.AttributeValueMemberNULL{Value: true},
		"list":    &types.AttributeValueMemberL{Value: []types.AttributeValue{text("a"), number("007")}},
		"map":     &types.AttributeValueMemberM{Value: item{"x": &types.AttributeValueMemberM{Value: item{}}}},
		"strings": &types.AttributeValueMemberSS{Value: []string{"b", "a"}},
		"numbers": &types.AttributeValueMemberNS{Value: []string{"10", "9", "-1"}},
		"blobs":   &types.AttributeValueMemberBS{Value: [][]byte{{2}, {1}}},
	}
	_, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: deviceTable, Item: in})
	require.NoError(t, err)
	out, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: deviceTable, Key: stateKey("1"), ConsistentRead: aws.Bool(true)})
	require.NoError(t, err)
	in["number"], in["tiny"] = number("100"), number("-0.0012")
	in["list"].(*types.AttributeValueMemberL).Value[1] = number("7")
	in["strings"] = &types.AttributeValueMemberSS{Value: []string{"a", "b"}}
	in["numbers"] = &types.AttributeValueMemberNS{Value: []string{"-1", "9", "10"}}
	in["blobs"] = &types.AttributeValueMemberBS{Value: [][]byte{{1}, {2}}}
	require.Equal(t, in, out.Item)

	out, err = c.GetItem(ctx, &dynamodb.GetItemInput{TableName: deviceTable, Key: stateKey("2")})
	require.NoError(t, err)
	require.Nil(t, out.Item)
	out, err = c.GetItem(ctx, &dynamodb.GetItemInput{TableName: deviceTable, Key: stateKey("1"), ProjectionExpression: aws.String("nothing")})
	require.NoError(t, err)
	require.NotNil(t, out.Item, "an item without the attributes is empty, not absent")
}

// AWS.md §5: "ReturnValuesOnConditionCheckFailure".
func TestConditionalWrites(t *testing.T) {
	ctx := context.Background()
	c := devices(t)
	first := &dynamodb.PutItemInput{TableName: deviceTable, ConditionExpression: aws.String("attribute_not_exists(PK)"),
		Item: marshal(t, map[string]any{"PK": "DEVICE#1", "SK": "STATE", "v": 1}), ReturnValuesOnConditionCheckFailure: "ALL_OLD"}
	_, err := c.PutItem(ctx, first)
	require.NoError(t, err)
	_, err = c.PutItem(ctx, first)
	var failed *types.ConditionalCheckFailedException
	require.ErrorAs(t, err, &failed)
	require.Equal(t, "The conditional request failed", failed.ErrorMessage())
	require.Equal(t, map[string]any{"PK": "DEVICE#1", "SK": "STATE", "v": 1.0}, unmarshal(t, failed.Item))

	_, err = c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: deviceTable, Key: stateKey("1"), ConditionExpression: aws.String("v > :one"),
		ExpressionAttributeValues: item{":one": number("1")}})
	failed = nil
	require.ErrorAs(t, err, &failed)
	require.Nil(t, failed.Item)

	gone, err := c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: deviceTable, Key: stateKey("1"), ReturnValues: "ALL_OLD"})
	require.NoError(t, err)
	require.Equal(t, 1.0, unmarshal(t, gone.Attributes)["v"])
	gone, err = c.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: deviceTable, Key: stateKey("1"), ReturnValues: "ALL_OLD"})
	require.NoError(t, err)
	require.Nil(t, gone.Attributes)
}

// TestStateNeverGoesBack is the pipeline's own update: a late record is refused.
func TestStateNeverGoesBack(t *testing.T) {
	c := devices(t)
	set := func(at, temperature string) error {
		_, err := c.UpdateItem(context.Background(), &dynamodb.UpdateItemInput{
			TableName: deviceTable, Key: stateKey("1"),
			UpdateExpression:         aws.String("SET #data = :data, #timestamp = :at, GSI1PK = :index, GSI1SK = :at2 REMOVE offlineSince"),
			ConditionExpression:      aws.String("attribute_not_exists(#timestamp) OR #timestamp < :at"),
			ExpressionAttributeNames: map[string]string{"#data": "data", "#timestamp": "timestamp"},
			ExpressionAttributeValues: item{":at": number(at), ":at2": text(at), ":index": text("STATUS#online"),
				":data": &types.AttributeValueMemberM{Value: item{"temperature": number(temperature)}}},
		})
		return err
	}
	require.NoError(t, set("9999999999999", "21.50"))
	require.NoError(t, set("10000000000000", "22"), "numbers are compared as numbers")
	refused(t, set("9999999999999", "1"), "ConditionalCheckFailedException", "The conditional request failed")
	out, err := c.Query(context.Background(), &dynamodb.QueryInput{TableName: deviceTable, IndexName: aws.String("StatusIndex"),
		KeyConditionExpression: aws.String("GSI1PK = :s"), ExpressionAttributeValues: item{":s": text("STATUS#online")}})
	require.NoError(t, err)
	require.EqualValues(t, 1, out.Count, "the index has one entry, at its new place")
	require.Equal(t, map[string]any{"temperature": 22.0}, unmarshal(t, out.Items[0])["data"])
}

// AWS.md §5: "ReturnValues".
func TestUpdateReturnValues(t *testing.T) {
	c := devices(t)
	update := func(returns types.ReturnValue) map[string]any {
		put(t, c, map[string]any{"PK": "DEVICE#1", "SK": "STATE", "a": map[string]any{"b": 1, "c": 2}, "d": 3, "e": 4})
		out, err := c.UpdateItem(context.Background(), &dynamodb.UpdateItemInput{TableName: deviceTable, Key: stateKey("1"), ReturnValues: returns,
			UpdateExpression: aws.String("SET a.b = :n REMOVE d"), ExpressionAttributeValues: item{":n": number("9")}})
		require.NoError(t, err)
		return unmarshal(t, out.Attributes)
	}
	sub := func(b float64) map[string]any { return map[string]any{"b": b, "c": 2.0} }
	require.Empty(t, update("NONE"))
	require.Equal(t, map[string]any{"a": map[string]any{"b": 9.0}}, update("UPDATED_NEW"))
	require.Equal(t, map[string]any{"a": map[string]any{"b": 1.0}, "d": 3.0}, update("UPDATED_OLD"))
	require.Equal(t, map[string]any{"PK": "DEVICE#1", "SK": "STATE", "a": sub(9), "e": 4.0}, update("ALL_NEW"))
	require.Equal(t, map[string]any{"PK": "DEVICE#1", "SK": "STATE", "a": sub(1), "d": 3.0, "e": 4.0}, update("ALL_OLD"))
}

// "If there is no item with that key, UpdateItem creates one": not for an update that
// only takes away, which leaves nothing. See
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
// and ScyllaDB's test_update_item_non_existent, which is run against the service.
func TestUpdateMakesItems(t *testing.T) {
	ctx, c := t.Context(), devices(t)
	one := item{":one": number("1"), ":set": &types.AttributeValueMemberSS{Value: []string{"a"}}}
	for text, made := range map[string]bool{
		"": true, "ADD n :one REMOVE y": true, "SET n = :one": true,
		"REMOVE y": false, "REMOVE x.y": false, "DELETE s :set": false, "DELETE s :set REMOVE y": false,
	} {
		in := &dynamodb.UpdateItemInput{TableName: deviceTable, Key: stateKey(text), ReturnValues: "ALL_NEW", ReturnConsumedCapacity: "TOTAL"}
		if text != "" {
			in.UpdateExpression = &text
			in.ExpressionAttributeValues = item{}
			for name, v := range one {
				if strings.Contains(text, name) {
					in.ExpressionAttributeValues[name] = v
				}
			}
			if len(in.ExpressionAttributeValues) == 0 {
				in.ExpressionAttributeValues = nil
			}
		}
		out, err := c.UpdateItem(ctx, in)
		require.NoError(t, err, text)
		require.Equal(t, made, out.Attributes != nil, text)
		require.Equal(t, 1.0, *out.ConsumedCapacity.CapacityUnits, text)
		got, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: deviceTable, Key: stateKey(text)})
		require.NoError(t, err)
		require.Equal(t, made, got.Item != nil, text)
	}
}

// "UPDATED_NEW - Returns only the updated attributes, as they appear after the
// UpdateItem operation": an element that moved to the place of one that was removed is
// at a path of the update. See
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_UpdateItem.html
func TestRemovedElementsAreAmongTheUpdated(t *testing.T) {
	c := devices(t)
	put(t, c, map[string]any{"PK": "DEVICE#1", "SK": "STATE", "l": []string{"a", "b", "c"}})
	out, err := c.UpdateItem(t.Context(), &dynamodb.UpdateItemInput{
		TableName: deviceTable, Key: stateKey("1"), ReturnValues: "UPDATED_NEW", UpdateExpression: aws.String("REMOVE l[1], gone"),
	})
	require.NoError(t, err)
	require.Equal(t, map[string]any{"l": []any{"c"}}, unmarshal(t, out.Attributes))
}

// AWS.md §5: "item ≤ 400 KB".
func TestWritesRefuse(t *testing.T) {
	ctx := context.Background()
	c := devices(t)
	const notValid = "One or more parameter values are not valid. "
	puts := map[string]struct {
		item    item
		message string
	}{
		"no key":      {item{"PK": text("a")}, "One or more parameter values were invalid: Missing the key SK in the item"},
		"number key":  {item{"PK": number("1"), "SK": text("a")}, "One or more parameter values were invalid: Type mismatch for key PK expected: S actual: N"},
		"empty key":   {item{"PK": text(""), "SK": text("a")}, notValid + "The AttributeValue for a key attribute cannot contain an empty string value. Key: PK"},
		"long key":    {item{"PK": text(strings.Repeat("x", 2049)), "SK": text("a")}, "One or more parameter values were invalid: Size of hashkey has exceeded the maximum size limit of2048 bytes"},
		"long sort":   {item{"PK": text("a"), "SK": text(strings.Repeat("x", 1025))}, "One or more parameter values were invalid: Aggregated size of all range keys has exceeded the size limit of 1024 bytes"},
		"index key":   {item{"PK": text("a"), "SK": text("a"), "GSI1PK": number("1")}, "One or more parameter values were invalid: Type mismatch for Index Key GSI1PK Expected: S Actual: N IndexName: StatusIndex"},
		"empty index": {item{"PK": text("a"), "SK": text("a"), "GSI1PK": text("")}, notValid + "A value specified for a secondary index key is not supported. The AttributeValue for a key attribute cannot contain an empty string value. IndexName: StatusIndex, IndexKey: GSI1PK"},
		"too large":   {item{"PK": text("a"), "SK": text("a"), "x": text(strings.Repeat("x", 400<<10-7+1))}, "Item size has exceeded the maximum allowed size"},
		"39 digits":   {item{"PK": text("a"), "SK": text("a"), "x": number(strings.Repeat("1", 39))}, "Attempting to store more than 38 significant digits in a Number"},
		"empty set":   {item{"PK": text("a"), "SK": text("a"), "x": &types.AttributeValueMemberSS{Value: []string{}}}, "One or more parameter values were invalid: An string set  may not be empty"},
		"duplicates":  {item{"PK": text("a"), "SK": text("a"), "x": &types.AttributeValueMemberSS{Value: []string{"b", "a", "b"}}}, "One or more parameter values were invalid: Input collection [b, a, b] contains duplicates."},
		"same number": {item{"PK": text("a"), "SK": text("a"), "x": &types.AttributeValueMemberNS{Value: []string{"1", "1.0"}}}, "Input collection contains duplicates"},
	}
	for name, tc := range puts {
		t.Run(name, func(t *testing.T) {
			_, err := c.PutItem(ctx, &dynamodb.PutItemInput{TableName: deviceTable, Item: tc.item})
			refused(t, err, "ValidationException", tc.message)
		})
	}
	put(t, c, map[string]any{"PK": "a", "SK": "a", "x": strings.Repeat("x", 400<<10-7)})

	updates := map[string]struct{ expression, message string }{
		"key":        {"SET PK = :v", "One or more parameter values were invalid: Cannot update attribute PK. This attribute is part of the key"},
		"index type": {"SET GSI1PK = :n", "One or more parameter values were invalid: Type mismatch for Index Key GSI1PK Expected: S Actual: N IndexName: StatusIndex"},
		"too large":  {"SET x = :v, y = :v", "Item size to update has exceeded the maximum allowed size"},
	}
	for name, tc := range updates {
		t.Run("update "+name, func(t *testing.T) {
			values := item{}
			if strings.Contains(tc.expression, ":v") {
				values[":v"] = text(strings.Repeat("x", 400<<10-4))
			}
			if strings.Contains(tc.expression, ":n") {
				values[":n"] = number("1")
			}
			_, err := c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: deviceTable, Key: item{"PK": text("a"), "SK": text("b")},
				UpdateExpression: &tc.expression, ExpressionAttributeValues: values})
			refused(t, err, "ValidationException", tc.message)
		})
	}
	for name, key := range map[string]item{"short": {"PK": text("a")}, "type": {"PK": text("a"), "SK": number("1")}, "other": {"PK": text("a"), "XX": text("a")}} {
		_, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: deviceTable, Key: key})
		refused(t, err, "ValidationException", "The provided key element does not match the schema")
		require.Error(t, err, name)
	}
}

// AWS.md §5: "overlap, reserved-word and unused-value errors".
func TestPlaceholdersMustBeUsed(t *testing.T) {
	ctx := context.Background()
	c := devices(t)
	_, err := c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: deviceTable, Key: stateKey("1"),
		UpdateExpression: aws.String("SET a = :v"), ExpressionAttributeValues: item{":v": text("x"), ":w": text("y")}})
	refused(t, err, "ValidationException", "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}")
	_, err = c.GetItem(ctx, &dynamodb.GetItemInput{TableName: deviceTable, Key: stateKey("1"), ExpressionAttributeNames: map[string]string{"#a": "a"}})
	refused(t, err, "ValidationException", "ExpressionAttributeNames can only be specified when using expressions")
	_, err = c.PutItem(ctx, &dynamodb.PutItemInput{TableName: deviceTable, Item: stateKey("1"), ExpressionAttributeValues: item{":v": text("x")}})
	refused(t, err, "ValidationException", "ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null")
	_, err = c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: deviceTable, Key: stateKey("1"),
		UpdateExpression: aws.String("SET status = :v"), ExpressionAttributeValues: item{":v": text("x")}})
	refused(t, err, "ValidationException", "Invalid UpdateExpression: Attribute name is a reserved keyword; reserved keyword: status")
}

// TestCountersDoNotLoseUpdates adds from several goroutines while others read.
func TestCountersDoNotLoseUpdates(t *testing.T) {
	ctx := context.Background()
	c := devices(t)
	var group errgroup.Group
	for range 4 {
		group.Go(func() error {
			for range 50 {
				_, err := c.UpdateItem(ctx, &dynamodb.UpdateItemInput{TableName: deviceTable, Key: stateKey("1"),
					UpdateExpression: aws.String("ADD hits :one SET GSI1PK = :g, GSI1SK = :g"), ExpressionAttributeValues: item{":one": number("1"), ":g": text("g")}})
				if err != nil {
					return err
				}
				if _, err := c.Query(ctx, &dynamodb.QueryInput{TableName: deviceTable, IndexName: aws.String("StatusIndex"),
					KeyConditionExpression: aws.String("GSI1PK = :g"), ExpressionAttributeValues: item{":g": text("g")}}); err != nil {
					return err
				}
			}
			return nil
		})
	}
	require.NoError(t, group.Wait())
	out, err := c.GetItem(ctx, &dynamodb.GetItemInput{TableName: deviceTable, Key: stateKey("1")})
	require.NoError(t, err)
	require.Equal(t, 200.0, unmarshal(t, out.Item)["hits"])
}
