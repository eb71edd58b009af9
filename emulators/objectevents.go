package emulators

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/sns"
	"github.com/shakedown-iot/shakedown/emulators/sqs"
)

// objectEvents takes the events of buckets to the cloud's queues, topics and functions;
// those are made after its buckets.
type objectEvents struct{ cloud *Cloud }

// Queue implements s3.Targets.
func (t objectEvents) Queue(ctx context.Context, arn, message string) error {
	return t.cloud.SQS.Deliver(ctx, arn, sqs.Outgoing{MessageBody: message})
}

// Topic implements s3.Targets.
func (t objectEvents) Topic(ctx context.Context, arn, subject, message string) error {
	_, err := t.cloud.SNS.Publish(ctx, &sns.PublishInput{TopicArn: arn, Message: sns.Message{Subject: subject, Message: message}})
	return err
}

// Function implements s3.Targets.
func (t objectEvents) Function(ctx context.Context, arn string, payload []byte) error {
	return t.cloud.Lambda.InvokeAsync(ctx, arn, payload)
}

// MayInvoke implements s3.Targets.
func (t objectEvents) MayInvoke(ctx context.Context, arn string) error {
	return t.cloud.Lambda.MayInvoke(ctx, arn)
}
