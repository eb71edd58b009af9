package firehose

import (
	"context"
	"log/slog"
	"net/http"
	"sync"

	"github.com/aws/aws-sdk-go-v2/service/s3"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// DefaultMaxBytes bounds all buffers of a State together.
const DefaultMaxBytes = 256 << 20

// maxSealed bounds the batches that wait for their delivery: of records as they come,
// and of few bytes, there could be any number.
const maxSealed = 10_000

// Config is what a State needs.
type Config struct {
	Identity wire.Identity
	// Objects takes what is delivered. An error is tried again.
	Objects ObjectTarget
	// Functions transform records; without, Lambda processors are refused.
	Functions Functions
	// Streams are read as sources; without, those are refused.
	Streams Streams
	// Roles decides what the roles of streams may do; nil lets them do everything.
	Roles Roles
	// MaxBytes bounds what is buffered; DefaultMaxBytes when zero.
	MaxBytes int
	Log      *slog.Logger
}

// ObjectTarget takes objects.
type ObjectTarget interface {
	PutObject(context.Context, *s3.PutObjectInput, ...func(*s3.Options)) (*s3.PutObjectOutput, error)
}

// State is the Firehose streams of one account and region.
type State struct {
	config   Config
	wake     chan struct{} // there may be something to deliver earlier than thought
	mu       sync.Mutex
	streams  map[string]*stream
	works    []*work         // to be transformed, in order
	sealed   []*batch        // to be delivered, in order
	bytes    int             // of all buffers, works and sealed batches
	busy     map[string]bool // the tasks under way
	flushing bool
}

// New makes an empty State; nothing is delivered before Run.
func New(c Config) *State {
	c.Identity = c.Identity.OrDefault()
	if c.MaxBytes <= 0 {
		c.MaxBytes = DefaultMaxBytes
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return &State{config: c, wake: make(chan struct{}, 1), streams: map[string]*stream{}, busy: map[string]bool{}}
}

// Empty is the answer of operations that answer nothing.
type Empty struct{}

// stream finds a stream. The caller holds the lock.
func (s *State) stream(name string) (*stream, error) {
	st, ok := s.streams[name]
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", 0, "Firehose %s under account %s not found.", name, s.config.Identity.Account)
	}
	return st, nil
}

// on does something to a stream.
func (s *State) on(name string, do func(*stream) error) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(name)
	if err != nil {
		return nil, err
	}
	return &Empty{}, do(st)
}

func invalid(format string, args ...any) error {
	return wire.Errorf("InvalidArgumentException", 0, format, args...)
}

func unsupported(operation, member string) error {
	return wire.Unsupported("InvalidArgumentException", operation, member)
}

// Handler is the wire of a State.
func Handler(s *State) http.Handler {
	return wire.JSON{
		TargetPrefix:  "Firehose_20150804",
		Version:       "1.1",
		UnknownMember: "InvalidArgumentException",
		Operations: map[string]wire.Operation{
			"CreateDeliveryStream":      wire.Op(s.CreateDeliveryStream),
			"DeleteDeliveryStream":      wire.Op(s.DeleteDeliveryStream),
			"DescribeDeliveryStream":    wire.Op(s.DescribeDeliveryStream),
			"ListDeliveryStreams":       wire.Op(s.ListDeliveryStreams),
			"ListTagsForDeliveryStream": wire.Op(s.ListTagsForDeliveryStream),
			"PutRecord":                 wire.Op(s.PutRecord),
			"PutRecordBatch":            wire.Op(s.PutRecordBatch),
			"TagDeliveryStream":         wire.Op(s.TagDeliveryStream),
			"UntagDeliveryStream":       wire.Op(s.UntagDeliveryStream),
			"UpdateDestination":         wire.Op(s.UpdateDestination),
		},
	}
}
