package sns

import (
	"encoding/base64"
	"encoding/json"
	"time"
)

// envelope is what an endpoint gets unless it asked for raw delivery.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html
type envelope struct {
	Type              string
	MessageId         string
	Token             string `json:",omitempty"`
	TopicArn          string
	Subject           string `json:",omitempty"`
	Message           string
	SubscribeURL      string `json:",omitempty"`
	Timestamp         string
	SignatureVersion  string
	Signature         string
	SigningCertURL    string
	UnsubscribeURL    string                       `json:",omitempty"`
	SequenceNumber    string                       `json:",omitempty"`
	MessageAttributes map[string]envelopeAttribute `json:",omitempty"`
}

type envelopeAttribute struct{ Type, Value string }

// sign fills in time, the version of signatures and a signature; Shakedown has no key that anybody trusts.
func (e *envelope) sign(version string) {
	e.Timestamp = time.Now().UTC().Format("2006-01-02T15:04:05.000Z")
	e.SignatureVersion, e.Signature, e.SigningCertURL = version, "EXAMPLE", "EXAMPLE"
}

func (e *envelope) text() string {
	body, _ := json.Marshal(e) // of texts only: it cannot fail
	return string(body)
}

// notice is one thing that an endpoint is told.
type notice struct {
	kind, id, topic string
	from            string // for people
	subject, text   string // for people
	body            string // for machines: the envelope, or the raw message
	raw             bool
	delivery        Delivery // for queues
	event           []byte   // for functions
}

func envelopeAttributes(attributes map[string]Attribute) map[string]envelopeAttribute {
	if len(attributes) == 0 {
		return nil
	}
	out := map[string]envelopeAttribute{}
	for name, a := range attributes {
		value := a.StringValue
		if len(a.BinaryValue) > 0 {
			value = base64.StdEncoding.EncodeToString(a.BinaryValue)
		}
		out[name] = envelopeAttribute{a.DataType, value}
	}
	return out
}

// event is what a function gets.
// https://docs.aws.amazon.com/lambda/latest/dg/with-sns.html
type event struct {
	Records []eventRecord
}

type eventRecord struct {
	EventVersion         string
	EventSubscriptionArn string
	EventSource          string
	Sns                  eventMessage
}

type eventMessage struct {
	Type, MessageId, TopicArn, Subject, Message, Timestamp      string
	SignatureVersion, Signature, SigningCertUrl, UnsubscribeUrl string
	MessageAttributes                                           map[string]envelopeAttribute
}

// forFunction is the event of a notification.
// https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html
func (e *envelope) forFunction(subscriptionARN string) []byte {
	attributes := map[string]envelopeAttribute{}
	for name, a := range e.MessageAttributes {
		if a.Type == "Number" || a.Type == "String.Array" { // which Lambda does not know
			a.Type = "String"
		}
		attributes[name] = a
	}
	body, _ := json.Marshal(event{[]eventRecord{{"1.0", subscriptionARN, "aws:sns", eventMessage{
		e.Type, e.MessageId, e.TopicArn, e.Subject, e.Message, e.Timestamp,
		e.SignatureVersion, e.Signature, e.SigningCertURL, e.UnsubscribeURL, attributes,
	}}}}) // of texts only: it cannot fail
	return body
}
