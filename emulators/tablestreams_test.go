package emulators

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dynamosdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	sqssdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"
)

// noted keeps what a function is told of items, in the spelling of
// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html, and fails on "bad".
type noted struct {
	mu    sync.Mutex
	lines []string
}

func (n *noted) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var event struct {
		Records []struct {
			EventName, EventSource, EventSourceARN string
			UserIdentity                           struct{ Type, PrincipalID string }
			DynamoDB                               struct{ Keys map[string]struct{ S string } }
		}
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	for _, r := range event.Records {
		key := r.DynamoDB.Keys["p"].S
		if key == "bad" {
			return nil, errors.New("as told")
		}
		n.lines = append(n.lines, fmt.Sprint(r.EventSource, " ", r.EventName, " ", key, r.UserIdentity.PrincipalID))
	}
	return []byte("{}"), nil
}

// TestAFunctionIsToldOfItems maps a table's stream to a function, with a filter, a
// failure and an item that expires while nobody calls.
func TestAFunctionIsToldOfItems(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cloud, err := New(Config{})
		require.NoError(t, err)
		var function noted
		cloud.Lambda.Bind("f", &function)
		items, functions, queues := dynamosdk.NewFromConfig(cloud.AWSConfig()), lambdasdk.NewFromConfig(cloud.AWSConfig()), sqssdk.NewFromConfig(cloud.AWSConfig())
		makeFunction(t, cloud.AWSConfig(), nil)
		table := aws.String("items")
		made, err := items.CreateTable(ctx, &dynamosdk.CreateTableInput{
			TableName: table, BillingMode: dynamotypes.BillingModePayPerRequest,
			AttributeDefinitions: []dynamotypes.AttributeDefinition{{AttributeName: aws.String("p"), AttributeType: "S"}},
			KeySchema:            []dynamotypes.KeySchemaElement{{AttributeName: aws.String("p"), KeyType: "HASH"}},
			StreamSpecification:  &dynamotypes.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: "KEYS_ONLY"},
		})
		require.NoError(t, err)
		_, err = items.UpdateTimeToLive(ctx, &dynamosdk.UpdateTimeToLiveInput{TableName: table, TimeToLiveSpecification: &dynamotypes.TimeToLiveSpecification{AttributeName: aws.String("at"), Enabled: aws.Bool(true)}})
		require.NoError(t, err)
		dead, err := queues.CreateQueue(ctx, &sqssdk.CreateQueueInput{QueueName: aws.String("dead")})
		require.NoError(t, err)
		mapping := &lambdasdk.CreateEventSourceMappingInput{
			FunctionName: aws.String("f"), EventSourceArn: made.TableDescription.LatestStreamArn, StartingPosition: "AT_TIMESTAMP", StartingPositionTimestamp: aws.Time(time.Now()),
			MaximumRetryAttempts: aws.Int32(0), BatchSize: aws.Int32(1),
			DestinationConfig: &lambdatypes.DestinationConfig{OnFailure: &lambdatypes.OnFailure{Destination: aws.String("arn:aws:sqs:us-east-1:000000000000:dead")}},
			FilterCriteria:    &lambdatypes.FilterCriteria{Filters: []lambdatypes.Filter{{Pattern: aws.String(`{"eventName":["INSERT","REMOVE"],"dynamodb":{"Keys":{"p":{"S":[{"anything-but":["quiet"]}]}}}}`)}}},
		}
		_, err = functions.CreateEventSourceMapping(ctx, mapping)
		require.ErrorContains(t, err, "AT_TIMESTAMP is not for the stream of a DynamoDB table")
		mapping.StartingPosition, mapping.StartingPositionTimestamp = "TRIM_HORIZON", nil
		_, err = functions.CreateEventSourceMapping(ctx, mapping)
		require.NoError(t, err)

		done := make(chan error)
		go func() { done <- cloud.Lambda.Run(ctx) }()
		for _, key := range []string{"a", "quiet", "bad", "b"} {
			it := map[string]dynamotypes.AttributeValue{"p": &dynamotypes.AttributeValueMemberS{Value: key}}
			if key == "b" {
				it["at"] = &dynamotypes.AttributeValueMemberN{Value: fmt.Sprint(time.Now().Add(time.Hour).Unix())}
			}
			_, err = items.PutItem(ctx, &dynamosdk.PutItemInput{TableName: table, Item: it})
			require.NoError(t, err)
		}
		time.Sleep(2 * time.Hour)
		require.True(t, cloud.Lambda.Idle())
		stop()
		require.NoError(t, <-done)
		require.Equal(t, []string{"aws:dynamodb INSERT a", "aws:dynamodb INSERT b", "aws:dynamodb REMOVE bdynamodb.amazonaws.com"}, function.lines)
		got, err := queues.ReceiveMessage(t.Context(), &sqssdk.ReceiveMessageInput{QueueUrl: dead.QueueUrl})
		require.NoError(t, err)
		require.Len(t, got.Messages, 1)
		require.Contains(t, *got.Messages[0].Body, `"DDBStreamBatchInfo":{"shardId":"shardId-`)
	})
}
