package dynamodb

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/smithy-go"
	"github.com/aws/smithy-go/middleware"
	"github.com/stretchr/testify/require"
)

// direct is an HTTP client that calls the handler.
type direct struct{ http.Handler }

func (d direct) Do(r *http.Request) (*http.Response, error) {
	if r.Body == nil {
		r.Body = http.NoBody
	}
	rec := httptest.NewRecorder()
	d.ServeHTTP(rec, r)
	return rec.Result(), nil
}

func client(s *State) *dynamodb.Client { return dynamodb.NewFromConfig(configOf(s)) }

func configOf(s *State) aws.Config {
	return aws.Config{
		Region:           "us-east-1",
		BaseEndpoint:     aws.String("http://cloud"),
		Credentials:      credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:       direct{Handler(s)},
		RetryMaxAttempts: 1,
	}
}

func keys(names ...string) []types.KeySchemaElement {
	schema := []types.KeySchemaElement{{AttributeName: &names[0], KeyType: types.KeyTypeHash}}
	for _, name := range names[1:] {
		schema = append(schema, types.KeySchemaElement{AttributeName: &name, KeyType: types.KeyTypeRange})
	}
	return schema
}

func define(t types.ScalarAttributeType, names ...string) (defs []types.AttributeDefinition) {
	for _, name := range names {
		defs = append(defs, types.AttributeDefinition{AttributeName: &name, AttributeType: t})
	}
	return defs
}

// devices makes the table of the pipeline.
func devices(t testing.TB) *dynamodb.Client {
	c := client(New(Config{}))
	_, err := c.CreateTable(context.Background(), &dynamodb.CreateTableInput{
		TableName: aws.String("iot-devices"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: define(types.ScalarAttributeTypeS, "PK", "SK", "GSI1PK", "GSI1SK"),
		KeySchema:            keys("PK", "SK"),
		GlobalSecondaryIndexes: []types.GlobalSecondaryIndex{{
			IndexName: aws.String("StatusIndex"), KeySchema: keys("GSI1PK", "GSI1SK"),
			Projection: &types.Projection{ProjectionType: types.ProjectionTypeAll},
		}},
	})
	require.NoError(t, err)
	return c
}

// numbered makes a table whose sort key n is of that type.
func numbered(t testing.TB, sort types.ScalarAttributeType) *dynamodb.Client {
	c := client(New(Config{}))
	_, err := c.CreateTable(context.Background(), &dynamodb.CreateTableInput{
		TableName: aws.String("numbered"), BillingMode: types.BillingModePayPerRequest,
		AttributeDefinitions: append(define(types.ScalarAttributeTypeS, "p"), define(sort, "n")...),
		KeySchema:            keys("p", "n"),
	})
	require.NoError(t, err)
	return c
}

type item = map[string]types.AttributeValue

func marshal(t testing.TB, in any) item {
	m, err := attributevalue.MarshalMap(in)
	require.NoError(t, err)
	return m
}

func unmarshal(t testing.TB, in item) map[string]any {
	out := map[string]any{}
	require.NoError(t, attributevalue.UnmarshalMap(in, &out))
	return out
}

func text(s string) types.AttributeValue   { return &types.AttributeValueMemberS{Value: s} }
func number(s string) types.AttributeValue { return &types.AttributeValueMemberN{Value: s} }

// refused checks an error's code and message.
func refused(t testing.TB, err error, code, message string) {
	t.Helper()
	var e smithy.APIError
	require.ErrorAs(t, err, &e)
	require.Equal(t, code, e.ErrorCode())
	require.Equal(t, message, e.ErrorMessage())
}

// withoutValidation lets the client send what its own validation refuses.
func withoutValidation(stack *middleware.Stack) error {
	stack.Initialize.Remove("OperationInputValidation") // fails where nothing is validated
	return nil
}
