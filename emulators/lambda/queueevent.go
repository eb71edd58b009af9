package lambda

import (
	"encoding/json"
	"maps"

	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
)

// queueRecord is one message of an event.
// See https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html#example-standard-queue-message-event
type queueRecord struct {
	MessageID              string                    `json:"messageId"`
	ReceiptHandle          string                    `json:"receiptHandle"`
	Body                   string                    `json:"body"`
	Attributes             map[string]string         `json:"attributes"`
	MessageAttributes      map[string]queueAttribute `json:"messageAttributes"`
	MD5OfMessageAttributes string                    `json:"md5OfMessageAttributes,omitempty"`
	MD5OfBody              string                    `json:"md5OfBody"`
	EventSource            string                    `json:"eventSource"`
	EventSourceARN         string                    `json:"eventSourceARN"`
	AWSRegion              string                    `json:"awsRegion"`
}

type queueAttribute struct {
	StringValue      *string  `json:"stringValue,omitempty"`
	BinaryValue      []byte   `json:"binaryValue,omitempty"`
	StringListValues []string `json:"stringListValues"`
	BinaryListValues [][]byte `json:"binaryListValues"`
	DataType         string   `json:"dataType"`
}

// queueMessage is a message with its part of an event.
type queueMessage struct {
	id, receipt, body string
	json              []byte
}

func (s *State) queueMessage(arn string, m sqstypes.Message) (queueMessage, error) {
	r := queueRecord{
		MessageID: *m.MessageId, ReceiptHandle: *m.ReceiptHandle, Body: *m.Body, Attributes: maps.Clone(m.Attributes),
		MessageAttributes: map[string]queueAttribute{}, MD5OfBody: *m.MD5OfBody, EventSource: "aws:sqs", EventSourceARN: arn, AWSRegion: s.config.Identity.Region,
	}
	if m.MD5OfMessageAttributes != nil {
		r.MD5OfMessageAttributes = *m.MD5OfMessageAttributes
	}
	for name, a := range m.MessageAttributes {
		r.MessageAttributes[name] = queueAttribute{a.StringValue, a.BinaryValue, []string{}, [][]byte{}, *a.DataType}
	}
	text, err := json.Marshal(r)
	return queueMessage{r.MessageID, r.ReceiptHandle, r.Body, text}, err
}

// queueEvent is the payload for these messages.
func queueEvent(messages []queueMessage) []byte {
	out := []byte(`{"Records":[`)
	for i, m := range messages {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, m.json...)
	}
	return append(out, "]}"...)
}

// fields are what a filter looks at: the record, with a body that is JSON as what it
// says.
// See https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html
func (m queueMessage) fields() map[string]any {
	var event map[string]any
	if err := json.Unmarshal(m.json, &event); err != nil {
		return nil // matches nothing
	}
	var body any
	if json.Unmarshal([]byte(m.body), &body) == nil {
		event["body"] = body
	}
	return event
}
