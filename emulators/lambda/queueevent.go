package lambda

import (
	"encoding/json"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/shakedown-iot/shakedown/emulators/lambda/pattern"
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
	received          time.Time // hidden in its queue from then
}

func (s *State) queueMessage(arn string, m sqstypes.Message) (queueMessage, error) {
	r := queueRecord{
		MessageID: aws.ToString(m.MessageId), ReceiptHandle: aws.ToString(m.ReceiptHandle), Body: aws.ToString(m.Body), Attributes: m.Attributes,
		MessageAttributes: map[string]queueAttribute{}, MD5OfMessageAttributes: aws.ToString(m.MD5OfMessageAttributes), MD5OfBody: aws.ToString(m.MD5OfBody),
		EventSource: "aws:sqs", EventSourceARN: arn, AWSRegion: s.config.Identity.Region,
	}
	for name, a := range m.MessageAttributes {
		r.MessageAttributes[name] = queueAttribute{a.StringValue, a.BinaryValue, []string{}, [][]byte{}, aws.ToString(a.DataType)}
	}
	text, err := json.Marshal(r)
	return queueMessage{r.MessageID, r.ReceiptHandle, r.Body, text, time.Now()}, err
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
	if err := pattern.Decode(m.json, &event); err != nil {
		return nil // matches nothing
	}
	var body any
	if pattern.Decode([]byte(m.body), &body) == nil {
		event["body"] = body
	}
	return event
}
