package iotcore

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// kept is the retained message of a topic.
type kept struct {
	*message.Message
	at time.Time
}

// retain keeps the message as its topic's; an empty payload deletes it.
func (b *broker) retain(m *message.Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(m.Payload) == 0 {
		delete(b.retained, m.Topic)
		return
	}
	b.retained[m.Topic] = kept{m, time.Now()}
}

// checkRetain tells why a message cannot be retained.
func (b *broker) checkRetain(name string, payload []byte) error {
	if topic.IsReserved(name) { // AWS.md §1
		return fmt.Errorf("topic %s: a message to a reserved topic cannot be retained", name)
	}
	if len(payload) == 0 {
		return nil // it deletes
	}
	b.mu.RLock()
	_, known := b.retained[name]
	full := !known && len(b.retained) >= maxRetained
	b.mu.RUnlock()
	if full && !b.forgetExpired() {
		return errRetainedFull
	}
	return nil
}

// errRetainedFull says that nothing more is retained, for which AWS throttles.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt-retain-using
var errRetainedFull = fmt.Errorf("quota: there are %d retained messages, the most the broker keeps", maxRetained)

// forgetExpired makes room for retained messages, and reports whether there is some.
func (b *broker) forgetExpired() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(b.retained, func(_ string, k kept) bool { return k.Expired(now) })
	return len(b.retained) < maxRetained
}

// retainedOn finds a topic's retained message, unless it expired.
func (b *broker) retainedOn(topic string) (kept, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	k, ok := b.retained[topic]
	return k, ok && !k.Expired(time.Now())
}

// retainedJustNow tells whether the topic's retained message is so new that AWS
// takes no other.
func (b *broker) retainedJustNow(topic string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	k, ok := b.retained[topic]
	return ok && time.Since(k.at) < retainEvery
}

// allRetained are the retained messages that have not expired, by topic.
func (b *broker) allRetained() []kept {
	b.mu.RLock()
	defer b.mu.RUnlock()
	now := time.Now()
	var all []kept
	for _, k := range b.retained {
		if !k.Expired(now) {
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b kept) int { return strings.Compare(a.Topic, b.Topic) })
	return all
}

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
	k, ok := c.broker.retainedOn(in.Topic)
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", http.StatusNotFound, "GetRetainedMessage: topic %s has no retained message", in.Topic)
	}
	entry.QoS, entry.LastModifiedDate = strconv.Itoa(int(k.QoS)), logging.Timestamp(k.at)
	user, err := userPropertiesJSON(k.Properties)
	if err != nil {
		return nil, err
	}
	return &getRetainedOutput{
		Topic: k.Topic, Payload: k.Payload, QoS: k.QoS, LastModifiedTime: k.at.UnixMilli(), UserProperties: user,
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
	page, next, err := registry.Page(c.broker.allRetained(), size, in.NextToken)
	if err != nil {
		return nil, err
	}
	out := &listRetainedOutput{RetainedTopics: []retainedSummary{}, NextToken: next}
	for _, k := range page {
		out.RetainedTopics = append(out.RetainedTopics, retainedSummary{k.Topic, len(k.Payload), k.QoS, k.at.UnixMilli()})
	}
	return out, nil
}
