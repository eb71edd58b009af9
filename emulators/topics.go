package emulators

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/sns"
	"github.com/shakedown-iot/shakedown/emulators/sqs"
)

// queueTarget delivers what SNS publishes to the embedded queues.
type queueTarget struct{ state *sqs.State }

// Deliver implements sns.Queue.
func (t queueTarget) Deliver(ctx context.Context, queueARN, body string, attributes map[string]sns.Attribute) error {
	own := make(map[string]sqs.MessageAttribute, len(attributes))
	for name, a := range attributes {
		own[name] = sqs.MessageAttribute(a)
	}
	return t.state.Deliver(ctx, queueARN, sqs.Outgoing{MessageBody: body, MessageAttributes: own})
}
