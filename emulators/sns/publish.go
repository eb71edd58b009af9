package sns

import (
	"context"
	"encoding/json"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Limits of a message (AWS.md §5).
const (
	maxMessage = 256 << 10
	maxSubject = 99
)

// PublishInput is a message for a topic.
type PublishInput struct {
	TopicArn          string
	Subject           string
	Message           string
	MessageAttributes map[string]Attribute
}

// PublishOutput is the message's id.
type PublishOutput struct{ MessageId string }

// envelope is what a queue gets unless it asked for raw delivery.
// https://docs.aws.amazon.com/sns/latest/dg/sns-sqs-as-subscriber.html
type envelope struct {
	Type              string
	MessageId         string
	TopicArn          string
	Subject           string `json:",omitempty"`
	Message           string
	Timestamp         string
	SignatureVersion  string
	Signature         string
	SigningCertURL    string
	UnsubscribeURL    string
	MessageAttributes map[string]envelopeAttribute `json:",omitempty"`
}

type envelopeAttribute struct{ Type, Value string }

// Publish delivers a message to all subscriptions. Errors: InvalidParameter,
// NotFound.
func (s *State) Publish(ctx context.Context, in *PublishInput) (*PublishOutput, error) {
	if err := in.validate(); err != nil {
		return nil, err
	}
	s.mu.Lock()
	t, err := s.topic(in.TopicArn)
	if err != nil {
		s.mu.Unlock()
		return nil, err
	}
	subscriptions := append([]*subscription(nil), t.subscriptions...)
	s.mu.Unlock()
	id := wire.NewRequestID()
	for _, sub := range subscriptions {
		if err := s.deliver(ctx, sub, in, id); err != nil {
			s.log.Warn("undelivered", "topic", in.TopicArn, "endpoint", sub.endpoint, "error", err)
		}
	}
	return &PublishOutput{id}, nil
}

func (in *PublishInput) validate() error {
	if in.Message == "" {
		return invalid("Message", "Empty message")
	}
	if len(in.Message) > maxMessage {
		return invalid("Message", "Message too long")
	}
	if !utf8.ValidString(in.Subject) || utf8.RuneCountInString(in.Subject) > maxSubject {
		return invalid("Subject", "Subject must be UTF-8 text of less than 100 characters")
	}
	for _, r := range in.Subject {
		if unicode.IsControl(r) {
			return invalid("Subject", "Subject must not have control characters or line breaks")
		}
	}
	return nil
}

func (s *State) deliver(ctx context.Context, sub *subscription, in *PublishInput, id string) error {
	if sub.raw {
		return s.queue.Deliver(ctx, sub.endpoint, in.Message, in.MessageAttributes)
	}
	e := envelope{
		Type: "Notification", MessageId: id, TopicArn: in.TopicArn, Subject: in.Subject, Message: in.Message,
		Timestamp:        time.Now().UTC().Format("2006-01-02T15:04:05.000Z"),
		SignatureVersion: "1", Signature: "EXAMPLE", SigningCertURL: "EXAMPLE", UnsubscribeURL: "EXAMPLE",
	}
	for name, a := range in.MessageAttributes {
		if e.MessageAttributes == nil {
			e.MessageAttributes = map[string]envelopeAttribute{}
		}
		e.MessageAttributes[name] = envelopeAttribute{a.DataType, a.StringValue}
	}
	body, err := json.Marshal(e)
	if err != nil {
		return err
	}
	return s.queue.Deliver(ctx, sub.endpoint, string(body), nil)
}
