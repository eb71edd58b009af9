package emulators

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/sns"
	"github.com/shakedown-iot/shakedown/emulators/sqs"
)

// queueTarget delivers what SNS publishes to the embedded queues.
type queueTarget struct{ state *sqs.State }

// Deliver implements sns.Queue.
func (t queueTarget) Deliver(ctx context.Context, queueARN string, m sns.Delivery) error {
	own := make(map[string]sqs.MessageAttribute, len(m.Attributes))
	for name, a := range m.Attributes {
		own[name] = sqs.MessageAttribute(a)
	}
	return t.state.Deliver(ctx, queueARN, sqs.Outgoing{
		MessageBody: m.Body, MessageAttributes: own, MessageGroupId: m.Group, MessageDeduplicationId: m.Deduplication,
	})
}

// functionTarget invokes the cloud's functions, which are made after its topics.
type functionTarget struct{ cloud *Cloud }

// InvokeAsync implements sns.Functions.
func (t functionTarget) InvokeAsync(ctx context.Context, function string, payload []byte) error {
	return t.cloud.Lambda.InvokeAsync(ctx, function, payload)
}
