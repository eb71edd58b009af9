package sns

import (
	"cmp"
	"context"
	"net/url"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// PublishInput is a message for a topic. TargetArn is another name of TopicArn.
type PublishInput struct {
	TopicArn  string
	TargetArn string
	Message
}

// PublishOutput is the message's id, and its place in a FIFO topic.
type PublishOutput struct {
	MessageId      string
	SequenceNumber string `xml:",omitempty"`
}

// Publish delivers a message to all subscriptions that accept it. Errors:
// InvalidParameter, NotFound.
// https://docs.aws.amazon.com/sns/latest/api/API_Publish.html
func (s *State) Publish(ctx context.Context, in *PublishInput) (*PublishOutput, error) {
	if in.TopicArn != "" && in.TargetArn != "" {
		return nil, invalid("TopicArn or TargetArn", "one of them, not both")
	}
	if in.TopicArn == "" {
		in.TopicArn = in.TargetArn
	}
	if in.TopicArn == "" {
		return nil, invalid("TopicArn or TargetArn", "no value for required parameter")
	}
	if resource, _ := wire.ResourceOf(in.TargetArn, "sns"); strings.HasPrefix(resource, "endpoint/") {
		return nil, invalid("TargetArn", "endpoints of mobile push are not implemented by Shakedown")
	}
	if policy.CallerOf(ctx).Service != "" { // a service; others were asked about on their way in
		if _, err := s.onTopic(in.TopicArn, func(t *topic) error { return s.authorize(ctx, t, "sns:Publish") }); err != nil {
			return nil, err
		}
	}
	return s.publish(in.TopicArn, &in.Message)
}

func (s *State) publish(topicARN string, in *Message) (*PublishOutput, error) {
	if err := in.validate(); err != nil {
		return nil, err
	}
	out := &PublishOutput{MessageId: wire.NewRequestID()}
	defer s.inTurn(topicARN)()
	var (
		from       sender
		recipients []recipient
	)
	_, err := s.onTopic(topicARN, func(t *topic) error {
		from = s.sender(t)
		if in.size() > t.maximum() {
			return invalid("Message", "Message too long")
		}
		if !t.fifo && in.MessageDeduplicationId != "" {
			return invalid("MessageDeduplicationId", "The request includes MessageDeduplicationId parameter that is not valid for this topic type")
		}
		if t.fifo {
			sequence, before, err := t.admit(in, out.MessageId, time.Now())
			if err != nil {
				return err
			}
			out.SequenceNumber = sequence
			if before != nil {
				out.MessageId, out.SequenceNumber = before.id, before.sequence
				return nil
			}
		}
		for _, sub := range t.subscriptions {
			if !sub.waits() && (sub.filter == nil || sub.filter.Matches(in.filtered(), in.Message)) {
				recipients = append(recipients, recipient{sub, sub.raw})
			}
		}
		return nil
	})
	for _, to := range recipients {
		s.hand(to.subscription, s.notify(from, to, in, out))
	}
	return out, err
}

// inTurn lets the publishers of a FIFO topic through one after the other, so that all its
// queues have its messages in the order of their sequence numbers; the answer ends the turn.
// https://docs.aws.amazon.com/sns/latest/dg/fifo-topic-message-ordering.html
func (s *State) inTurn(topicARN string) (end func()) {
	s.mu.Lock()
	t, err := s.topic(topicARN)
	s.mu.Unlock()
	if err != nil || !t.fifo {
		return func() {}
	}
	t.turn <- struct{}{}
	return func() { <-t.turn }
}

// recipient is a subscription as it was when a message was published.
type recipient struct {
	*subscription
	raw bool
}

// notify is what a subscription is told of a message.
func (s *State) notify(from sender, sub recipient, in *Message, out *PublishOutput) notice {
	text := in.textFor(sub.protocol)
	unsubscribe := s.config.Endpoint + "/?" + url.Values{"Action": {"Unsubscribe"}, "SubscriptionArn": {sub.arn}, "Version": {"2010-03-31"}}.Encode()
	e := envelope{
		Type: "Notification", MessageId: out.MessageId, TopicArn: from.topic, Subject: in.Subject, Message: text,
		UnsubscribeURL: unsubscribe, SequenceNumber: out.SequenceNumber, MessageAttributes: envelopeAttributes(in.MessageAttributes),
	}
	e.sign(from.signatures)
	n := notice{kind: e.Type, id: e.MessageId, topic: from.topic, from: cmp.Or(from.display, usualSender), subject: in.Subject, text: text, raw: sub.raw}
	if n.subject == "" {
		n.subject = "AWS Notification Message"
	}
	if sub.raw {
		n.body = text
		n.delivery.Attributes = in.MessageAttributes
	} else {
		n.body = e.text()
	}
	n.delivery.Body = n.body
	switch {
	case strings.HasSuffix(sub.endpoint, ".fifo"):
		n.delivery.Group, n.delivery.Deduplication = in.MessageGroupId, in.MessageDeduplicationId
	case !from.fifo: // for a fair queue; a FIFO topic keeps it to itself
		n.delivery.Group = in.MessageGroupId
	}
	if sub.protocol == "lambda" {
		n.event = e.forFunction(sub.arn)
	}
	return n
}
