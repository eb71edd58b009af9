package sqs

import (
	"context"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Outgoing is a message to be sent. Group and deduplication id are for FIFO queues;
// a standard queue keeps a group.
type Outgoing struct {
	MessageBody             string
	DelaySeconds            *int
	MessageAttributes       map[string]MessageAttribute
	MessageSystemAttributes map[string]MessageAttribute
	MessageGroupId          string
	MessageDeduplicationId  string
}

// SendMessageInput is a message for a queue.
type SendMessageInput struct {
	QueueUrl string
	Outgoing
}

// SendMessageOutput proves what arrived.
type SendMessageOutput struct {
	MD5OfMessageBody             string
	MD5OfMessageAttributes       string `json:",omitempty"`
	MD5OfMessageSystemAttributes string `json:",omitempty"`
	MessageId                    string
	SequenceNumber               string `json:",omitempty"`
}

// SendMessage puts a message into a queue.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html
func (s *State) SendMessage(_ context.Context, in *SendMessageInput) (*SendMessageOutput, error) {
	var out *SendMessageOutput
	_, err := s.on(in.QueueUrl, func(q *queue) (err error) {
		out, err = q.send(&in.Outgoing)
		return err
	})
	return out, err
}

func (q *queue) send(in *Outgoing) (*SendMessageOutput, error) {
	if err := q.checkContent(in); err != nil {
		return nil, err
	}
	wait, err := q.delay(in.DelaySeconds)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	m := &message{
		id: wire.NewRequestID(), body: in.MessageBody, attributes: in.MessageAttributes, trace: in.MessageSystemAttributes[traceHeader].StringValue,
		group: in.MessageGroupId, dedup: in.MessageDeduplicationId, sent: now, visible: now.Add(wait),
	}
	out := &SendMessageOutput{
		MD5OfMessageBody: md5Hex(m.body), MD5OfMessageAttributes: md5Attributes(in.MessageAttributes),
		MD5OfMessageSystemAttributes: md5Attributes(in.MessageSystemAttributes), MessageId: m.id,
	}
	if q.fifo {
		before, err := q.admit(m, now)
		if err != nil {
			return nil, err
		}
		out.SequenceNumber = m.sequence
		if before != nil {
			out.MessageId, out.SequenceNumber = before.id, before.sequence
			return out, nil
		}
	}
	return out, q.push(m, now)
}

// traceHeader is the only system attribute that a message may be sent with.
const traceHeader = "AWSTraceHeader"

func (q *queue) checkContent(in *Outgoing) error {
	if in.MessageBody == "" {
		return missing("MessageBody")
	}
	if strings.ContainsFunc(in.MessageBody, forbidden) {
		return wire.Errorf("InvalidMessageContents", 0, "The message contains characters outside the allowed set.")
	}
	if most := q.number("MaximumMessageSize"); in.size() > most {
		return invalid("One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", most)
	}
	if err := checkAttributes(in.MessageAttributes); err != nil {
		return err
	}
	if err := checkSystemAttributes(in.MessageSystemAttributes); err != nil {
		return err
	}
	if err := checkToken("MessageGroupId", in.MessageGroupId); err != nil {
		return err
	}
	if !q.fifo && in.MessageDeduplicationId != "" {
		return invalid("The request includes a parameter that is not valid for this queue type. Reason: MessageDeduplicationId is for FIFO queues.")
	}
	return checkToken("MessageDeduplicationId", in.MessageDeduplicationId)
}

// forbidden are the characters that XML 1.0 has not.
func forbidden(r rune) bool {
	return r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == '\ufffe' || r == '\uffff'
}

// delay is how long a message is hidden at first; one of a FIFO queue cannot say.
func (q *queue) delay(own *int) (time.Duration, error) {
	if own == nil {
		return q.seconds("DelaySeconds"), nil
	}
	if q.fifo && *own != 0 {
		return 0, invalid("Value %d for parameter DelaySeconds is invalid. Reason: The request include parameter that is not valid for this queue type.", *own)
	}
	if *own < 0 || *own > 900 {
		return 0, invalid("Value %d for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.", *own)
	}
	return time.Duration(*own) * time.Second, nil
}

// size counts body and attributes, in bytes.
func (in *Outgoing) size() int {
	n := len(in.MessageBody)
	for name, a := range in.MessageAttributes {
		n += len(name) + len(a.DataType) + len(a.StringValue) + len(a.BinaryValue)
	}
	return n
}

// Deliver puts a message into the queue of an ARN: how SNS and S3 deliver, if the
// queue's policy allows it.
func (s *State) Deliver(ctx context.Context, queueARN string, m Outgoing) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moveDue(time.Now())
	q, ok := s.byARN(queueARN)
	if !ok {
		return errNoQueue
	}
	if err := s.authorize(ctx, q, "sqs:SendMessage"); err != nil {
		return err
	}
	if !q.fifo {
		m.MessageDeduplicationId = ""
	}
	_, err := q.send(&m)
	return err
}
