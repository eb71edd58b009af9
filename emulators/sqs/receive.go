package sqs

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// ReceiveMessageInput asks for messages; an attempt's id is for FIFO queues.
type ReceiveMessageInput struct {
	QueueUrl                    string
	MaxNumberOfMessages         *int
	VisibilityTimeout           *int
	WaitTimeSeconds             *int
	AttributeNames              []string
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string
	ReceiveRequestAttemptId     string
}

// ReceiveMessageOutput has up to ten messages.
type ReceiveMessageOutput struct {
	Messages []Message `json:",omitempty"`
}

// most is how many messages are taken at most.
func (in *ReceiveMessageInput) most() int {
	if in.MaxNumberOfMessages == nil {
		return 1
	}
	return *in.MaxNumberOfMessages
}

func (in *ReceiveMessageInput) check() error {
	switch {
	case in.most() < 1 || in.most() > maxReceived:
		return invalid("Value %d for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.", in.most())
	case in.WaitTimeSeconds != nil && (*in.WaitTimeSeconds < 0 || *in.WaitTimeSeconds > 20):
		return invalid("Value %d for parameter WaitTimeSeconds is invalid. Reason: Must be >= 0 and <= 20, if provided.", *in.WaitTimeSeconds)
	case in.VisibilityTimeout != nil && (*in.VisibilityTimeout < 0 || *in.VisibilityTimeout > maxVisibility):
		return invalid("Value %d for parameter VisibilityTimeout is invalid. Reason: Must be >= 0 and <= 43200, if provided.", *in.VisibilityTimeout)
	}
	known := new(message).system()
	for _, name := range slices.Concat(in.AttributeNames, in.MessageSystemAttributeNames) {
		if _, ok := known[name]; !ok && name != "All" && name != "SqsManagedSseEnabled" {
			return wire.Errorf("InvalidAttributeName", 0, "Unknown Attribute %s.", name)
		}
	}
	return nil
}

// ReceiveMessage takes messages, waiting for the first as long as asked. It ends
// early with ctx.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
func (s *State) ReceiveMessage(ctx context.Context, in *ReceiveMessageInput) (*ReceiveMessageOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	began := time.Now()
	for {
		look, err := s.look(in, began)
		if err != nil || len(look.messages) > 0 || !look.until.After(look.at) {
			return &ReceiveMessageOutput{look.messages}, err
		}
		timer := time.NewTimer(look.wake.Sub(look.at))
		select {
		case <-look.arrived:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
		timer.Stop()
	}
}

// look is one look into a queue at an instant: what was there, how long the
// consumer waits at most, and when to look again.
type look struct {
	messages        []Message
	at, until, wake time.Time
	arrived         <-chan struct{}
}

func (s *State) look(in *ReceiveMessageInput, began time.Time) (look, error) {
	l := look{at: time.Now()}
	_, err := s.on(in.QueueUrl, func(q *queue) (err error) {
		wait := q.number("ReceiveMessageWaitTimeSeconds")
		if in.WaitTimeSeconds != nil {
			wait = *in.WaitTimeSeconds
		}
		l.until = began.Add(time.Duration(wait) * time.Second)
		l.messages, err = s.take(q, in, l.at)
		if err == nil && len(l.messages) == 0 {
			l.arrived, l.wake = q.arrived, q.nextVisible(l.at, l.until)
			if at, ok := s.nextMoveTo(q); ok && at.Before(l.wake) {
				l.wake = at
			}
		}
		return err
	})
	return l, err
}

// take hides messages from others and hands them out, moving those received too
// often to the dead-letter queue.
func (s *State) take(q *queue, in *ReceiveMessageInput, now time.Time) ([]Message, error) {
	if err := q.checkAttempt(in.ReceiveRequestAttemptId); err != nil {
		return nil, err
	}
	q.trim(now)
	hidden := q.seconds("VisibilityTimeout")
	if in.VisibilityTimeout != nil {
		hidden = time.Duration(*in.VisibilityTimeout) * time.Second
	}
	if id := in.ReceiveRequestAttemptId; id != "" {
		if messages := q.again(id, now, hidden); len(messages) > 0 {
			return presented(messages, in), nil
		}
	}
	policy, _ := parseRedrive(q.attributes["RedrivePolicy"]) // none when empty
	blocked, room := q.blocked(now), q.room(now)
	var out []*message
	for _, m := range q.messages {
		if len(out) == in.most() {
			break
		}
		if m.gone || blocked[m.group] {
			continue
		}
		if m.visible.After(now) {
			if q.fifo {
				blocked[m.group] = true // what follows waits for it
			}
			continue
		}
		if s.giveUp(q, m, policy, now) {
			continue
		}
		if len(out) >= room {
			return presented(out, in), q.overLimit(len(out))
		}
		q.hand(m, now, hidden)
		out = append(out, m)
	}
	if in.ReceiveRequestAttemptId != "" && len(out) > 0 {
		q.remember(in.ReceiveRequestAttemptId, now, out)
	}
	return presented(out, in), nil
}

// presented are messages as a consumer gets them; nil for none.
func presented(messages []*message, in *ReceiveMessageInput) []Message {
	var out []Message
	for _, m := range messages {
		out = append(out, m.present(in))
	}
	return out
}

// overLimit is the error of a queue with as many messages in flight as it may have, unless
// some are handed out before or it is a FIFO queue, which answers none.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
func (q *queue) overLimit(handed int) error {
	if q.fifo || handed > 0 {
		return nil
	}
	return wire.Errorf("OverLimit", 0, "Too many messages in flight: %d", maxInFlight)
}

// hand gives a message to a consumer.
func (q *queue) hand(m *message, now time.Time, hidden time.Duration) {
	delete(q.receipts, m.receipt)
	m.received++
	m.receipt = wire.NewRequestID()
	m.taken, m.visible = now, now.Add(hidden)
	if m.firstSeen.IsZero() {
		m.firstSeen = now
	}
	q.receipts[m.receipt] = m
}

// Message is a message as a consumer gets it.
type Message struct {
	MessageId, ReceiptHandle, MD5OfBody, Body string
	Attributes                                map[string]string           `json:",omitempty"`
	MD5OfMessageAttributes                    string                      `json:",omitempty"`
	MessageAttributes                         map[string]MessageAttribute `json:",omitempty"`
}

func (m *message) present(in *ReceiveMessageInput) Message {
	out := Message{MessageId: m.id, ReceiptHandle: m.receipt, MD5OfBody: md5Hex(m.body), Body: m.body}
	system := m.system()
	for _, name := range append(in.AttributeNames, in.MessageSystemAttributeNames...) {
		for key, value := range system {
			if value != "" && (name == "All" || name == key) {
				if out.Attributes == nil {
					out.Attributes = map[string]string{}
				}
				out.Attributes[key] = value
			}
		}
	}
	for key, value := range m.attributes {
		if wanted(key, in.MessageAttributeNames) {
			if out.MessageAttributes == nil {
				out.MessageAttributes = map[string]MessageAttribute{}
			}
			out.MessageAttributes[key] = value
		}
	}
	out.MD5OfMessageAttributes = md5Attributes(out.MessageAttributes)
	return out
}

// system are the attributes that the service keeps; empty ones are not there.
func (m *message) system() map[string]string {
	return map[string]string{
		"SentTimestamp":                    strconv.FormatInt(m.sent.UnixMilli(), 10),
		"ApproximateReceiveCount":          strconv.Itoa(m.before + m.received),
		"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.firstSeen.UnixMilli(), 10),
		"SenderId":                         "AIDAIOSFODNN7EXAMPLE",
		"MessageGroupId":                   m.group,
		"MessageDeduplicationId":           m.dedup,
		"SequenceNumber":                   m.sequence,
		"AWSTraceHeader":                   m.trace,
		"DeadLetterQueueSourceArn":         m.source,
	}
}

// wanted tells whether an attribute is among names, which may be All, .* or a
// prefix such as bar.*.
func wanted(key string, names []string) bool {
	for _, name := range names {
		if name == "All" || name == ".*" || name == key {
			return true
		}
		if n := len(name); n > 2 && name[n-2:] == ".*" && len(key) >= n-2 && key[:n-2] == name[:n-2] {
			return true
		}
	}
	return false
}
