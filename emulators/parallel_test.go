package emulators

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-lambda-go/events"
	"github.com/aws/aws-sdk-go-v2/aws"
	dynamosdk "github.com/aws/aws-sdk-go-v2/service/dynamodb"
	dynamotypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/stretchr/testify/require"
)

// crowd is a function that takes a second, counts how many of it run, and fails on
// every tenth invocation.
type crowd struct {
	mu           sync.Mutex
	data         map[string][]string // by key
	inside, most int
	calls        int
	diary        []string
}

func (c *crowd) enter() (fails bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inside++
	c.most = max(c.most, c.inside)
	c.calls++
	return c.calls%10 == 0
}

func (c *crowd) leave(note string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.inside--
	c.diary = append(c.diary, fmt.Sprint(time.Now().UnixNano(), " ", note))
}

func (c *crowd) keep(key, data string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.data[key] = append(c.data[key], data)
}

func (c *crowd) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	fails := c.enter()
	time.Sleep(time.Second)
	var event events.KinesisEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	defer c.leave(event.Records[0].EventID)
	if fails {
		return nil, errors.New("as told")
	}
	for _, r := range event.Records {
		c.keep(r.Kinesis.PartitionKey, string(r.Kinesis.Data))
	}
	return nil, nil
}

// A shard that is read with a ParallelizationFactor of 4 keeps each key's order,
// over failures, bisecting and a split, with at most 4 invocations at a time and
// shard; and the run is the same at GOMAXPROCS 1 and 2.
//
// AWS.md §3: Mapping: BatchSize 100 (≤ 10,000), … ParallelizationFactor 1–10 with order kept per partition key.
func TestAShardIsReadInParallelWithEachKeyInOrder(t *testing.T) {
	var runs [2]crowd
	for i := range runs {
		defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1 + i))
		runs[i].data = map[string][]string{}
		want := map[string][]string{}
		withStream(t, &runs[i], lambdatypes.EventSourcePositionTrimHorizon, 3, func(w streamWorld) {
			_, err := w.functions.UpdateEventSourceMapping(w.Context(), &lambdasdk.UpdateEventSourceMappingInput{
				UUID: w.mapping.UUID, ParallelizationFactor: aws.Int32(4), BisectBatchOnFunctionError: aws.Bool(true),
			})
			require.NoError(w, err)
			time.Sleep(time.Second)
			for n := range 100 {
				if n == 50 {
					_, err := w.streams.SplitShard(w.Context(), &kinesissdk.SplitShardInput{
						StreamName: aws.String("s"), ShardToSplit: aws.String("shardId-000000000000"), NewStartingHashKey: aws.String("170141183460469231731687303715884105728"),
					})
					require.NoError(w, err)
				}
				key, data := fmt.Sprint("key-", n%17), fmt.Sprint(n)
				want[key] = append(want[key], data)
				w.put(key, data)
				time.Sleep(10 * time.Millisecond)
			}
			time.Sleep(10 * time.Minute)
			require.True(w, w.cloud.Lambda.Idle())
		})
		require.Equal(t, want, runs[i].data)
		require.Greater(t, runs[i].most, 4, "two shards, four batches each")
		require.LessOrEqual(t, runs[i].most, 8)
	}
	for i := range min(len(runs[0].diary), len(runs[1].diary)) {
		require.Equal(t, runs[0].diary[i], runs[1].diary[i], "invocation %d at GOMAXPROCS 1 and 2", i)
	}
	require.Equal(t, runs[0].calls, runs[1].calls)
}

// items is crowd for the items of a table.
type items struct{ crowd }

func (c *items) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	fails := c.enter()
	time.Sleep(time.Second)
	defer c.leave("")
	if fails {
		return nil, errors.New("as told")
	}
	var event events.DynamoDBEvent
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	for _, r := range event.Records {
		c.keep(r.Change.Keys["p"].String()+"/"+r.Change.Keys["s"].Number(), r.Change.NewImage["n"].Number())
	}
	return nil, nil
}

// "Lambda still ensures in-order processing at the item (partition and sort key)
// level."
// https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
func TestTheStreamOfATableIsReadInParallelWithEachItemInOrder(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cloud, err := New(Config{})
		require.NoError(t, err)
		function := &items{crowd{data: map[string][]string{}}}
		cloud.Lambda.Bind("f", function)
		tables, functions := dynamosdk.NewFromConfig(cloud.AWSConfig()), lambdasdk.NewFromConfig(cloud.AWSConfig())
		makeFunction(t, cloud.AWSConfig(), nil)
		made, err := tables.CreateTable(ctx, &dynamosdk.CreateTableInput{
			TableName: aws.String("items"), BillingMode: dynamotypes.BillingModePayPerRequest,
			AttributeDefinitions: []dynamotypes.AttributeDefinition{{AttributeName: aws.String("p"), AttributeType: "S"}, {AttributeName: aws.String("s"), AttributeType: "N"}},
			KeySchema:            []dynamotypes.KeySchemaElement{{AttributeName: aws.String("p"), KeyType: "HASH"}, {AttributeName: aws.String("s"), KeyType: "RANGE"}},
			StreamSpecification:  &dynamotypes.StreamSpecification{StreamEnabled: aws.Bool(true), StreamViewType: "NEW_IMAGE"},
		})
		require.NoError(t, err)
		_, err = functions.CreateEventSourceMapping(ctx, &lambdasdk.CreateEventSourceMappingInput{
			FunctionName: aws.String("f"), EventSourceArn: made.TableDescription.LatestStreamArn, StartingPosition: "TRIM_HORIZON",
			BatchSize: aws.Int32(2), ParallelizationFactor: aws.Int32(10),
		})
		require.NoError(t, err)
		done := make(chan error)
		go func() { done <- cloud.Lambda.Run(ctx) }()
		want := map[string][]string{}
		for n := range 100 {
			sort, number := fmt.Sprint(n%20), fmt.Sprint(n)
			want["one/"+sort] = append(want["one/"+sort], number)
			_, err = tables.PutItem(ctx, &dynamosdk.PutItemInput{TableName: aws.String("items"), Item: map[string]dynamotypes.AttributeValue{
				"p": &dynamotypes.AttributeValueMemberS{Value: "one"}, "s": &dynamotypes.AttributeValueMemberN{Value: sort}, "n": &dynamotypes.AttributeValueMemberN{Value: number},
			}})
			require.NoError(t, err)
		}
		time.Sleep(10 * time.Minute)
		require.True(t, cloud.Lambda.Idle())
		stop()
		require.NoError(t, <-done)
		require.Equal(t, want, function.data)
		require.Greater(t, function.most, 5, "items of one partition")
		require.LessOrEqual(t, function.most, 10)
	})
}
