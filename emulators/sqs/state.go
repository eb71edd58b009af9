// Package sqs is Simple Queue Service: standard queues with visibility timeouts,
// long polling and redrive, over AWS JSON 1.0.
//
// # Operations
//
//	CreateQueue GetQueueUrl GetQueueAttributes SetQueueAttributes ListQueues
//	DeleteQueue PurgeQueue SendMessage SendMessageBatch ReceiveMessage
//	DeleteMessage DeleteMessageBatch ChangeMessageVisibility
//
// Every other operation, attribute and FIFO queues are refused by name. A queue's
// Policy is kept and answered but not evaluated: any caller on loopback may use
// any queue.
package sqs

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a State needs.
type Config struct {
	Identity wire.Identity
	// Endpoint is the base URL that queue URLs begin with; http://127.0.0.1:4566
	// when empty.
	Endpoint string
}

// State is the queues of one account and region.
type State struct {
	id       wire.Identity
	endpoint string
	mu       sync.Mutex
	queues   map[string]*queue
}

// New makes an empty State.
func New(c Config) *State {
	if c.Endpoint == "" {
		c.Endpoint = "http://127.0.0.1:4566"
	}
	return &State{id: c.Identity.OrDefault(), endpoint: c.Endpoint, queues: map[string]*queue{}}
}

// maxMessages bounds a queue.
const maxMessages = 1_000_000

type queue struct {
	name       string
	created    time.Time
	attributes map[string]string
	messages   []*message
	arrived    chan struct{} // closed and replaced when a message arrives
}

type message struct {
	id         string
	body       string
	attributes map[string]MessageAttribute
	sent       time.Time
	visible    time.Time
	firstSeen  time.Time
	receipt    string
	received   int
}

func (s *State) url(name string) string { return s.endpoint + "/" + s.id.Account + "/" + name }

// queue finds a queue by URL, of any host: the last part is the name. The caller
// holds the lock.
func (s *State) queue(url string) (*queue, error) {
	name := url[strings.LastIndex(url, "/")+1:]
	q, ok := s.queues[name]
	if !ok {
		return nil, wire.Errorf("QueueDoesNotExist", 0, "The specified queue does not exist.")
	}
	return q, nil
}

// trim drops what is older than the queue's retention.
func (q *queue) trim(now time.Time) {
	limit := now.Add(-q.seconds("MessageRetentionPeriod"))
	n := 0
	for n < len(q.messages) && q.messages[n].sent.Before(limit) {
		n++
	}
	q.messages = q.messages[n:]
}

func (q *queue) push(m *message) error {
	if len(q.messages) >= maxMessages {
		return wire.Errorf("OverLimit", 0, "queue %s holds %d messages", q.name, maxMessages)
	}
	q.messages = append(q.messages, m)
	close(q.arrived)
	q.arrived = make(chan struct{})
	return nil
}

// Handler is the wire of a State.
func Handler(s *State) http.Handler {
	return wire.JSON{
		TargetPrefix:  "AmazonSQS",
		Version:       "1.0",
		ShapePrefix:   "com.amazonaws.sqs#",
		UnknownMember: "InvalidParameterValue",
		Operations: map[string]wire.Operation{
			"CreateQueue":             wire.Op(s.CreateQueue),
			"GetQueueUrl":             wire.Op(s.GetQueueUrl),
			"GetQueueAttributes":      wire.Op(s.GetQueueAttributes),
			"SetQueueAttributes":      wire.Op(s.SetQueueAttributes),
			"ListQueues":              wire.Op(s.ListQueues),
			"DeleteQueue":             wire.Op(s.DeleteQueue),
			"PurgeQueue":              wire.Op(s.PurgeQueue),
			"SendMessage":             wire.Op(s.SendMessage),
			"SendMessageBatch":        wire.Op(s.SendMessageBatch),
			"ReceiveMessage":          wire.Op(s.ReceiveMessage),
			"DeleteMessage":           wire.Op(s.DeleteMessage),
			"DeleteMessageBatch":      wire.Op(s.DeleteMessageBatch),
			"ChangeMessageVisibility": wire.Op(s.ChangeMessageVisibility),
		},
	}
}
