package emulators

import (
	"context"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	kinesissdk "github.com/aws/aws-sdk-go-v2/service/kinesis"
	kinesistypes "github.com/aws/aws-sdk-go-v2/service/kinesis/types"
	schedulersdk "github.com/aws/aws-sdk-go-v2/service/scheduler"
	schedulertypes "github.com/aws/aws-sdk-go-v2/service/scheduler/types"
	snssdk "github.com/aws/aws-sdk-go-v2/service/sns"
	sqssdk "github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iam/roletest"
)

// scheduled is a target of a schedule and the action that its role needs.
type scheduled struct {
	action, api string
	target      schedulertypes.Target
}

func scheduledTargets() map[string]scheduled {
	const own = ":us-east-1:000000000000:"
	return map[string]scheduled{
		"queue": {"sqs:SendMessage", "sqs:sendMessage", schedulertypes.Target{Arn: aws.String("arn:aws:sqs" + own + "q")}},
		"fifo": {"sqs:SendMessage", "sqs:sendMessage", schedulertypes.Target{
			Arn: aws.String("arn:aws:sqs" + own + "q.fifo"), SqsParameters: &schedulertypes.SqsParameters{MessageGroupId: aws.String("g")}}},
		"topic": {"sns:Publish", "sns:publish", schedulertypes.Target{Arn: aws.String("arn:aws:sns" + own + "t")}},
		"stream": {"kinesis:PutRecord", "kinesis:putRecord", schedulertypes.Target{
			Arn: aws.String("arn:aws:kinesis" + own + "stream/s"), KinesisParameters: &schedulertypes.KinesisParameters{PartitionKey: aws.String("k")}}},
		"delivery": {"firehose:PutRecord", "firehose:putRecord", schedulertypes.Target{Arn: aws.String("arn:aws:firehose" + own + "deliverystream/d")}},
	}
}

// TestTargetsOfSchedules: what is not there is a dead letter, and so is what the role does
// not allow.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
func TestTargetsOfSchedules(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		ctx, stop := context.WithCancel(t.Context())
		cloud, err := New(Config{})
		require.NoError(t, err)
		cfg := cloud.AWSConfig()
		schedules, queues := schedulersdk.NewFromConfig(cfg), sqssdk.NewFromConfig(cfg)
		_, err = queues.CreateQueue(ctx, &sqssdk.CreateQueueInput{QueueName: aws.String("given-up")})
		require.NoError(t, err)
		role, err := roletest.Make(ctx, cfg, "schedules", "scheduler.amazonaws.com", "sqs:SendMessage")
		require.NoError(t, err)
		done := make(chan error, 1)
		go func() { done <- cloud.Run(ctx) }()
		for name, c := range scheduledTargets() {
			in := everyMinute(role)
			in.Name, in.Target = &name, &c.target
			in.Target.RoleArn, in.Target.Input = &role, aws.String("<aws.scheduler.schedule-arn> says hello")
			in.Target.DeadLetterConfig = &schedulertypes.DeadLetterConfig{Arn: aws.String("arn:aws:sqs:us-east-1:000000000000:given-up")}
			_, err := schedules.CreateSchedule(ctx, in)
			require.NoError(t, err)
			synctest.Wait()
			dead := received(t, cfg, "given-up")
			require.Len(t, dead, 1, name)
			code := *dead[0].MessageAttributes["ERROR_CODE"].StringValue
			if c.action == "sqs:SendMessage" {
				require.Contains(t, code, "NonExistentQueue")
			} else {
				require.Equal(t, "AccessDeniedException", code)
				require.Contains(t, *dead[0].MessageAttributes["ERROR_MESSAGE"].StringValue, "not authorized to perform: "+c.action+" on resource: "+*c.target.Arn)
			}
			require.Equal(t, "arn:aws:scheduler:::aws-sdk:"+c.api, *dead[0].MessageAttributes["TARGET_ARN"].StringValue)
			require.Contains(t, *dead[0].Body, ":schedule/default/"+name+" says hello")
			require.NotContains(t, dead[0].MessageAttributes, "EXHAUSTED_RETRY_CONDITION")
		}
		makeScheduled(t, ctx, cfg)
		require.NoError(t, roletest.Allow(ctx, cfg, "schedules", "sqs:SendMessage", "sns:Publish", "kinesis:PutRecord", "firehose:PutRecord"))
		time.Sleep(61 * time.Second)
		requireScheduled(t, ctx, cfg)
		dead := received(t, cfg, "given-up")
		require.Len(t, dead, 1)
		require.Equal(t, "ResourceNotFoundException", *dead[0].MessageAttributes["ERROR_CODE"].StringValue, "there is no delivery stream")
		stop()
		require.NoError(t, <-done)
	})
}

// makeScheduled makes the targets, but for the delivery stream; the topic has a queue.
func makeScheduled(t *testing.T, ctx context.Context, cfg aws.Config) {
	queues, topics := sqssdk.NewFromConfig(cfg), snssdk.NewFromConfig(cfg)
	for name, attributes := range map[string]map[string]string{
		"q": nil, "q.fifo": {"FifoQueue": "true", "ContentBasedDeduplication": "true"},
		"of-topic": {"Policy": `{"Statement":{"Effect":"Allow","Principal":{"Service":"sns.amazonaws.com"},"Action":"sqs:SendMessage","Resource":"*"}}`},
	} {
		_, err := queues.CreateQueue(ctx, &sqssdk.CreateQueueInput{QueueName: &name, Attributes: attributes})
		require.NoError(t, err)
	}
	topic, err := topics.CreateTopic(ctx, &snssdk.CreateTopicInput{Name: aws.String("t")})
	require.NoError(t, err)
	_, err = topics.Subscribe(ctx, &snssdk.SubscribeInput{TopicArn: topic.TopicArn, Protocol: aws.String("sqs"), Endpoint: aws.String("arn:aws:sqs:us-east-1:000000000000:of-topic")})
	require.NoError(t, err)
	_, err = kinesissdk.NewFromConfig(cfg).CreateStream(ctx, &kinesissdk.CreateStreamInput{StreamName: aws.String("s"), ShardCount: aws.Int32(1)})
	require.NoError(t, err)
}

func requireScheduled(t *testing.T, ctx context.Context, cfg aws.Config) {
	for queue, text := range map[string]string{"q": "schedule/default/queue says hello", "q.fifo": "schedule/default/fifo says hello", "of-topic": "schedule/default/topic says hello"} {
		got := received(t, cfg, queue)
		require.Len(t, got, 1, queue)
		require.Contains(t, *got[0].Body, text)
	}
	streams := kinesissdk.NewFromConfig(cfg)
	at, err := streams.GetShardIterator(ctx, &kinesissdk.GetShardIteratorInput{
		StreamName: aws.String("s"), ShardId: aws.String("shardId-000000000000"), ShardIteratorType: kinesistypes.ShardIteratorTypeTrimHorizon})
	require.NoError(t, err)
	got, err := streams.GetRecords(ctx, &kinesissdk.GetRecordsInput{ShardIterator: at.ShardIterator})
	require.NoError(t, err)
	require.Len(t, got.Records, 1)
	require.Equal(t, "k arn:aws:scheduler:us-east-1:000000000000:schedule/default/stream says hello", *got.Records[0].PartitionKey+" "+string(got.Records[0].Data))
}
