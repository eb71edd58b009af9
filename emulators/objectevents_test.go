package emulators_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	lambdasdk "github.com/aws/aws-sdk-go-v2/service/lambda"
	lambdatypes "github.com/aws/aws-sdk-go-v2/service/lambda/types"
	s3sdk "github.com/aws/aws-sdk-go-v2/service/s3"
	s3types "github.com/aws/aws-sdk-go-v2/service/s3/types"
	snssdk "github.com/aws/aws-sdk-go-v2/service/sns"
	sqssdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators"
	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
)

type eventTest struct {
	s3  *s3sdk.Client
	sqs *sqssdk.Client
	sns *snssdk.Client
	url *string
}

func withEvents(t *testing.T, do func(t *testing.T, e eventTest)) {
	synctest.Test(t, func(t *testing.T) {
		cloud, err := emulators.New(emulators.Config{})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan error, 1)
		go func() { done <- cloud.Run(ctx) }()
		e := eventTest{
			s3:  s3sdk.NewFromConfig(cloud.AWSConfig(), func(o *s3sdk.Options) { o.UsePathStyle = true }),
			sqs: sqssdk.NewFromConfig(cloud.AWSConfig()), sns: snssdk.NewFromConfig(cloud.AWSConfig()),
		}
		queue, err := e.sqs.CreateQueue(ctx, &sqssdk.CreateQueueInput{QueueName: aws.String("events"), Attributes: map[string]string{"Policy": letIn("sqs:SendMessage")}})
		require.NoError(t, err)
		e.url = queue.QueueUrl
		_, err = e.s3.CreateBucket(ctx, &s3sdk.CreateBucketInput{Bucket: aws.String("archive")})
		require.NoError(t, err)
		do(t, e)
		cancel()
		require.NoError(t, <-done)
	})
}

// letIn is a policy that lets a bucket or a topic of the account in.
func letIn(action string) string {
	return `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":["s3.amazonaws.com","sns.amazonaws.com"]},"Action":"` + action +
		`","Resource":"*","Condition":{"StringEquals":{"aws:SourceAccount":"000000000000"}}}]}`
}

const queueARN = "arn:aws:sqs:us-east-1:000000000000:events"

func toQueue(prefix, suffix string, events ...s3types.Event) s3types.QueueConfiguration {
	return s3types.QueueConfiguration{QueueArn: aws.String(queueARN), Events: events, Filter: &s3types.NotificationConfigurationFilter{Key: &s3types.S3KeyFilter{
		FilterRules: []s3types.FilterRule{{Name: "prefix", Value: &prefix}, {Name: "suffix", Value: &suffix}},
	}}}
}

func (e eventTest) configure(t *testing.T, c *s3types.NotificationConfiguration) error {
	_, err := e.s3.PutBucketNotificationConfiguration(t.Context(), &s3sdk.PutBucketNotificationConfigurationInput{Bucket: aws.String("archive"), NotificationConfiguration: c})
	return err
}

func (e eventTest) put(t *testing.T, key string) {
	_, err := e.s3.PutObject(t.Context(), &s3sdk.PutObjectInput{Bucket: aws.String("archive"), Key: &key, Body: strings.NewReader("four")})
	require.NoError(t, err)
}

func (e eventTest) remove(t *testing.T, key string) {
	_, err := e.s3.DeleteObject(t.Context(), &s3sdk.DeleteObjectInput{Bucket: aws.String("archive"), Key: &key})
	require.NoError(t, err)
}

// received are the messages in the queue once nothing moves.
func (e eventTest) received(t *testing.T) []string {
	synctest.Wait()
	var all []string
	for {
		out, err := e.sqs.ReceiveMessage(t.Context(), &sqssdk.ReceiveMessageInput{QueueUrl: e.url, MaxNumberOfMessages: 10})
		require.NoError(t, err)
		if len(out.Messages) == 0 {
			return all
		}
		for _, m := range out.Messages {
			all = append(all, *m.Body)
		}
	}
}

type s3Event struct {
	Records []struct {
		EventVersion, EventSource, AWSRegion, EventTime, EventName string
		S3                                                         struct {
			ConfigurationID string
			Bucket          struct{ Name, ARN string }
			Object          struct {
				Key, ETag, VersionID, Sequencer string
				Size                            int
			}
		}
	}
}

// AWS.md §5: S3: PUT/GET/HEAD/COPY/LIST v2/multipart/range/conditional; … event
// notifications to SQS/SNS/Lambda. The fields are those of
// https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html
func TestObjectEventsReachAQueueInOrder(t *testing.T) {
	withEvents(t, func(t *testing.T, e eventTest) {
		require.NoError(t, e.configure(t, &s3types.NotificationConfiguration{QueueConfigurations: []s3types.QueueConfiguration{
			toQueue("raw/", ".json", "s3:ObjectCreated:*", "s3:ObjectRemoved:*")}}))
		test := e.received(t)
		require.Len(t, test, 1)
		require.Contains(t, test[0], `"Event":"s3:TestEvent"`)

		e.put(t, "raw/red flower.json")
		e.put(t, "raw/other.csv")
		e.put(t, "else.json")
		_, err := e.s3.CopyObject(t.Context(), &s3sdk.CopyObjectInput{Bucket: aws.String("archive"), Key: aws.String("raw/b.json"), CopySource: aws.String("archive/else.json")})
		require.NoError(t, err)
		e.remove(t, "raw/b.json")
		e.remove(t, "raw/none.json")
		_, err = e.s3.PutBucketVersioning(t.Context(), &s3sdk.PutBucketVersioningInput{Bucket: aws.String("archive"), VersioningConfiguration: &s3types.VersioningConfiguration{Status: s3types.BucketVersioningStatusEnabled}})
		require.NoError(t, err)
		e.remove(t, "raw/red flower.json")

		var names, sequencers []string
		messages := e.received(t)
		for _, m := range messages {
			var event s3Event
			require.NoError(t, json.Unmarshal([]byte(m), &event))
			require.Len(t, event.Records, 1)
			names = append(names, event.Records[0].EventName+" "+event.Records[0].S3.Object.Key)
			sequencers = append(sequencers, event.Records[0].S3.Object.Sequencer)
		}
		require.Equal(t, []string{
			"ObjectCreated:Put raw%2Fred+flower.json", "ObjectCreated:Copy raw%2Fb.json", "ObjectRemoved:Delete raw%2Fb.json",
			"ObjectRemoved:DeleteMarkerCreated raw%2Fred+flower.json",
		}, names)
		require.IsIncreasing(t, sequencers)
		var first s3Event
		require.NoError(t, json.Unmarshal([]byte(messages[0]), &first))
		record := first.Records[0]
		require.Equal(t, "2.1 aws:s3 us-east-1", record.EventVersion+" "+record.EventSource+" "+record.AWSRegion)
		require.Equal(t, "arn:aws:s3:::archive", record.S3.Bucket.ARN)
		require.Equal(t, 4, record.S3.Object.Size)
		require.Equal(t, "8cbad96aced40b3838dd9f07f6ef5772", record.S3.Object.ETag, "md5 of four")
	})
}

// AWS.md §5: event notifications to SQS/SNS/Lambda.
func TestObjectEventsReachATopic(t *testing.T) {
	withEvents(t, func(t *testing.T, e eventTest) {
		topic, err := e.sns.CreateTopic(t.Context(), &snssdk.CreateTopicInput{Name: aws.String("changes")})
		require.NoError(t, err)
		events := &s3types.NotificationConfiguration{TopicConfigurations: []s3types.TopicConfiguration{{TopicArn: topic.TopicArn, Events: []s3types.Event{"s3:ObjectCreated:Put"}}}}
		require.ErrorContains(t, e.configure(t, events), "s3.amazonaws.com for arn:aws:s3:::archive is not authorized to perform: sns:Publish", "by a topic's default policy")
		_, err = e.sns.SetTopicAttributes(t.Context(), &snssdk.SetTopicAttributesInput{TopicArn: topic.TopicArn, AttributeName: aws.String("Policy"), AttributeValue: aws.String(letIn("sns:Publish"))})
		require.NoError(t, err)
		_, err = e.sns.Subscribe(t.Context(), &snssdk.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("sqs"), Endpoint: aws.String(queueARN), Attributes: map[string]string{"RawMessageDelivery": "true"}})
		require.NoError(t, err)
		require.NoError(t, e.configure(t, events))
		e.put(t, "a")
		got := e.received(t)
		require.Len(t, got, 2)
		require.Contains(t, got[0], "s3:TestEvent")
		require.Contains(t, got[1], `"eventName":"ObjectCreated:Put"`)
	})
}

func TestWhatABucketCannotTellIsRefused(t *testing.T) {
	withEvents(t, func(t *testing.T, e eventTest) {
		none := toQueue("", "", "s3:ObjectCreated:*")
		none.QueueArn = aws.String("arn:aws:sqs:us-east-1:000000000000:none")
		for want, c := range map[string]*s3types.NotificationConfiguration{
			"EventBridgeConfiguration is not implemented":                 {EventBridgeConfiguration: &s3types.EventBridgeConfiguration{}},
			"s3:ObjectTagging:Put is not implemented":                     {QueueConfigurations: []s3types.QueueConfiguration{toQueue("", "", "s3:ObjectTagging:Put")}},
			"Unable to validate the following destination configurations": {QueueConfigurations: []s3types.QueueConfiguration{none}},
			"is not supported for notifications":                          {QueueConfigurations: []s3types.QueueConfiguration{toQueue("", "", "s3:No")}},
			"Configurations overlap":                                      {QueueConfigurations: []s3types.QueueConfiguration{toQueue("a", "", "s3:ObjectCreated:*"), toQueue("ab", "c", "s3:ObjectCreated:Put")}},
		} {
			require.ErrorContains(t, e.configure(t, c), want)
		}
		apart := &s3types.NotificationConfiguration{QueueConfigurations: []s3types.QueueConfiguration{toQueue("a", ".x", "s3:ObjectCreated:*"), toQueue("a", ".y", "s3:ObjectCreated:Put")}}
		require.NoError(t, e.configure(t, apart))
		got, err := e.s3.GetBucketNotificationConfiguration(t.Context(), &s3sdk.GetBucketNotificationConfigurationInput{Bucket: aws.String("archive")})
		require.NoError(t, err)
		require.Len(t, got.QueueConfigurations, 2)
		require.Equal(t, apart.QueueConfigurations[1].Filter, got.QueueConfigurations[1].Filter)
		require.NoError(t, e.configure(t, &s3types.NotificationConfiguration{}))
		e.received(t)
		e.put(t, "a.x")
		require.Empty(t, e.received(t))
	})
}

type heard chan string

func (h heard) Invoke(_ context.Context, payload []byte) ([]byte, error) {
	h <- string(payload)
	return []byte(`{}`), nil
}

// AWS.md §5: event notifications to SQS/SNS/Lambda.
func TestObjectEventsReachAFunction(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		cloud, err := emulators.New(emulators.Config{})
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		got, done := make(heard, 2), make(chan error, 1)
		cloud.Lambda.Bind("f", got)
		go func() { done <- cloud.Run(ctx) }()
		e := eventTest{s3: s3sdk.NewFromConfig(cloud.AWSConfig(), func(o *s3sdk.Options) { o.UsePathStyle = true })}
		_, err = e.s3.CreateBucket(ctx, &s3sdk.CreateBucketInput{Bucket: aws.String("archive")})
		require.NoError(t, err)
		events := &s3types.NotificationConfiguration{LambdaFunctionConfigurations: []s3types.LambdaFunctionConfiguration{{
			LambdaFunctionArn: aws.String("arn:aws:lambda:us-east-1:000000000000:function:f"), Events: []s3types.Event{"s3:ObjectCreated:*"},
		}}}
		require.ErrorContains(t, e.configure(t, events), "Unable to validate", "there is no function yet")
		role, err := roletest.Make(ctx, cloud.AWSConfig(), "functions", "lambda.amazonaws.com")
		require.NoError(t, err)
		_, err = lambdasdk.NewFromConfig(cloud.AWSConfig()).CreateFunction(ctx, &lambdasdk.CreateFunctionInput{
			FunctionName: aws.String("f"), Role: &role, Runtime: lambdatypes.RuntimeProvidedal2023, Handler: aws.String("bootstrap"),
			Code: &lambdatypes.FunctionCode{ZipFile: []byte("zip")},
		})
		require.NoError(t, err)
		err = e.configure(t, events)
		require.ErrorContains(t, err, "Unable to validate", "there is no permission yet")
		require.ErrorContains(t, err, "aws lambda add-permission --function-name arn:aws:lambda:us-east-1:000000000000:function:f --statement-id s3 --action lambda:InvokeFunction --principal s3.amazonaws.com --source-arn 'arn:aws:s3:::archive' --source-account 000000000000")
		_, err = lambdasdk.NewFromConfig(cloud.AWSConfig()).AddPermission(ctx, &lambdasdk.AddPermissionInput{
			FunctionName: aws.String("f"), StatementId: aws.String("bucket"), Action: aws.String("lambda:InvokeFunction"), Principal: aws.String("s3.amazonaws.com"),
			SourceArn: aws.String("arn:aws:s3:::archive"), SourceAccount: aws.String("000000000000"),
		})
		require.NoError(t, err)
		require.NoError(t, e.configure(t, events))
		e.put(t, "a")
		time.Sleep(time.Second) // of the bubble: a cold start
		synctest.Wait()
		require.True(t, cloud.Idle())
		require.Len(t, got, 1, "no test event for a function")
		require.Contains(t, <-got, `"eventName":"ObjectCreated:Put"`)
		cancel()
		require.NoError(t, <-done)
	})
}

// A queue that is not there is tried again, and not for ever.
func TestObjectEventIsTriedAgain(t *testing.T) {
	withEvents(t, func(t *testing.T, e eventTest) {
		require.NoError(t, e.configure(t, &s3types.NotificationConfiguration{QueueConfigurations: []s3types.QueueConfiguration{toQueue("", "", "s3:ObjectCreated:*")}}))
		e.received(t)
		_, err := e.sqs.DeleteQueue(t.Context(), &sqssdk.DeleteQueueInput{QueueUrl: e.url})
		require.NoError(t, err)
		e.put(t, "lost")
		time.Sleep(time.Minute)
		e.put(t, "late")
		time.Sleep(2 * time.Second)
		_, err = e.sqs.CreateQueue(t.Context(), &sqssdk.CreateQueueInput{QueueName: aws.String("events"), Attributes: map[string]string{"Policy": letIn("sqs:SendMessage")}})
		require.NoError(t, err)
		e.put(t, "at once")
		require.Len(t, e.received(t), 1)
		time.Sleep(2 * time.Second)
		messages := e.received(t)
		require.Len(t, messages, 1)
		require.Contains(t, messages[0], `"key":"late"`)
	})
}
