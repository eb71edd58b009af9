package dynamodb

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// FuzzReadQuick holds the quick way to encoding/json, wherever it is taken.
func FuzzReadQuick(f *testing.F) {
	for _, body := range []string{
		`{"TableName":"t","Key":{"PK":{"S":"a"},"SK":{"N":"1"}},"UpdateExpression":"SET #a = :a","ConditionExpression":"x = :a","ExpressionAttributeNames":{"#a":"a"},"ExpressionAttributeValues":{":a":{"M":{"t":{"N":"21.5"}}}},"ReturnValues":"ALL_NEW"}`,
		`{"Key":{},"Key":{"a":{"S":"b"}}}`, `{"ExpressionAttributeNames":{"#a":"b","#a":"c"}}`, `{"ExpressionAttributeNames":{}}`, `{"ExpressionAttributeValues":{":a":null}}`, `{"key":{}}`, `{"UpdateExpression":null}`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var quick, slow UpdateItemInput
		if bytes.IndexByte(body, '\\') >= 0 || !utf8.Valid(body) || !gjson.ValidBytes(body) || !quick.ReadQuick(gjson.ParseBytes(body)) {
			return
		}
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(&slow))
		require.Equal(t, slow, quick)
	})
}

func TestUsualBodiesAreReadQuickly(t *testing.T) {
	for body, usual := range map[string]bool{
		`{"TableName":"t","Key":{"PK":{"S":"a"}},"UpdateExpression":"SET a = :a","ConditionExpression":"x = :a","ExpressionAttributeNames":{"#a":"a"},"ExpressionAttributeValues":{":a":{"N":"1"}}}`: true,
		`{"Key":{"PK":{"S":1}}}`: false, `{"Key":null}`: false, `{"AttributeUpdates":{}}`: false, `{"Key":{},"Key":{}}`: false, `{"TableName":["t"]}`: false,
	} {
		var in UpdateItemInput
		require.Equal(t, usual, in.ReadQuick(gjson.Parse(body)), body)
	}
}
