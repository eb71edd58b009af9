package dynamodb

import (
	"fmt"
	"hash/crc32"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestWire pins what is on the wire beyond what the SDK looks at.
func TestWire(t *testing.T) {
	h := Handler(New(Config{}))
	call := func(operation, body string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(http.MethodPost, "/", strings.NewReader(body))
		r.Header.Set("X-Amz-Target", "DynamoDB_20120810."+operation)
		rec := httptest.NewRecorder()
		h.ServeHTTP(rec, r)
		require.Equal(t, "application/x-amz-json-1.0", rec.Header().Get("Content-Type"))
		require.Equal(t, fmt.Sprint(crc32.ChecksumIEEE(rec.Body.Bytes())), rec.Header().Get("X-Amz-Crc32"))
		return rec
	}
	rec := call("GetItem", `{"TableName":"none","Key":{"p":{"S":"a"}}}`)
	require.Equal(t, 400, rec.Code)
	require.JSONEq(t, `{"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException","message":"Requested resource not found"}`, rec.Body.String())

	rec = call("CreateTable", `{"TableName":"tab","BillingMode":"PAY_PER_REQUEST","AttributeDefinitions":[{"AttributeName":"p","AttributeType":"S"}],"KeySchema":[{"AttributeName":"p","KeyType":"HASH"}]}`)
	require.Equal(t, 200, rec.Code)
	require.Contains(t, rec.Body.String(), `"TableStatus":"CREATING"`)
	require.Equal(t, "{}", call("PutItem", `{"TableName":"tab","Item":{"p":{"S":"a"},"x":{"N":"1.50"},"b":{"NULL":true}}}`).Body.String())
	require.Equal(t, `{"Item":{"b":{"NULL":true},"p":{"S":"a"},"x":{"N":"1.5"}}}`, call("GetItem", `{"TableName":"tab","Key":{"p":{"S":"a"}}}`).Body.String())
	require.Equal(t, `{"Items":[],"Count":0,"ScannedCount":0}`, call("Query", `{"TableName":"tab","KeyConditionExpression":"p=:p","ExpressionAttributeValues":{":p":{"S":"none"}}}`).Body.String())

	for body, message := range map[string]string{
		`{"TableName":"tab","Item":{"p":{}}}`:                     "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
		`{"TableName":"tab","Item":{"p":null}}`:                   "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes",
		`{"TableName":"tab","Item":{"p":{"S":"a","N":"1"}}}`:      "Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes",
		`{"TableName":"tab","Item":{"p":{"S":5}}}`:                "NUMBER_VALUE cannot be converted to String",
		`{"TableName":"tab","Item":{"p":{"N":"x"}}}`:              "The parameter cannot be converted to a numeric value: x",
		`{"TableName":"tab","Item":{"p":{"NULL":false}}}`:         "One or more parameter values were invalid: Null attribute value types must have the value of true",
		`{"TableName":"tab"}`:                                     "1 validation error detected: Value null at 'item' failed to satisfy constraint: Member must not be null",
		`{"Item":{"p":{"S":"a"}}}`:                                "1 validation error detected: Value null at 'tableName' failed to satisfy constraint: Member must not be null",
		`{"TableName":"tab","Item":` + nested(33) + `}`:           "Nesting Levels have exceeded supported limits: Attributes in the item have nested levels beyond supported limit",
		`{"TableName":"tab","Item":{},"ReturnValues":"NEW"}`:      "1 validation error detected: Value 'NEW' at 'returnValues' failed to satisfy constraint: Member must satisfy enum value set: [ALL_NEW, UPDATED_OLD, ALL_OLD, NONE, UPDATED_NEW]",
		`{"TableName":"tab","Item":{},"ReturnValues":"ALL_NEW"}`:  "ReturnValues can only be ALL_OLD or NONE",
		`{"TableName":"tab","Item":{},"ConditionalOperator":"A"}`: `PutItem: member "ConditionalOperator" is not implemented by Shakedown (or is not a member of this request)`,
	} {
		rec := call("PutItem", body)
		require.Equal(t, 400, rec.Code, body)
		require.Contains(t, rec.Body.String(), strings.ReplaceAll(message, `"`, `\"`), body)
	}
	require.Equal(t, 200, call("PutItem", `{"TableName":"tab","Item":`+nested(32)+`}`).Code)
}

// nested is an item with lists in lists.
func nested(depth int) string {
	return `{"p":{"S":"a"},"x":` + strings.Repeat(`{"L":[`, depth) + strings.Repeat(`]}`, depth) + `}`
}
