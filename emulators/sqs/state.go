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
	moves    []*move // oldest first
}

// New makes an empty State.
func New(c Config) *State {
	if c.Endpoint == "" {
		c.Endpoint = "http://127.0.0.1:4566"
	}
	return &State{id: c.Identity.OrDefault(), endpoint: c.Endpoint, queues: map[string]*queue{}}
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

// byARN finds a queue of this account and region by its ARN.
func (s *State) byARN(arn string) (*queue, bool) {
	name, ok := strings.CutPrefix(arn, s.id.ARN("sqs", ""))
	q := s.queues[name]
	return q, ok && q != nil
}

// Empty is the answer of operations that answer nothing.
type Empty struct{}

// on does something to a queue.
func (s *State) on(url string, do func(*queue) error) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.moveDue(time.Now())
	q, err := s.queue(url)
	if err != nil {
		return nil, err
	}
	return &Empty{}, do(q)
}

func invalid(format string, args ...any) error {
	return wire.Errorf("InvalidParameterValue", 0, format, args...)
}

func missing(parameter string) error {
	return wire.Errorf("MissingParameter", 0, "The request must contain the parameter %s.", parameter)
}

// Handler is the wire of a State.
func Handler(s *State) http.Handler {
	return wire.JSON{
		TargetPrefix:  "AmazonSQS",
		Version:       "1.0",
		ShapePrefix:   "com.amazonaws.sqs#",
		UnknownMember: "InvalidParameterValue",
		QueryCodes:    queryCodes,
		Operations: wire.Guard("sqs", map[string]wire.Operation{
			"AddPermission":                wire.Op(s.AddPermission),
			"CancelMessageMoveTask":        wire.Op(s.CancelMessageMoveTask),
			"ChangeMessageVisibility":      wire.Op(s.ChangeMessageVisibility),
			"ChangeMessageVisibilityBatch": wire.Op(s.ChangeMessageVisibilityBatch),
			"CreateQueue":                  wire.Op(s.CreateQueue),
			"DeleteMessage":                wire.Op(s.DeleteMessage),
			"DeleteMessageBatch":           wire.Op(s.DeleteMessageBatch),
			"DeleteQueue":                  wire.Op(s.DeleteQueue),
			"GetQueueAttributes":           wire.Op(s.GetQueueAttributes),
			"GetQueueUrl":                  wire.Op(s.GetQueueUrl),
			"ListDeadLetterSourceQueues":   wire.Op(s.ListDeadLetterSourceQueues),
			"ListMessageMoveTasks":         wire.Op(s.ListMessageMoveTasks),
			"ListQueueTags":                wire.Op(s.ListQueueTags),
			"ListQueues":                   wire.Op(s.ListQueues),
			"PurgeQueue":                   wire.Op(s.PurgeQueue),
			"ReceiveMessage":               wire.Op(s.ReceiveMessage),
			"RemovePermission":             wire.Op(s.RemovePermission),
			"SendMessage":                  wire.Op(s.SendMessage),
			"SendMessageBatch":             wire.Op(s.SendMessageBatch),
			"SetQueueAttributes":           wire.Op(s.SetQueueAttributes),
			"StartMessageMoveTask":         wire.Op(s.StartMessageMoveTask),
			"TagQueue":                     wire.Op(s.TagQueue),
			"UntagQueue":                   wire.Op(s.UntagQueue),
		}, s.may),
	}
}

// queryCodes are the codes that clients know from the query protocol.
var queryCodes = map[string]string{
	"AccessDeniedException":        "AccessDenied",
	"BatchEntryIdsNotDistinct":     "AWS.SimpleQueueService.BatchEntryIdsNotDistinct",
	"BatchRequestTooLong":          "AWS.SimpleQueueService.BatchRequestTooLong",
	"EmptyBatchRequest":            "AWS.SimpleQueueService.EmptyBatchRequest",
	"InvalidBatchEntryId":          "AWS.SimpleQueueService.InvalidBatchEntryId",
	"MessageNotInflight":           "AWS.SimpleQueueService.MessageNotInflight",
	"PurgeQueueInProgress":         "AWS.SimpleQueueService.PurgeQueueInProgress",
	"QueueDoesNotExist":            "AWS.SimpleQueueService.NonExistentQueue",
	"QueueNameExists":              "QueueAlreadyExists",
	"UnsupportedOperation":         "AWS.SimpleQueueService.UnsupportedOperation",
	"TooManyEntriesInBatchRequest": "AWS.SimpleQueueService.TooManyEntriesInBatchRequest",
}
