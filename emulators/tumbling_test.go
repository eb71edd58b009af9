package emulators

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	library "github.com/aws/aws-lambda-go/lambda"
	"github.com/aws/aws-sdk-go-v2/aws"
	dynamosdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"
)

// totals are what a function has stored at the end of each window.
type totals struct {
	mu    sync.Mutex
	lines []string
}

// aggregate counts records in the state, and stores it at the end of the window.
func (s *totals) aggregate(w events.TimeWindowProperties, keys []string) events.TimeWindowEventResponseProperties {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, key := range keys {
		n, _ := strconv.Atoi(w.State[key])
		w.State[key] = strconv.Itoa(n + 1)
	}
	if w.IsFinalInvokeForWindow {
		s.lines = append(s.lines, fmt.Sprint(w.ShardID[len(w.ShardID)-1:], " ", w.Window.Start.Format("15:04"), " ", w.State))
	}
	return events.TimeWindowEventResponseProperties{State: w.State}
}

// stored answers what has been stored so far.
func (s *totals) stored() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.lines)
}

func (s *totals) ofStream(_ context.Context, e events.KinesisTimeWindowEvent) (events.KinesisTimeWindowEventResponse, error) {
	var keys []string
	for _, r := range e.Records {
		keys = append(keys, r.Kinesis.PartitionKey)
	}
	return events.KinesisTimeWindowEventResponse{TimeWindowEventResponseProperties: s.aggregate(e.TimeWindowProperties, keys)}, nil
}

func (s *totals) ofTable(_ context.Context, e events.DynamoDBTimeWindowEvent) (events.DynamoDBTimeWindowEventResponse, error) {
	var keys []string
	for _, r := range e.Records {
		keys = append(keys, r.Change.Keys["p"].String())
	}
	return events.DynamoDBTimeWindowEventResponse{TimeWindowEventResponseProperties: s.aggregate(e.TimeWindowProperties, keys)}, nil
}

// A function of AWS's library aggregates windows of two minutes. "When a shard ends,
// Lambda considers the current window to be closed, and any child shards start their
// own window in a fresh state."
// https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-windows.html
//
// AWS.md §3: Mapping: …, TumblingWindow.
func TestAFunctionAggregatesTumblingWindows(t *testing.T) {
	got := &totals{}
	withStream(t, library.NewHandler(got.ofStream), lambdatypes.EventSourcePositionTrimHorizon, 10, func(w streamWorld) {
		changed, err := w.functions.UpdateEventSourceMapping(w.Context(), &lambdasdk.UpdateEventSourceMappingInput{UUID: w.mapping.UUID, TumblingWindowInSeconds: aws.Int32(120)})
		require.NoError(w, err)
		require.Equal(w, int32(120), *changed.TumblingWindowInSeconds)
		time.Sleep(time.Second)
		for n := range 30 { // from 0:01 to 4:51
			w.put(fmt.Sprint("key-", n%2), "x")
			time.Sleep(10 * time.Second)
		}
		_, err = w.streams.SplitShard(w.Context(), &kinesissdk.SplitShardInput{
			StreamName: aws.String("s"), ShardToSplit: aws.String("shardId-000000000000"), NewStartingHashKey: aws.String("170141183460469231731687303715884105728"),
		})
		require.NoError(w, err)
		time.Sleep(time.Second)
		require.Len(w, got.stored(), 3, "that of the shard that ended is closed at once")
		w.put("key-0", "x")
		time.Sleep(10 * time.Second)
		require.False(w, w.cloud.Lambda.Idle(), "a window is open")
		time.Sleep(4 * time.Minute)
		require.True(w, w.cloud.Lambda.Idle())
	})
	require.Len(t, got.lines, 4)
	require.Equal(t, []string{"0 00:00 map[key-0:6 key-1:6]", "0 00:02 map[key-0:6 key-1:6]", "0 00:04 map[key-0:3 key-1:3]"}, got.lines[:3])
	require.Regexp(t, `^[12] 00:04 map\[key-0:1]$`, got.lines[3])
}

// See https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
func TestAFunctionAggregatesWindowsOfATable(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cloud, err := New(Config{})
		require.NoError(t, err)
		got := &totals{}
		cloud.Lambda.Bind("f", library.NewHandler(got.ofTable))
		tables, functions := dynamosdk.NewFromConfig(cloud.AWSConfig()), lambdasdk.NewFromConfig(cloud.AWSConfig())
		makeFunction(t, cloud.AWSConfig(), nil)
		made, err := tables.CreateTable(ctx, &dynamosdk.CreateTableInput{
			TableName: aws.String("items"), BillingMode: dynamotypes.BillingModePayPerRequest,
			AttributeDefinitions: []dynamotypes.AttributeDefinition{{AttributeName: aws.String("p"), AttributeType: "S"}},
			KeySchema:            []dynamotypes.KeySchemaElement{{AttributeName: aws.String("p"), KeyType: "HASH"}},
			StreamSpecification:  &dynamotypes.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: "KEYS_ONLY"},
		})
		require.NoError(t, err)
		_, err = functions.CreateEventSourceMapping(ctx, &lambdasdk.CreateEventSourceMappingInput{
			FunctionName: aws.String("f"), EventSourceArn: made.TableDescription.LatestStreamArn, StartingPosition: "TRIM_HORIZON", TumblingWindowInSeconds: aws.Int32(900),
		})
		require.NoError(t, err)
		done := make(chan error)
		go func() { done <- cloud.Lambda.Run(ctx) }()
		for n := range 3 {
			_, err = tables.PutItem(ctx, &dynamosdk.PutItemInput{TableName: aws.String("items"), Item: map[string]dynamotypes.AttributeValue{
				"p": &dynamotypes.AttributeValueMemberS{Value: "a"}, "n": &dynamotypes.AttributeValueMemberN{Value: fmt.Sprint(n)},
			}})
			require.NoError(t, err)
			time.Sleep(time.Minute)
		}
		time.Sleep(20 * time.Minute)
		require.True(t, cloud.Lambda.Idle())
		stop()
		require.NoError(t, <-done)
		require.Len(t, got.lines, 1)
		require.Contains(t, got.lines[0], " 00:00 map[a:3]")
	})
}
