package emulators

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	kinesistypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	s3sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	snssdk "github.com/aws/aws-sdk-go-v2/service/sns"
	sqssdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
	"github.com/shakedown-iot/shakedown/emulators/lambda"
)

// fussy fails on what it is told to.
type fussy struct{}

func (fussy) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	if string(payload) == `"bad"` {
		return nil, errors.New("as told")
	}
	return payload, nil
}

// makeFunction makes the function "f", whose handler is bound.
func makeFunction(t *testing.T, cfg aws.Config, change func(*lambdasdk.CreateFunctionInput)) {
	t.Helper()
	role, err := roletest.Make(t.Context(), cfg, "functions", "lambda.amazonaws.com", "*")
	require.NoError(t, err)
	in := &lambdasdk.CreateFunctionInput{
		FunctionName: aws.String("f"), Role: &role, Runtime: lambdatypes.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Code: &lambdatypes.FunctionCode{ZipFile: []byte("zip")},
	}
	if change != nil {
		change(in)
	}
	_, err = lambdasdk.NewFromConfig(cfg).CreateFunction(t.Context(), in)
	require.NoError(t, err)
}

// TestResultsReachTheirDestinations sends what a function did with asynchronous
// events to a topic, a bucket and a dead-letter queue.
// AWS.md §3: DestinationConfig OnFailure (SQS, SNS, S3); S3 destinations add the payload; on-failure destination.
// AWS.md §3: or dead-letter queue.
func TestResultsReachTheirDestinations(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cloud, err := New(Config{})
		require.NoError(t, err)
		cloud.Lambda.Bind("f", fussy{})
		functions, objects := lambdasdk.NewFromConfig(cloud.AWSConfig()), s3sdk.NewFromConfig(cloud.AWSConfig(), func(o *s3sdk.Options) { o.UsePathStyle = true })
		topics, queues := snssdk.NewFromConfig(cloud.AWSConfig()), sqssdk.NewFromConfig(cloud.AWSConfig())

		_, err = objects.CreateBucket(ctx, &s3sdk.CreateBucketInput{Bucket: aws.String("results")})
		require.NoError(t, err)
		topic, err := topics.CreateTopic(ctx, &snssdk.CreateTopicInput{Name: aws.String("done")})
		require.NoError(t, err)
		heard, err := queues.CreateQueue(ctx, &sqssdk.CreateQueueInput{QueueName: aws.String("heard"), Attributes: map[string]string{
			"Policy": `{"Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"}}`}})
		require.NoError(t, err)
		dead, err := queues.CreateQueue(ctx, &sqssdk.CreateQueueInput{QueueName: aws.String("dead")})
		require.NoError(t, err)
		_, err = topics.Subscribe(ctx, &snssdk.SubscribeInput{
			TopicArn: topic.TopicArn, Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:us-east-1:000000000000:heard"),
			Attributes: map[string]string{"RawMessageDelivery": "true"},
		})
		require.NoError(t, err)
		makeFunction(t, cloud.AWSConfig(), func(in *lambdasdk.CreateFunctionInput) {
			in.DeadLetterConfig = &lambdatypes.DeadLetterConfig{TargetArn: aws.String("arn:aws:sqs:us-east-1:000000000000:dead")}
		})
		_, err = functions.PutFunctionEventInvokeConfig(ctx, &lambdasdk.PutFunctionEventInvokeConfigInput{
			FunctionName: aws.String("f"), MaximumRetryAttempts: aws.Int32(1),
			DestinationConfig: &lambdatypes.DestinationConfig{
				OnSuccess: &lambdatypes.OnSuccess{Destination: topic.TopicArn}, OnFailure: &lambdatypes.OnFailure{Destination: aws.String("arn:aws:s3:::results")},
			},
		})
		require.NoError(t, err)

		done := make(chan error)
		go func() { done <- cloud.Lambda.Run(ctx) }()
		for _, payload := range []string{`"good"`, `"bad"`} {
			_, err := functions.Invoke(ctx, &lambdasdk.InvokeInput{FunctionName: aws.String("f"), InvocationType: lambdatypes.InvocationTypeEvent, Payload: []byte(payload)})
			require.NoError(t, err)
		}
		time.Sleep(2 * time.Minute) // the one retry comes after a minute
		stop()
		require.NoError(t, <-done)

		ctx = t.Context()
		var record struct {
			RequestContext  struct{ Condition string }
			RequestPayload  json.RawMessage
			ResponsePayload json.RawMessage
		}
		got, err := queues.ReceiveMessage(ctx, &sqssdk.ReceiveMessageInput{QueueUrl: heard.QueueUrl})
		require.NoError(t, err)
		require.Len(t, got.Messages, 1)
		require.NoError(t, json.Unmarshal([]byte(*got.Messages[0].Body), &record))
		require.Equal(t, "Success", record.RequestContext.Condition)
		require.Equal(t, `"good"`, string(record.ResponsePayload))

		list, err := objects.ListObjectsV2(ctx, &s3sdk.ListObjectsV2Input{Bucket: aws.String("results")})
		require.NoError(t, err)
		require.Len(t, list.Contents, 1)
		require.Regexp(t, `^aws/lambda/async/f/2000/01/01/2000-01-01T00\.01\.\d\d-`, *list.Contents[0].Key)
		object, err := objects.GetObject(ctx, &s3sdk.GetObjectInput{Bucket: aws.String("results"), Key: list.Contents[0].Key})
		require.NoError(t, err)
		body, err := io.ReadAll(object.Body)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(body, &record))
		require.Equal(t, "RetriesExhausted", record.RequestContext.Condition)
		require.Equal(t, `"bad"`, string(record.RequestPayload))

		got, err = queues.ReceiveMessage(ctx, &sqssdk.ReceiveMessageInput{QueueUrl: dead.QueueUrl, MessageAttributeNames: []string{"All"}})
		require.NoError(t, err)
		require.Len(t, got.Messages, 1)
		require.Equal(t, `"bad"`, *got.Messages[0].Body, "a dead-letter queue gets the event itself")
		require.Contains(t, *got.Messages[0].MessageAttributes["ErrorMessage"].StringValue, "as told")
	})
}

// TestAPackageFromS3CanBeFetchedAgain creates a function from an object and
// downloads what GetFunction locates.
func TestAPackageFromS3CanBeFetchedAgain(t *testing.T) {
	ctx := t.Context()
	cloud, err := New(Config{})
	require.NoError(t, err)
	cloud.Lambda.Bind("f", fussy{})
	functions, objects := lambdasdk.NewFromConfig(cloud.AWSConfig()), s3sdk.NewFromConfig(cloud.AWSConfig(), func(o *s3sdk.Options) { o.UsePathStyle = true })
	role, err := roletest.Make(ctx, cloud.AWSConfig(), "functions", "lambda.amazonaws.com")
	require.NoError(t, err)
	in := &lambdasdk.CreateFunctionInput{
		FunctionName: aws.String("f"), Role: &role, Runtime: lambdatypes.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
		Code: &lambdatypes.FunctionCode{S3Bucket: aws.String("code"), S3Key: aws.String("f.zip")},
	}
	_, err = functions.CreateFunction(ctx, in)
	require.ErrorContains(t, err, "Error occurred while GetObject")
	_, err = objects.CreateBucket(ctx, &s3sdk.CreateBucketInput{Bucket: aws.String("code")})
	require.NoError(t, err)
	_, err = objects.PutObject(ctx, &s3sdk.PutObjectInput{Bucket: aws.String("code"), Key: aws.String("f.zip"), Body: strings.NewReader("the zip")})
	require.NoError(t, err)
	_, err = functions.CreateFunction(ctx, in)
	require.NoError(t, err)
	got, err := functions.GetFunction(ctx, &lambdasdk.GetFunctionInput{FunctionName: aws.String("f")})
	require.NoError(t, err)
	for path, want := range map[string]int{*got.Code.Location: http.StatusOK, *got.Code.Location + "x": http.StatusNotFound} {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, path, nil)
		require.NoError(t, err)
		answer, err := Direct{Handler: cloud}.Do(r)
		require.NoError(t, err)
		require.Equal(t, want, answer.StatusCode, path)
		if want == http.StatusOK {
			body, err := io.ReadAll(answer.Body)
			require.NoError(t, err)
			require.Equal(t, "the zip", string(body))
		}
	}
}

// ordered remembers what it was given, in order, by partition key.
type ordered struct {
	mu   sync.Mutex
	data map[string][]string
}

func (o *ordered) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	var event struct {
		Records []struct {
			Kinesis struct {
				PartitionKey string
				Data         []byte
			}
		}
	}
	if err := json.Unmarshal(payload, &event); err != nil {
		return nil, err
	}
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, r := range event.Records {
		o.data[r.Kinesis.PartitionKey] = append(o.data[r.Kinesis.PartitionKey], string(r.Kinesis.Data))
	}
	return nil, nil
}

// streamWorld is a cloud with a stream "s" that the function "f" reads.
type streamWorld struct {
	*testing.T
	cloud     *Cloud
	functions *lambdasdk.Client
	streams   *kinesissdk.Client
	mapping   *lambdasdk.CreateEventSourceMappingOutput
}

// withStream runs a test in virtual time beside the functions' machinery, with
// batches of so many records from a position on, and waits for its end.
func withStream(t *testing.T, f lambda.GoHandler, from lambdatypes.EventSourcePosition, batch int32, test func(w streamWorld)) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cloud, err := New(Config{})
		require.NoError(t, err)
		cloud.Lambda.Bind("f", f)
		w := streamWorld{T: t, cloud: cloud, functions: lambdasdk.NewFromConfig(cloud.AWSConfig()), streams: kinesissdk.NewFromConfig(cloud.AWSConfig())}
		_, err = w.streams.CreateStream(ctx, &kinesissdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: aws.Int32(1)})
		require.NoError(t, err)
		makeFunction(t, cloud.AWSConfig(), nil)
		w.mapping, err = w.functions.CreateEventSourceMapping(ctx, &lambdasdk.CreateEventSourceMappingInput{
			FunctionName: aws.String("f"), EventSourceArn: aws.String("arn:aws:kinesis:us-east-1:000000000000:stream/s"),
			StartingPosition: from, BatchSize: &batch,
		})
		require.NoError(t, err)
		done := make(chan error)
		go func() { done <- cloud.Lambda.Run(ctx) }()
		test(w)
		stop()
		require.NoError(t, <-done)
	})
}

func (w streamWorld) put(key, data string) {
	_, err := w.streams.PutRecord(w.Context(), &kinesissdk.PutRecordInput{StreamName: aws.String("s"), PartitionKey: &key, Data: []byte(data)})
	require.NoError(w, err)
}

// TestAMappingFollowsAStreamThatIsResharded loses nothing and keeps each key's
// order over splits, merges and scaling.
func TestAMappingFollowsAStreamThatIsResharded(t *testing.T) {
	got, want := &ordered{data: map[string][]string{}}, map[string][]string{}
	withStream(t, got, lambdatypes.EventSourcePositionLatest, 3, func(w streamWorld) {
		ctx, streams := w.Context(), w.streams
		put := func(n int) {
			for i := range 20 {
				key, data := fmt.Sprint("key-", i%5), fmt.Sprint(n, ".", i)
				want[key] = append(want[key], data)
				w.put(key, data)
			}
		}
		enable := func(on bool) {
			_, err := w.functions.UpdateEventSourceMapping(ctx, &lambdasdk.UpdateEventSourceMappingInput{UUID: w.mapping.UUID, Enabled: &on})
			require.NoError(w, err)
		}
		time.Sleep(time.Second)
		put(1)
		_, err := streams.SplitShard(ctx, &kinesissdk.SplitShardInput{StreamName: aws.String("s"), ShardToSplit: aws.String("shardId-000000000000"), NewStartingHashKey: aws.String("170141183460469231731687303715884105728")})
		require.NoError(t, err)
		put(2)
		enable(false)
		_, err = streams.MergeShards(ctx, &kinesissdk.MergeShardsInput{StreamName: aws.String("s"), ShardToMerge: aws.String("shardId-000000000001"), AdjacentShardToMerge: aws.String("shardId-000000000002")})
		require.NoError(t, err)
		put(3)
		enable(true)
		_, err = streams.UpdateShardCount(ctx, &kinesissdk.UpdateShardCountInput{StreamName: aws.String("s"), TargetShardCount: aws.Int32(2), ScalingType: kinesistypes.ScalingTypeUniformScaling})
		require.NoError(t, err)
		put(4)
		time.Sleep(time.Minute)
		require.True(t, w.cloud.Lambda.Idle())
	})
	require.Equal(t, want, got.data)
}
