// Package sns is Simple Notification Service: topics and their subscriptions by
// SQS queues, over the query protocol.
//
// # Operations
//
//	CreateTopic DeleteTopic ListTopics GetTopicAttributes Subscribe Unsubscribe
//	ListSubscriptions ListSubscriptionsByTopic GetSubscriptionAttributes
//	SetSubscriptionAttributes (RawMessageDelivery) Publish
//
// Every other operation, protocol and attribute is refused by name. Publish
// delivers before it returns, in the order of subscription; a queue that is not
// there is a delivery that failed, which AWS does not tell the publisher either.
package sns

import (
	"context"
	"log/slog"
	"net/http"
	"sync"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Queue takes what is delivered to a queue by its ARN. Attributes are the
// message's own, for raw delivery.
type Queue interface {
	Deliver(ctx context.Context, queueARN, body string, attributes map[string]Attribute) error
}

// Attribute is a message attribute.
type Attribute struct {
	DataType    string
	StringValue string
	BinaryValue []byte
}

// Config is what a State needs.
type Config struct {
	Identity wire.Identity
	Queue    Queue
	// Log is told of deliveries that failed; silent when nil.
	Log *slog.Logger
}

// State is the topics of one account and region.
type State struct {
	id     wire.Identity
	queue  Queue
	log    *slog.Logger
	mu     sync.Mutex
	topics map[string]*topic // by name
	count  int               // of subscriptions ever made, for their ARNs
}

type topic struct {
	name          string
	subscriptions []*subscription
}

type subscription struct {
	arn, endpoint string
	topic         *topic
	raw           bool
}

// New makes an empty State.
func New(c Config) *State {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &State{id: c.Identity.OrDefault(), queue: c.Queue, log: c.Log, topics: map[string]*topic{}}
}

// Handler is the wire of a State.
func Handler(s *State) http.Handler {
	return wire.Query{
		Namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
		Version:   "2010-03-31",
		Operations: map[string]wire.Operation{
			"CreateTopic":               wire.Op(s.CreateTopic),
			"DeleteTopic":               wire.Op(s.DeleteTopic),
			"ListTopics":                wire.Op(s.ListTopics),
			"GetTopicAttributes":        wire.Op(s.GetTopicAttributes),
			"Subscribe":                 wire.Op(s.Subscribe),
			"Unsubscribe":               wire.Op(s.Unsubscribe),
			"ListSubscriptions":         wire.Op(s.ListSubscriptions),
			"ListSubscriptionsByTopic":  wire.Op(s.ListSubscriptionsByTopic),
			"GetSubscriptionAttributes": wire.Op(s.GetSubscriptionAttributes),
			"SetSubscriptionAttributes": wire.Op(s.SetSubscriptionAttributes),
			"Publish":                   wire.Op(s.Publish),
		},
	}
}
