package dynamodb

import (
	"context"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// AWS.md §5: full expression grammar (Key, Filter, Projection, Update
// SET/REMOVE/ADD/DELETE, Condition).
func TestQueryRefuses(t *testing.T) {
	c := numbered(t, "N")
	cases := []struct{ condition, message string }{
		{"n = :n", "Query condition missed key schema element: p"},
		{"p = :p AND x = :n", "Query condition missed key schema element: n"},
		{"p > :p", "Query key condition not supported"},
		{"p = :n", "One or more parameter values were invalid: Condition parameter type does not match schema type"},
		{"p = :p AND n = :p", "One or more parameter values were invalid: Condition parameter type does not match schema type"},
		{"p = :p OR n = :n", "Invalid operator used in KeyConditionExpression: OR"},
		{"p = :p AND NOT n = :n", "Invalid operator used in KeyConditionExpression: NOT"},
		{"p = :p AND n <> :n", "Invalid operator used in KeyConditionExpression: <>"},
		{"p = :p AND n > :n AND n < :n", "KeyConditionExpressions must only contain one condition per key"},
		{"p = :p AND n > :n AND x < :n", "Conditions can be of length 1 or 2 only"},
		{"p = :p AND n.x = :n", "KeyConditionExpressions cannot have conditions on nested attributes"},
		{"p = :p AND size(n) = :n", "KeyConditionExpressions cannot contain nested operations"},
		{"p = n", "Invalid condition in KeyConditionExpression: Multiple attribute names used in one condition"},
		{"", "Invalid KeyConditionExpression: The expression can not be empty;"},
	}
	for _, tc := range cases {
		t.Run(tc.condition, func(t *testing.T) {
			values := item{}
			for key, v := range map[string]types.AttributeValue{":p": text("a"), ":n": number("1")} {
				if strings.Contains(tc.condition, key) {
					values[key] = v
				}
			}
			if len(values) == 0 {
				values = nil
			}
			_, err := c.Query(context.Background(), &dynamodb.QueryInput{TableName: aws.String("numbered"), KeyConditionExpression: &tc.condition, ExpressionAttributeValues: values})
			refused(t, err, "ValidationException", tc.message)
		})
	}
	query := func(change func(*dynamodb.QueryInput)) error {
		in := &dynamodb.QueryInput{TableName: aws.String("numbered"), KeyConditionExpression: aws.String("p = :p"), ExpressionAttributeValues: item{":p": text("a")}}
		change(in)
		_, err := c.Query(context.Background(), in)
		return err
	}
	refused(t, query(func(in *dynamodb.QueryInput) { in.FilterExpression = aws.String("attribute_exists(n)") }),
		"ValidationException", "Filter Expression can only contain non-primary key attributes: Primary key attribute: n")
	refused(t, query(func(in *dynamodb.QueryInput) { in.Limit = aws.Int32(0) }),
		"ValidationException", "1 validation error detected: Value '0' at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1")
	refused(t, query(func(in *dynamodb.QueryInput) { in.ExclusiveStartKey = item{"p": text("a")} }),
		"ValidationException", "The provided starting key is invalid")
	refused(t, query(func(in *dynamodb.QueryInput) { in.ExclusiveStartKey = item{"p": text("b"), "n": number("1")} }),
		"ValidationException", "The provided starting key is outside query boundaries based on provided conditions")
}
