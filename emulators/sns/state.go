package sns

import (
	"context"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/sns/filter"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Queue takes what is delivered to a queue by its ARN.
type Queue interface {
	Deliver(ctx context.Context, queueARN string, m Delivery) error
}

// Delivery is a message for a queue. Group and Deduplication are those of a FIFO
// topic, for a FIFO queue.
type Delivery struct {
	Body                 string
	Attributes           map[string]Attribute
	Group, Deduplication string
}

// Functions invoke a Lambda function, by its ARN, without waiting for its end.
type Functions interface {
	InvokeAsync(ctx context.Context, function string, payload []byte) error
}

// HTTPClient reaches the endpoints of http and https subscriptions.
type HTTPClient interface {
	Do(*http.Request) (*http.Response, error)
}

// Config is what a State needs. A protocol whose target is nil is refused.
type Config struct {
	Identity  wire.Identity
	Queue     Queue
	Functions Functions
	Web       HTTPClient
	// Endpoint is the base URL of this cloud, for SubscribeURL and UnsubscribeURL;
	// http://127.0.0.1:4566 when empty.
	Endpoint string
	// Log is told of deliveries that failed; silent when nil.
	Log *slog.Logger
}

// State is the topics of one account and region.
type State struct {
	config  Config
	id      wire.Identity
	log     *slog.Logger
	mu      sync.Mutex
	topics  map[string]*topic // by name
	count   int               // of subscriptions ever made, for their ARNs
	mails   []Mail
	web     chan webDelivery
	sending int             // web deliveries that are not done
	ended   []*subscription // of web servers, which may want them back; oldest first
}

type topic struct {
	name          string
	fifo          bool
	attributes    map[string]string
	policy        *policy.Document // nil without one of its own
	tags          map[string]string
	subscriptions []*subscription
	fifoState
}

type subscription struct {
	arn, protocol, endpoint string
	topic                   *topic
	attributes              map[string]string
	raw                     bool
	filter                  *filter.Policy // nil accepts everything
	token                   string         // to confirm with; empty where there is nothing to confirm
	asked                   time.Time      // to confirm, last
	confirmed               bool
	slots                   chan struct{} // of deliveries to a web server
}

// New makes an empty State.
func New(c Config) *State {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	if c.Endpoint == "" {
		c.Endpoint = "http://127.0.0.1:4566"
	}
	c.Endpoint = strings.TrimSuffix(c.Endpoint, "/")
	return &State{
		config: c, id: c.Identity.OrDefault(), log: c.Log, topics: map[string]*topic{}, web: make(chan webDelivery, maxWeb),
	}
}

// waits tells whether the endpoint has still to confirm.
func (sub *subscription) waits() bool { return sub.token != "" && !sub.confirmed }

func (s *State) arn(name string) string { return s.id.ARN("sns", name) }

// topic finds a topic by ARN; the caller holds the lock.
func (s *State) topic(arn string) (*topic, error) {
	name, ok := wire.ResourceOf(arn, "sns")
	if !ok {
		return nil, invalid("TopicArn", "An ARN must have at least 6 elements, not "+arn)
	}
	t := s.topics[name]
	if t == nil || arn != s.arn(name) {
		return nil, wire.Errorf("NotFound", http.StatusNotFound, "Topic does not exist")
	}
	return t, nil
}

// onTopic does something to a topic.
func (s *State) onTopic(arn string, do func(*topic) error) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.topic(arn)
	if err != nil {
		return nil, err
	}
	return &Empty{}, do(t)
}

func invalid(parameter, reason string) error {
	return wire.Errorf("InvalidParameter", 0, "Invalid parameter: %s Reason: %s", parameter, reason)
}

// Empty is the answer of operations that answer nothing.
type Empty struct{}

// Handler is the wire of a State.
func Handler(s *State) http.Handler {
	return wire.Query{
		Namespace: "http://sns.amazonaws.com/doc/2010-03-31/",
		Version:   "2010-03-31",
		Operations: wire.Guard("sns", map[string]wire.Operation{
			"AddPermission":             wire.Op(s.AddPermission),
			"ConfirmSubscription":       wire.Op(s.ConfirmSubscription),
			"CreateTopic":               wire.Op(s.CreateTopic),
			"DeleteTopic":               wire.Op(s.DeleteTopic),
			"GetSubscriptionAttributes": wire.Op(s.GetSubscriptionAttributes),
			"GetTopicAttributes":        wire.Op(s.GetTopicAttributes),
			"ListSubscriptions":         wire.Op(s.ListSubscriptions),
			"ListSubscriptionsByTopic":  wire.Op(s.ListSubscriptionsByTopic),
			"ListTagsForResource":       wire.Op(s.ListTagsForResource),
			"ListTopics":                wire.Op(s.ListTopics),
			"Publish":                   wire.Op(s.Publish),
			"PublishBatch":              wire.Op(s.PublishBatch),
			"RemovePermission":          wire.Op(s.RemovePermission),
			"SetSubscriptionAttributes": wire.Op(s.SetSubscriptionAttributes),
			"SetTopicAttributes":        wire.Op(s.SetTopicAttributes),
			"Subscribe":                 wire.Op(s.Subscribe),
			"TagResource":               wire.Op(s.TagResource),
			"Unsubscribe":               wire.Op(s.Unsubscribe),
			"UntagResource":             wire.Op(s.UntagResource),
		}, s.may),
	}
}
