package scheduler

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/firehose"
	firehosetypes "github.com/aws/aws-sdk-go-v2/service/firehose/types"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/sns"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Invoker queues an invocation of a Lambda function, given as an ARN. It must
// not block for long and must copy the payload if it keeps it.
type Invoker interface {
	InvokeAsync(ctx context.Context, function string, payload []byte) error
}

// Queue is how messages and dead-letter events reach SQS; *sqs.Client is one. The queue URL
// it is given is https://sqs.<region>.amazonaws.com/<account>/<name>.
type Queue interface {
	SendMessage(context.Context, *sqs.SendMessageInput, ...func(*sqs.Options)) (*sqs.SendMessageOutput, error)
}

// Topic is how messages reach SNS; *sns.Client is one.
type Topic interface {
	Publish(context.Context, *sns.PublishInput, ...func(*sns.Options)) (*sns.PublishOutput, error)
}

// Stream is how records reach Kinesis; *kinesis.Client is one.
type Stream interface {
	PutRecord(context.Context, *kinesis.PutRecordInput, ...func(*kinesis.Options)) (*kinesis.PutRecordOutput, error)
}

// Delivery is how records reach Firehose; *firehose.Client is one.
type Delivery interface {
	PutRecord(context.Context, *firehose.PutRecordInput, ...func(*firehose.Options)) (*firehose.PutRecordOutput, error)
}

// reaches tells whether there is a client for a service, and for dead letters.
func (c *Config) reaches(service string, dead bool) error {
	has := map[string]bool{"lambda": c.Invoker != nil, "sqs": c.Queue != nil, "sns": c.Topic != nil, "kinesis": c.Stream != nil, "firehose": c.Delivery != nil}
	switch {
	case !has[service]:
		return wire.Errorf(codeInvalid, 0, "Target.Arn: this cloud has no client of %s for schedules (scheduler.Config)", service)
	case dead && !has["sqs"]:
		return wire.Errorf(codeInvalid, 0, "Target.DeadLetterConfig: this cloud has no client of sqs for schedules (scheduler.Config)")
	}
	return nil
}

// callTimeout bounds one call of a target.
const callTimeout = 10 * time.Second

// call is what a firing asks of the target's service.
type call struct {
	action string // that the role must allow on the target
	api    string // as a universal target names it: service:operation
	// request has the members of the operation, for a dead-letter event.
	request any
	do      func(context.Context) error
}

// call is that of a target for a payload.
func (s *State) call(t Target, payload []byte) call {
	text := string(payload)
	switch service, name := t.service(); service {
	case "sqs":
		in := &sqs.SendMessageInput{QueueUrl: new(queueURL(t.Arn)), MessageBody: &text}
		if t.SqsParameters != nil && t.SqsParameters.MessageGroupId != "" {
			in.MessageGroupId = &t.SqsParameters.MessageGroupId
		}
		return call{"sqs:SendMessage", "sqs:sendMessage", struct {
			MessageBody, QueueUrl string
			MessageGroupId        *string `json:",omitempty"`
		}{text, *in.QueueUrl, in.MessageGroupId}, func(ctx context.Context) error { _, err := s.config.Queue.SendMessage(ctx, in); return err }}
	case "sns":
		in := &sns.PublishInput{TopicArn: &t.Arn, Message: &text}
		return call{"sns:Publish", "sns:publish", struct{ Message, TopicArn string }{text, t.Arn},
			func(ctx context.Context) error { _, err := s.config.Topic.Publish(ctx, in); return err }}
	case "kinesis":
		key := t.KinesisParameters.PartitionKey
		in := &kinesis.PutRecordInput{StreamName: &name, PartitionKey: &key, Data: payload}
		return call{"kinesis:PutRecord", "kinesis:putRecord", struct{ Data, PartitionKey, StreamName string }{text, key, name},
			func(ctx context.Context) error { _, err := s.config.Stream.PutRecord(ctx, in); return err }}
	case "firehose":
		in := &firehose.PutRecordInput{DeliveryStreamName: &name, Record: &firehosetypes.Record{Data: payload}}
		return call{"firehose:PutRecord", "firehose:putRecord", struct{ DeliveryStreamName, Record any }{name, struct{ Data string }{text}},
			func(ctx context.Context) error { _, err := s.config.Delivery.PutRecord(ctx, in); return err }}
	default:
		return call{"lambda:InvokeFunction", "lambda:invoke", struct{ FunctionName, InvocationType, Payload string }{t.Arn, "Event", text},
			func(ctx context.Context) error { return s.config.Invoker.InvokeAsync(ctx, t.Arn, payload) }}
	}
}

// perform does a call as the role of the target, if that may.
func (s *State) perform(ctx context.Context, group string, t Target, c call) error {
	if err := s.may(group, t, c.action); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(policy.As(ctx, t.RoleArn), callTimeout)
	defer cancel()
	return c.do(ctx)
}

// queueURL is where the queue of an ARN is.
func queueURL(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	return fmt.Sprintf("https://sqs.%s.amazonaws.com/%s/%s", parts[3], parts[4], parts[5])
}
