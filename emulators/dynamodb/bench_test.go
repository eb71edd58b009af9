package dynamodb

import (
	"context"
	"encoding/json"
	"fmt"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/stretchr/testify/require"
)

// stateUpdate is the update the pipeline makes for each record.
func stateUpdate(i int) *dynamodb.UpdateItemInput {
	return &dynamodb.UpdateItemInput{
		TableName: deviceTable, Key: stateKey(fmt.Sprint(i % 1000)),
		UpdateExpression:         aws.String("SET #data = :data, #timestamp = :at, lastSeen = :seen, #status = :online, GSI1PK = :index, GSI1SK = :seen"),
		ConditionExpression:      aws.String("attribute_not_exists(#timestamp) OR #timestamp < :at"),
		ExpressionAttributeNames: map[string]string{"#data": "data", "#timestamp": "timestamp", "#status": "status"},
		ExpressionAttributeValues: item{
			":at": number(fmt.Sprint(1700000000000 + i)), ":seen": text(fmt.Sprintf("2026-01-01T00:00:%09d", i)), ":online": text("online"), ":index": text("STATUS#online"),
			":data": &types.AttributeValueMemberM{Value: item{"temperature": number("21.53"), "humidity": number("48.12"), "pressure": number("1013.25"), "battery_pct": number("87.1")}},
		},
	}
}

// BenchmarkUpdateItem is the hot path through the SDK and the wire.
func BenchmarkUpdateItem(b *testing.B) {
	c := devices(b)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		_, err := c.UpdateItem(context.Background(), stateUpdate(i))
		require.NoError(b, err)
	}
}

// BenchmarkUpdateItemState is the same without the SDK and the wire.
func BenchmarkUpdateItemState(b *testing.B) {
	s := New(Config{})
	_, err := s.CreateTable(context.Background(), &CreateTableInput{TableName: *deviceTable, BillingMode: onDemand,
		AttributeDefinitions:   []AttributeDefinition{{"PK", "S"}, {"SK", "S"}, {"GSI1PK", "S"}, {"GSI1SK", "S"}},
		KeySchema:              []KeySchemaElement{{"PK", "HASH"}, {"SK", "RANGE"}},
		GlobalSecondaryIndexes: []GlobalSecondaryIndex{{IndexName: "StatusIndex", KeySchema: []KeySchemaElement{{"GSI1PK", "HASH"}, {"GSI1SK", "RANGE"}}, Projection: &Projection{ProjectionType: "ALL"}}},
	})
	require.NoError(b, err)
	in := &UpdateItemInput{}
	require.NoError(b, json.Unmarshal([]byte(`{"TableName":"iot-devices","Key":{"PK":{"S":"DEVICE#1"},"SK":{"S":"STATE"}},
		"UpdateExpression":"SET #data = :data, #timestamp = :at, GSI1PK = :index, GSI1SK = :seen",
		"ConditionExpression":"attribute_not_exists(#timestamp) OR #timestamp <= :at",
		"ExpressionAttributeNames":{"#data":"data","#timestamp":"timestamp"},
		"ExpressionAttributeValues":{":at":{"N":"1700000000000"},":seen":{"S":"2026-01-01"},":index":{"S":"STATUS#online"},":data":{"M":{"temperature":{"N":"21.5"}}}}}`), in))
	b.ReportAllocs()
	for b.Loop() {
		_, err := s.UpdateItem(context.Background(), in)
		require.NoError(b, err)
	}
}

// BenchmarkQueryPage is one page of ten out of a hundred thousand items: its
// cost must not grow with the partition.
func BenchmarkQueryPage(b *testing.B) {
	for _, n := range []int{1000, 100_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			s := New(Config{})
			c := client(s)
			_, err := c.CreateTable(context.Background(), &dynamodb.CreateTableInput{TableName: aws.String("big"), BillingMode: "PAY_PER_REQUEST",
				AttributeDefinitions: append(define("S", "p"), define("N", "n")...), KeySchema: keys("p", "n")})
			require.NoError(b, err)
			for i := range n {
				in := &PutItemInput{}
				require.NoError(b, json.Unmarshal(fmt.Appendf(nil, `{"TableName":"big","Item":{"p":{"S":"a"},"n":{"N":"%d"}}}`, i), in))
				_, err := s.PutItem(context.Background(), in)
				require.NoError(b, err)
			}
			for b.Loop() {
				out, err := c.Query(context.Background(), &dynamodb.QueryInput{TableName: aws.String("big"), Limit: aws.Int32(10),
					KeyConditionExpression: aws.String("p = :p AND n > :n"), ExpressionAttributeValues: item{":p": text("a"), ":n": number(fmt.Sprint(n / 2))}})
				require.NoError(b, err)
				require.EqualValues(b, 10, out.Count)
			}
		})
	}
}
