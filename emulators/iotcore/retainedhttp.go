package iotcore

import (
	"context"
	"net/http"
	"strconv"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

type getRetainedInput struct {
	Topic string `json:"-" path:"topic"`
}

type getRetainedOutput struct {
	Topic            string `json:"topic"`
	Payload          []byte `json:"payload"`
	QoS              byte   `json:"qos"`
	LastModifiedTime int64  `json:"lastModifiedTime"` // milliseconds
	UserProperties   []byte `json:"userProperties"`
}

// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_GetRetainedMessage.html
func (c *Core) getRetained(ctx context.Context, in *getRetainedInput) (_ *getRetainedOutput, err error) {
	if err := permit(ctx, "iot:GetRetainedMessage", "topic", in.Topic); err != nil {
		return nil, err
	}
	entry := logging.Entry{EventType: "GetRetainedMessage", TopicName: in.Topic}
	defer func() { c.logCall(entry, err) }()
	k, ok := c.broker.Retained(in.Topic)
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", http.StatusNotFound, "GetRetainedMessage: topic %s has no retained message", in.Topic)
	}
	entry.QoS, entry.LastModifiedDate = strconv.Itoa(int(k.QoS)), logging.Timestamp(k.At)
	user, err := userPropertiesJSON(k.Properties)
	if err != nil {
		return nil, err
	}
	return &getRetainedOutput{
		Topic: k.Topic, Payload: k.Payload, QoS: k.QoS, LastModifiedTime: k.At.UnixMilli(), UserProperties: user,
	}, nil
}

type listRetainedInput struct {
	MaxResults *int   `json:"-" query:"maxResults"`
	NextToken  string `json:"-" query:"nextToken"`
}

type listRetainedOutput struct {
	RetainedTopics []retainedSummary `json:"retainedTopics"`
	NextToken      string            `json:"nextToken,omitempty"`
}

type retainedSummary struct {
	Topic            string `json:"topic"`
	PayloadSize      int    `json:"payloadSize"`
	QoS              byte   `json:"qos"`
	LastModifiedTime int64  `json:"lastModifiedTime"`
}

// maxRetainedPage is the most, and what a call gets that does not say.
// https://docs.aws.amazon.com/iot/latest/apireference/API_iotdata_ListRetainedMessages.html
const maxRetainedPage = 200

func (c *Core) listRetained(_ context.Context, in *listRetainedInput) (_ *listRetainedOutput, err error) {
	defer func() { c.logCall(logging.Entry{EventType: "ListRetainedMessage"}, err) }()
	size := maxRetainedPage
	if in.MaxResults != nil {
		size = *in.MaxResults
	}
	if size < 1 || size > maxRetainedPage {
		return nil, invalid("ListRetainedMessages: maxResults is 1 to %d, not %d", maxRetainedPage, size)
	}
	page, next, err := registry.Page(c.broker.AllRetained(), size, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &listRetainedOutput{RetainedTopics: []retainedSummary{}, NextToken: next}
	for _, k := range page {
		out.RetainedTopics = append(out.RetainedTopics, retainedSummary{k.Topic, len(k.Payload), k.QoS, k.At.UnixMilli()})
	}
	return out, nil
}
