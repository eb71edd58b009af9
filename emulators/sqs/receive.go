package sqs

import (
	"context"
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// ReceiveMessageInput asks for messages.
type ReceiveMessageInput struct {
	QueueUrl                    string
	MaxNumberOfMessages         int
	VisibilityTimeout           *int
	WaitTimeSeconds             *int
	AttributeNames              []string
	MessageSystemAttributeNames []string
	MessageAttributeNames       []string
}

// Message is a message as a consumer gets it.
type Message struct {
	MessageId, ReceiptHandle, MD5OfBody, Body string
	Attributes                                map[string]string           `json:",omitempty"`
	MD5OfMessageAttributes                    string                      `json:",omitempty"`
	MessageAttributes                         map[string]MessageAttribute `json:",omitempty"`
}

// ReceiveMessageOutput has up to ten messages.
type ReceiveMessageOutput struct {
	Messages []Message `json:",omitempty"`
}

// ReceiveMessage takes messages, waiting for the first as long as asked. It ends
// early with ctx.
func (s *State) ReceiveMessage(ctx context.Context, in *ReceiveMessageInput) (*ReceiveMessageOutput, error) {
	if in.MaxNumberOfMessages == 0 {
		in.MaxNumberOfMessages = 1
	}
	if in.MaxNumberOfMessages < 1 || in.MaxNumberOfMessages > 10 {
		return nil, wire.Errorf("InvalidParameterValue", 0, "Value %d for parameter MaxNumberOfMessages is invalid. Reason: Must be between 1 and 10, if provided.", in.MaxNumberOfMessages)
	}
	var deadline time.Time
	for {
		s.mu.Lock()
		q, err := s.queue(in.QueueUrl)
		if err != nil {
			s.mu.Unlock()
			return nil, err
		}
		now := time.Now()
		if deadline.IsZero() {
			wait := q.number("ReceiveMessageWaitTimeSeconds")
			if in.WaitTimeSeconds != nil {
				wait = *in.WaitTimeSeconds
			}
			deadline = now.Add(time.Duration(min(max(wait, 0), 20)) * time.Second)
		}
		messages := s.take(q, in, now)
		arrived, wake := q.arrived, q.nextVisible(now, deadline)
		s.mu.Unlock()
		if len(messages) > 0 || !now.Before(deadline) {
			return &ReceiveMessageOutput{messages}, nil
		}
		timer := time.NewTimer(wake.Sub(now))
		select {
		case <-arrived:
		case <-timer.C:
		case <-ctx.Done():
			timer.Stop()
			return nil, ctx.Err()
		}
		timer.Stop()
	}
}

// nextVisible is when a hidden message comes back, at most the deadline.
func (q *queue) nextVisible(now, deadline time.Time) time.Time {
	for _, m := range q.messages {
		if m.visible.After(now) && m.visible.Before(deadline) {
			deadline = m.visible
		}
	}
	return deadline
}

// take hides messages from others and hands them out, moving those received too
// often to the dead-letter queue.
func (s *State) take(q *queue, in *ReceiveMessageInput, now time.Time) []Message {
	q.trim(now)
	hidden := q.seconds("VisibilityTimeout")
	if in.VisibilityTimeout != nil {
		hidden = time.Duration(*in.VisibilityTimeout) * time.Second
	}
	policy, redriving := redrive{}, q.attributes["RedrivePolicy"] != ""
	if redriving {
		policy, _ = parseRedrive(q.attributes["RedrivePolicy"])
	}
	var out []Message
	kept := q.messages[:0:0]
	for _, m := range q.messages {
		if len(out) == in.MaxNumberOfMessages || m.visible.After(now) {
			kept = append(kept, m)
			continue
		}
		if redriving && m.received >= policy.max && s.moved(m, policy.target) {
			continue
		}
		m.received++
		m.receipt = wire.NewRequestID()
		m.visible = now.Add(hidden)
		if m.firstSeen.IsZero() {
			m.firstSeen = now
		}
		out = append(out, m.present(in))
		kept = append(kept, m)
	}
	q.messages = kept
	return out
}

func (s *State) moved(m *message, targetARN string) bool {
	target, err := s.queue(targetARN[max(0, len(targetARN)-len(queueOf(targetARN))):])
	if err != nil {
		return false
	}
	m.visible, m.received = time.Time{}, 0
	return target.push(m) == nil
}

func queueOf(arn string) string {
	for i := len(arn) - 1; i >= 0; i-- {
		if arn[i] == ':' {
			return arn[i+1:]
		}
	}
	return arn
}

func (m *message) present(in *ReceiveMessageInput) Message {
	out := Message{MessageId: m.id, ReceiptHandle: m.receipt, MD5OfBody: md5Hex(m.body), Body: m.body}
	system := map[string]string{
		"SentTimestamp":                    strconv.FormatInt(m.sent.UnixMilli(), 10),
		"ApproximateReceiveCount":          strconv.Itoa(m.received),
		"ApproximateFirstReceiveTimestamp": strconv.FormatInt(m.firstSeen.UnixMilli(), 10),
		"SenderId":                         "AIDAIOSFODNN7EXAMPLE",
	}
	for _, name := range append(in.AttributeNames, in.MessageSystemAttributeNames...) {
		for key, value := range system {
			if name == "All" || name == key {
				if out.Attributes == nil {
					out.Attributes = map[string]string{}
				}
				out.Attributes[key] = value
			}
		}
	}
	for _, name := range in.MessageAttributeNames {
		for key, value := range m.attributes {
			if name == "All" || name == ".*" || name == key {
				if out.MessageAttributes == nil {
					out.MessageAttributes = map[string]MessageAttribute{}
				}
				out.MessageAttributes[key] = value
			}
		}
	}
	out.MD5OfMessageAttributes = md5Attributes(out.MessageAttributes)
	return out
}

// ReceiptRef names a received message.
type ReceiptRef struct{ QueueUrl, ReceiptHandle string }

// DeleteMessage deletes a received message. A handle of a message that is gone
// is no error, as on AWS.
func (s *State) DeleteMessage(_ context.Context, in *ReceiptRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return &Empty{}, q.remove(in.ReceiptHandle)
}

func (q *queue) remove(receipt string) error {
	if receipt == "" {
		return wire.Errorf("ReceiptHandleIsInvalid", 0, "The input receipt handle is invalid.")
	}
	for i, m := range q.messages {
		if m.receipt == receipt {
			q.messages = append(q.messages[:i:i], q.messages[i+1:]...)
			return nil
		}
	}
	return nil
}

// DeleteMessageBatchEntry is one message of a batch.
type DeleteMessageBatchEntry struct{ Id, ReceiptHandle string }

// DeleteMessageBatchInput is up to ten received messages.
type DeleteMessageBatchInput struct {
	QueueUrl string
	Entries  []DeleteMessageBatchEntry
}

// Deleted says that an entry of a batch is gone.
type Deleted struct{ Id string }

// DeleteMessageBatchOutput has each entry in one of its lists.
type DeleteMessageBatchOutput struct {
	Successful []Deleted
	Failed     []Failed
}

// DeleteMessageBatch deletes up to ten received messages.
func (s *State) DeleteMessageBatch(_ context.Context, in *DeleteMessageBatchInput) (*DeleteMessageBatchOutput, error) {
	if err := checkBatch(len(in.Entries)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	out := &DeleteMessageBatchOutput{Successful: []Deleted{}, Failed: []Failed{}}
	for _, e := range in.Entries {
		if err := q.remove(e.ReceiptHandle); err != nil {
			out.Failed = append(out.Failed, failed(e.Id, err))
			continue
		}
		out.Successful = append(out.Successful, Deleted{e.Id})
	}
	return out, nil
}

// ChangeMessageVisibilityInput hides a received message for so long from now.
type ChangeMessageVisibilityInput struct {
	QueueUrl, ReceiptHandle string
	VisibilityTimeout       int
}

// ChangeMessageVisibility changes when a received message comes back.
func (s *State) ChangeMessageVisibility(_ context.Context, in *ChangeMessageVisibilityInput) (*Empty, error) {
	if in.VisibilityTimeout < 0 || in.VisibilityTimeout > 43200 {
		return nil, wire.Errorf("InvalidParameterValue", 0, "Value %d for parameter VisibilityTimeout is invalid.", in.VisibilityTimeout)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	for _, m := range q.messages {
		if m.receipt == in.ReceiptHandle {
			m.visible = time.Now().Add(time.Duration(in.VisibilityTimeout) * time.Second)
			close(q.arrived)
			q.arrived = make(chan struct{})
			return &Empty{}, nil
		}
	}
	return nil, wire.Errorf("ReceiptHandleIsInvalid", 0, "The input receipt handle is invalid.")
}
