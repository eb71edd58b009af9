package sqs

import (
	"context"
	"crypto/md5"
	"encoding/binary"
	"encoding/hex"
	"sort"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// MessageAttribute is a typed attribute of a message.
type MessageAttribute struct {
	DataType    string
	StringValue string `json:",omitempty"`
	BinaryValue []byte `json:",omitempty"`
}

// SendMessageInput is a message for a queue.
type SendMessageInput struct {
	QueueUrl          string
	MessageBody       string
	DelaySeconds      *int
	MessageAttributes map[string]MessageAttribute
}

// SendMessageOutput proves what arrived.
type SendMessageOutput struct {
	MD5OfMessageBody       string
	MD5OfMessageAttributes string `json:",omitempty"`
	MessageId              string
}

// SendMessage puts a message into a queue.
func (s *State) SendMessage(_ context.Context, in *SendMessageInput) (*SendMessageOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	return q.send(in.MessageBody, in.DelaySeconds, in.MessageAttributes)
}

func (q *queue) send(body string, delay *int, attributes map[string]MessageAttribute) (*SendMessageOutput, error) {
	if body == "" {
		return nil, wire.Errorf("MissingParameter", 0, "The request must contain the parameter MessageBody.")
	}
	if len(body) > q.number("MaximumMessageSize") {
		return nil, wire.Errorf("InvalidParameterValue", 0, "One or more parameters are invalid. Reason: Message must be shorter than %d bytes.", q.number("MaximumMessageSize"))
	}
	if len(attributes) > 10 {
		return nil, wire.Errorf("InvalidParameterValue", 0, "Number of message attributes [%d] exceeds the allowed maximum [10].", len(attributes))
	}
	wait := q.number("DelaySeconds")
	if delay != nil {
		if wait = *delay; wait < 0 || wait > 900 {
			return nil, wire.Errorf("InvalidParameterValue", 0, "Value %d for parameter DelaySeconds is invalid. Reason: DelaySeconds must be >= 0 and <= 900.", wait)
		}
	}
	now := time.Now()
	m := &message{id: wire.NewRequestID(), body: body, attributes: attributes, sent: now, visible: now.Add(time.Duration(wait) * time.Second)}
	if err := q.push(m); err != nil {
		return nil, err
	}
	return &SendMessageOutput{md5Hex(body), md5Attributes(attributes), m.id}, nil
}

func md5Hex(text string) string {
	sum := md5.Sum([]byte(text))
	return hex.EncodeToString(sum[:])
}

// md5Attributes is the digest that SDKs check.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
func md5Attributes(attributes map[string]MessageAttribute) string {
	if len(attributes) == 0 {
		return ""
	}
	var names []string
	for name := range attributes {
		names = append(names, name)
	}
	sort.Strings(names)
	digest := md5.New()
	field := func(b []byte) {
		digest.Write(binary.BigEndian.AppendUint32(nil, uint32(len(b))))
		digest.Write(b)
	}
	for _, name := range names {
		a := attributes[name]
		field([]byte(name))
		field([]byte(a.DataType))
		if strings.HasPrefix(a.DataType, "Binary") {
			digest.Write([]byte{2})
			field(a.BinaryValue)
		} else {
			digest.Write([]byte{1})
			field([]byte(a.StringValue))
		}
	}
	return hex.EncodeToString(digest.Sum(nil))
}

// SendMessageBatchEntry is one message of a batch.
type SendMessageBatchEntry struct {
	Id                string
	MessageBody       string
	DelaySeconds      *int
	MessageAttributes map[string]MessageAttribute
}

// SendMessageBatchInput is up to ten messages.
type SendMessageBatchInput struct {
	QueueUrl string
	Entries  []SendMessageBatchEntry
}

// Failed says why an entry of a batch failed.
type Failed struct {
	Id, Code, Message string
	SenderFault       bool
}

// Sent says that an entry of a batch arrived.
type Sent struct {
	Id string
	SendMessageOutput
}

// SendMessageBatchOutput has each entry in one of its lists.
type SendMessageBatchOutput struct {
	Successful []Sent
	Failed     []Failed
}

// SendMessageBatch sends up to ten messages; each may fail by itself.
func (s *State) SendMessageBatch(_ context.Context, in *SendMessageBatchInput) (*SendMessageBatchOutput, error) {
	if err := checkBatch(len(in.Entries)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(in.QueueUrl)
	if err != nil {
		return nil, err
	}
	out := &SendMessageBatchOutput{Successful: []Sent{}, Failed: []Failed{}}
	for _, e := range in.Entries {
		sent, err := q.send(e.MessageBody, e.DelaySeconds, e.MessageAttributes)
		if err != nil {
			out.Failed = append(out.Failed, failed(e.Id, err))
			continue
		}
		out.Successful = append(out.Successful, Sent{e.Id, *sent})
	}
	return out, nil
}

func failed(id string, err error) Failed {
	e := wire.AsError(err)
	return Failed{id, e.Code, e.Message, e.HTTPStatus() < 500}
}

func checkBatch(n int) error {
	switch {
	case n == 0:
		return wire.Errorf("AWS.SimpleQueueService.EmptyBatchRequest", 0, "There should be at least one entry in the request.")
	case n > 10:
		return wire.Errorf("AWS.SimpleQueueService.TooManyEntriesInBatchRequest", 0, "Maximum number of entries per request are 10. You have sent %d.", n)
	}
	return nil
}

// Deliver puts a body into the queue of an ARN: how SNS delivers.
func (s *State) Deliver(_ context.Context, queueARN, body string, attributes map[string]MessageAttribute) error {
	name := queueARN[strings.LastIndex(queueARN, ":")+1:]
	s.mu.Lock()
	defer s.mu.Unlock()
	q, err := s.queue(name)
	if err != nil {
		return err
	}
	_, err = q.send(body, nil, attributes)
	return err
}
