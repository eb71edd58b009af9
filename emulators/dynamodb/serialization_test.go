package dynamodb

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	notExpected = "Start of structure or map found where not expected"
	noField     = "Unexpected field type"
	noCollect   = "Unrecognized collection type "
	ofDynamoDB  = "com.amazonaws.dynamodb.v20120810."
)

// mistakes are values that are not of a shape, with the error that production DynamoDB
// was seen to answer: dynalite's test/helpers.js.
func mistakes(shape string) map[string]string {
	shape, class, _ := strings.Cut(shape, " ")
	scalars := func(message string) map[string]string {
		return map[string]string{`"23"`: message, `true`: message, `23`: message, `34.56`: message}
	}
	var all map[string]string
	switch shape {
	case "String":
		all = map[string]string{
			`true`: "TRUE_VALUE cannot be converted to String", `false`: "FALSE_VALUE cannot be converted to String",
			`23`: "NUMBER_VALUE cannot be converted to String", `-2147483648`: "NUMBER_VALUE cannot be converted to String",
			`34.56`: "DECIMAL_VALUE cannot be converted to String", `[]`: noCollect + "class java.lang.String", `{}`: notExpected,
		}
	case "Boolean":
		all = map[string]string{
			`"23"`: "Unexpected token received from parser", `23`: "NUMBER_VALUE cannot be converted to Boolean",
			`34.56`: "DECIMAL_VALUE cannot be converted to Boolean", `[]`: noCollect + "class java.lang.Boolean", `{}`: notExpected,
		}
	case "Integer", "Long":
		all = map[string]string{
			`"23"`: "STRING_VALUE cannot be converted to " + shape, `true`: "TRUE_VALUE cannot be converted to " + shape,
			`false`: "FALSE_VALUE cannot be converted to " + shape, `[]`: noCollect + "class java.lang." + shape, `{}`: notExpected,
		}
	case "Blob":
		const no = "only base-64-encoded strings are convertible to bytes"
		all = map[string]string{
			`true`: no, `23`: no, `34.56`: no, `[]`: noCollect + "class java.nio.ByteBuffer", `{}`: notExpected,
			`"23456"`: "Base64 encoded length is expected a multiple of 4 bytes but found: 5",
			`"=+/="`:  "Invalid last non-pad Base64 character dectected", `"+/+="`: "Invalid last non-pad Base64 character dectected",
		}
	case "List":
		all = scalars(noField)
		all[`{}`] = notExpected
	case "Map":
		all = scalars(noField)
		all[`[]`] = noCollect + "java.util.Map<java.lang.String, " + class + ">"
	case "Member":
		all = scalars(noField)
		all[`[]`] = noCollect + "class " + class
	case "Value":
		all = scalars("Unexpected value type in payload")
		all[`[]`] = noCollect + "class " + class
	}
	return all
}

// attributeValue are the shapes in an attribute value.
var attributeValue = map[string]string{
	`%`: "Value " + ofDynamoDB + "AttributeValue", `{"S":%}`: "String", `{"N":%}`: "String", `{"B":%}`: "Blob", `{"BOOL":%}`: "Boolean", `{"NULL":%}`: "Boolean",
	`{"SS":%}`: "List", `{"SS":[%]}`: "String", `{"NS":%}`: "List", `{"NS":[%]}`: "String", `{"BS":%}`: "List", `{"BS":[%]}`: "Blob",
	`{"L":%}`: "List", `{"L":[%]}`: "Value " + ofDynamoDB + "AttributeValue", `{"L":[{"BS":[%]}]}`: "Blob",
	`{"M":%}`: "Map " + ofDynamoDB + "AttributeValue", `{"M":{"a":%}}`: "Value " + ofDynamoDB + "AttributeValue", `{"M":{"a":{"BS":%}}}`: "List",
}

func TestSerialization(t *testing.T) {
	call := refusing(t)
	check := func(operation, body, shape string) {
		for value, message := range mistakes(shape) {
			request := strings.Replace(body, "%", value, 1)
			code, got := call(operation, request)
			require.Equal(t, shapes["SerializationException"], code, "%s %s: %s", operation, request, got)
			require.Equal(t, message, got, "%s %s", operation, request)
		}
	}
	const value = ofDynamoDB + "AttributeValue"
	for _, row := range []struct{ operation, body, shape string }{
		{"GetItem", `{"TableName":%}`, "String"},
		{"GetItem", `{"Key":%}`, "Map " + value},
		{"GetItem", `{"ConsistentRead":%}`, "Boolean"},
		{"GetItem", `{"ReturnConsumedCapacity":%}`, "String"},
		{"GetItem", `{"ExpressionAttributeNames":%}`, "Map java.lang.String"},
		{"GetItem", `{"ExpressionAttributeNames":{"a":%}}`, "String"},
		{"GetItem", `{"ProjectionExpression":%}`, "String"},
		{"PutItem", `{"Item":%}`, "Map " + value},
		{"PutItem", `{"ReturnValues":%}`, "String"},
		{"PutItem", `{"ExpressionAttributeValues":%}`, "Map " + value},
		{"DeleteItem", `{"ConditionExpression":%}`, "String"},
		{"UpdateItem", `{"TableName":%}`, "String"},
		{"UpdateItem", `{"Key":%}`, "Map " + value},
		{"UpdateItem", `{"UpdateExpression":%}`, "String"},
		{"UpdateItem", `{"ExpressionAttributeNames":%}`, "Map java.lang.String"},
		{"UpdateItem", `{"ExpressionAttributeValues":%}`, "Map " + value},
		{"Query", `{"ExclusiveStartKey":%}`, "Map " + value},
		{"Query", `{"IndexName":%}`, "String"},
		{"Query", `{"ScanIndexForward":%}`, "Boolean"},
		{"Query", `{"Select":%}`, "String"},
		{"Query", `{"Limit":%}`, "Integer"},
		{"Scan", `{"Segment":%}`, "Integer"},
		{"Scan", `{"TotalSegments":%}`, "Integer"},
		{"BatchGetItem", `{"RequestItems":%}`, "Map " + ofDynamoDB + "KeysAndAttributes"},
		{"BatchGetItem", `{"RequestItems":{"a":%}}`, "Value " + ofDynamoDB + "KeysAndAttributes"},
		{"BatchGetItem", `{"RequestItems":{"a":{"Keys":%}}}`, "List"},
		{"BatchWriteItem", `{"RequestItems":%}`, "Map java.util.List<" + ofDynamoDB + "WriteRequest>"},
		{"BatchWriteItem", `{"RequestItems":{"a":[%]}}`, "Value " + ofDynamoDB + "WriteRequest"},
		{"BatchWriteItem", `{"RequestItems":{"a":[{"DeleteRequest":%}]}}`, "Member " + ofDynamoDB + "DeleteRequest"},
		{"BatchWriteItem", `{"RequestItems":{"a":[{"PutRequest":{"Item":%}}]}}`, "Map " + value},
		{"TransactWriteItems", `{"TransactItems":%}`, "List"},
		{"TransactWriteItems", `{"TransactItems":[{"Put":%}]}`, "Member " + ofDynamoDB + "Put"},
		{"TransactWriteItems", `{"TransactItems":[{"Update":{"UpdateExpression":%}}]}`, "String"},
		{"CreateTable", `{"AttributeDefinitions":%}`, "List"},
		{"CreateTable", `{"AttributeDefinitions":[%]}`, "Value " + ofDynamoDB + "AttributeDefinition"},
		{"CreateTable", `{"KeySchema":[%]}`, "Value " + ofDynamoDB + "KeySchemaElement"},
		{"CreateTable", `{"KeySchema":[{"KeyType":%}]}`, "String"},
		{"CreateTable", `{"ProvisionedThroughput":%}`, "Member " + ofDynamoDB + "ProvisionedThroughput"},
		{"CreateTable", `{"ProvisionedThroughput":{"ReadCapacityUnits":%}}`, "Long"},
		{"CreateTable", `{"LocalSecondaryIndexes":[%]}`, "Value " + ofDynamoDB + "LocalSecondaryIndex"},
		{"CreateTable", `{"GlobalSecondaryIndexes":[{"Projection":%}]}`, "Member " + ofDynamoDB + "Projection"},
		{"CreateTable", `{"GlobalSecondaryIndexes":[{"Projection":{"NonKeyAttributes":[%]}}]}`, "String"},
		{"UpdateTimeToLive", `{"TimeToLiveSpecification":%}`, "Member " + ofDynamoDB + "TimeToLiveSpecification"},
		{"UpdateTimeToLive", `{"TimeToLiveSpecification":{"Enabled":%}}`, "Boolean"},
		{"TagResource", `{"Tags":[%]}`, "Value " + ofDynamoDB + "Tag"},
	} {
		check(row.operation, row.body, row.shape)
	}
	for place, shape := range attributeValue {
		for _, in := range []struct{ operation, body string }{
			{"GetItem", `{"Key":{"a":%}}`}, {"PutItem", `{"Item":{"a":%}}`}, {"UpdateItem", `{"ExpressionAttributeValues":{":a":%}}`}, {"Query", `{"ExclusiveStartKey":{"a":%}}`},
		} {
			check(in.operation, strings.Replace(in.body, "%", place, 1), shape)
		}
	}
}
