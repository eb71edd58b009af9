package lambda

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"maps"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// mapping is an event source mapping and how far it has read.
//
// A change makes a new mapping, which takes over the shards; the former one ends
// its invocations in progress.
type mapping struct {
	config    EventSourceMapping
	function  string
	qualifier string
	tags      map[string]string
	filter    filter
	start     Start
	enabled   bool
	ready     bool // its shards are known and polled
	shards    map[string]*shardState
	onFailure string
}

// shardState is what a poller knows about its shard.
type shardState struct {
	checkpoint string    // sequence number of the last record that is done
	waiting    bool      // in Next with nothing in hand
	since      time.Time // of waiting
	held       int       // batches of messages, or records of strands, that are not done
	hidden     time.Time // until then messages that failed are hidden in their queue
	ended      bool      // the shard is closed and read to its end
	window     *window   // the open tumbling window
}

// EventSourceMapping is a mapping as the API answers it.
type EventSourceMapping struct {
	UUID                           string
	EventSourceMappingArn          string
	EventSourceArn                 string
	FunctionArn                    string
	State                          string
	StateTransitionReason          string
	LastModified                   wire.Time
	LastProcessingResult           string `json:",omitempty"`
	BatchSize                      int32
	MaximumBatchingWindowInSeconds int32
	FunctionResponseTypes          []string
	FilterCriteria                 *FilterCriteria `json:",omitempty"`
	// One of these is there: what only streams have, and what only queues do.
	*StreamSettings
	ScalingConfig *ScalingConfig `json:",omitempty"`
}

// StreamSettings are the options of a mapping that reads a stream. They are not
// changed but replaced: answers share them.
type StreamSettings struct {
	MaximumRetryAttempts       int32
	MaximumRecordAgeInSeconds  int32
	BisectBatchOnFunctionError bool
	ParallelizationFactor      int32
	TumblingWindowInSeconds    int32
	StartingPosition           string
	StartingPositionTimestamp  *wire.Time `json:",omitempty"`
	DestinationConfig          *DestinationConfig
}

// CreateEventSourceMappingInput is the request of CreateEventSourceMapping.
type CreateEventSourceMappingInput struct {
	MappingOptions
	FunctionName              string
	EventSourceArn            string
	StartingPosition          string
	StartingPositionTimestamp *wire.Time
	Tags                      map[string]string
}

// CreateEventSourceMapping connects a stream or a queue to a function. Errors:
// InvalidParameterValueException, ResourceNotFoundException for the function,
// ResourceConflictException for a second mapping of the same pair.
func (s *State) CreateEventSourceMapping(ctx context.Context, in *CreateEventSourceMappingInput) (*EventSourceMapping, error) {
	name, qualifier, err := s.refOf(in.FunctionName, "")
	if err != nil {
		return nil, err
	}
	role, err := s.roleOf(name, qualifier)
	if err != nil {
		return nil, err
	}
	config, err := in.configuration()
	if err != nil {
		return nil, err
	}
	to, err := s.destinationsOf(in.DestinationConfig, streamDestinations)
	if err != nil {
		return nil, err
	}
	f, err := in.FilterCriteria.compile()
	if err == nil {
		err = f.fits(in.EventSourceArn)
	}
	if err != nil {
		return nil, err
	}
	if err := errors.Join(checkTags(in.Tags), s.checkSource(policy.As(ctx, role), in.EventSourceArn, name, qualifier)); err != nil {
		return nil, err
	}
	if err := errors.Join(s.mayRead(role, in.EventSourceArn), s.maySend(role, to.onFailure)); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.find(name, qualifier); err != nil {
		return nil, err
	}
	if err := s.onlyMapping(in.EventSourceArn, name, qualifier); err != nil {
		return nil, err
	}
	m := &mapping{
		config: config, function: name, qualifier: qualifier, tags: maps.Clone(in.Tags), filter: f,
		enabled: in.Enabled == nil || *in.Enabled, shards: map[string]*shardState{},
	}
	if m.config.StreamSettings != nil {
		m.giveUpTo(to)
	}
	s.add(m, name)
	return m.answer("Creating"), nil
}

// add completes a new mapping and lets Run know. The caller holds mu.
func (s *State) add(m *mapping, name string) {
	now := time.Now()
	s.created++
	// The id is a function of what was created in which order, so that back-off
	// and lanes of a run repeat.
	sum := sha256.Sum256(fmt.Appendf(nil, "%s|%s|%d", name, m.config.EventSourceArn, s.created))
	m.config.UUID = fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
	m.config.EventSourceMappingArn = s.config.Identity.ARN("lambda", "event-source-mapping:"+m.config.UUID)
	m.config.FunctionArn = s.arnOf(name, m.qualifier)
	m.config.LastModified = wire.At(now)
	if m.config.StreamSettings != nil {
		m.start = m.config.startAt(now)
	}
	s.mappings[m.config.UUID] = m
	s.notify()
}

// giveUpTo sets where what is given up goes. The settings are the mapping's alone yet.
func (m *mapping) giveUpTo(to destinations) {
	m.onFailure, m.config.DestinationConfig = to.onFailure, to.answer()
}

// startAt is where shards are read from: LATEST is the instant of creation.
func (c *StreamSettings) startAt(now time.Time) Start {
	switch {
	case c.StartingPositionTimestamp != nil:
		return Start{Position: c.StartingPosition, At: c.StartingPositionTimestamp.Time}
	case c.StartingPosition == Latest:
		return Start{Position: AtTimestamp, At: now}
	}
	return Start{Position: c.StartingPosition}
}

// checkSource makes sure that the event source is there.
func (s *State) checkSource(ctx context.Context, arn, function, qualifier string) error {
	if ofQueue(arn) {
		return s.checkQueue(ctx, arn, function, qualifier)
	}
	return s.checkStream(ctx, arn)
}

// checkStream makes sure that the stream is one that can be read.
func (s *State) checkStream(ctx context.Context, arn string) error {
	resource, ok := wire.ResourceOf(arn, "kinesis")
	if known := ok && strings.HasPrefix(resource, "stream/") && !strings.Contains(resource, "/consumer/"); !known && !ofTable(arn) {
		return wire.Errorf(codeInvalid, 0, "event source %q is not implemented by Shakedown: use the ARN of a Kinesis stream, of the stream of a DynamoDB table or of an SQS queue", arn)
	}
	if s.config.Streams == nil {
		return wire.Errorf(codeInvalid, 0, "event source %q: this cloud has no streams for Lambda to read (lambda.Config.Streams)", arn)
	}
	if _, err := s.config.Streams.ShardIDs(ctx, arn); err != nil {
		return wire.Errorf(codeInvalid, 0, "Stream not found: %s (%s)", arn, err)
	}
	return nil
}

// reference is the function with its qualifier.
func (m *mapping) reference() string {
	if m.qualifier == "" {
		return m.function
	}
	return m.function + ":" + m.qualifier
}

// answer is a copy of the mapping for the API; state is the state on the way,
// or empty for the one it has.
func (m *mapping) answer(state string) *EventSourceMapping {
	c := m.config
	c.State, c.StateTransitionReason = "Disabled", "USER_INITIATED"
	if m.enabled {
		c.State = "Enabled"
	}
	if state != "" {
		c.State = state
	}
	if c.LastProcessingResult == "" && c.StreamSettings != nil {
		c.LastProcessingResult = "No records processed"
	}
	return &c
}

func (m *mapping) rules() rules {
	r := rules{retries: int(m.config.MaximumRetryAttempts), bisect: m.config.BisectBatchOnFunctionError}
	if m.config.MaximumRecordAgeInSeconds > 0 {
		r.age = time.Duration(m.config.MaximumRecordAgeInSeconds) * time.Second
	}
	r.items = len(m.config.FunctionResponseTypes) > 0
	return r
}
