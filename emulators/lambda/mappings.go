package lambda

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// configuration checks a request and fills in defaults.
// See https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
func (in *CreateEventSourceMappingInput) configuration() (EventSourceMapping, error) {
	c := EventSourceMapping{
		EventSourceArn: in.EventSourceArn, StartingPosition: in.StartingPosition, StartingPositionTimestamp: in.StartingPositionTimestamp,
		BatchSize: 100, MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: -1, ParallelizationFactor: 1,
		FunctionResponseTypes: in.FunctionResponseTypes, FilterCriteria: in.FilterCriteria,
	}
	set(&c.TumblingWindowInSeconds, in.TumblingWindowInSeconds)
	set(&c.BatchSize, in.BatchSize)
	set(&c.MaximumBatchingWindowInSeconds, in.MaximumBatchingWindowInSeconds)
	set(&c.MaximumRetryAttempts, in.MaximumRetryAttempts)
	set(&c.MaximumRecordAgeInSeconds, in.MaximumRecordAgeInSeconds)
	set(&c.BisectBatchOnFunctionError, in.BisectBatchOnFunctionError)
	set(&c.ParallelizationFactor, in.ParallelizationFactor)
	return c, c.check()
}

func (c *EventSourceMapping) check() error {
	age := c.MaximumRecordAgeInSeconds
	switch {
	case c.EventSourceArn == "":
		return wire.Errorf(codeInvalid, 0, "EventSourceArn is required: sources without one are not implemented by Shakedown")
	case c.BatchSize < 1 || c.BatchSize > 10000:
		return wire.Errorf(codeInvalid, 0, "BatchSize %d is not between 1 and 10000", c.BatchSize)
	case c.MaximumBatchingWindowInSeconds < 0 || c.MaximumBatchingWindowInSeconds > 300:
		return wire.Errorf(codeInvalid, 0, "MaximumBatchingWindowInSeconds %d is not between 0 and 300", c.MaximumBatchingWindowInSeconds)
	case c.MaximumRetryAttempts < -1 || c.MaximumRetryAttempts > 10000:
		return wire.Errorf(codeInvalid, 0, "MaximumRetryAttempts %d is not between -1 and 10000", c.MaximumRetryAttempts)
	case age != -1 && (age < 60 || age > 604800):
		return wire.Errorf(codeInvalid, 0, "MaximumRecordAgeInSeconds %d is not -1 and not between 60 and 604800", age)
	case c.ParallelizationFactor != 1:
		return wire.Errorf(codeInvalid, 0, "ParallelizationFactor %d is not implemented by Shakedown; use 1", c.ParallelizationFactor)
	}
	if c.TumblingWindowInSeconds != 0 {
		return wire.Errorf(codeInvalid, 0, "TumblingWindowInSeconds %d is not implemented by Shakedown; use 0", c.TumblingWindowInSeconds)
	}
	for _, t := range c.FunctionResponseTypes {
		if t != "ReportBatchItemFailures" {
			return wire.Errorf(codeInvalid, 0, "function response type %q is not ReportBatchItemFailures", t)
		}
	}
	return c.checkStart()
}

func (c *EventSourceMapping) checkStart() error {
	switch c.StartingPosition {
	case "":
		return wire.Errorf(codeInvalid, 0, "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.")
	case TrimHorizon, Latest:
		if c.StartingPositionTimestamp != nil {
			return wire.Errorf(codeInvalid, 0, "StartingPositionTimestamp is only valid with StartingPosition AT_TIMESTAMP")
		}
	case AtTimestamp:
		if ofTable(c.EventSourceArn) {
			return wire.Errorf(codeInvalid, 0, "StartingPosition AT_TIMESTAMP is not for the stream of a DynamoDB table")
		}
		if c.StartingPositionTimestamp == nil {
			return wire.Errorf(codeInvalid, 0, "StartingPositionTimestamp is required with StartingPosition AT_TIMESTAMP")
		}
	default:
		return wire.Errorf(codeInvalid, 0, "StartingPosition %q is not TRIM_HORIZON, LATEST or AT_TIMESTAMP", c.StartingPosition)
	}
	return nil
}

// MappingRef names a mapping in a path.
type MappingRef struct {
	UUID string `path:"UUID" json:"-"`
}

// mapping finds a mapping. The caller holds mu.
func (s *State) mapping(uuid string) (*mapping, error) {
	if m := s.mappings[uuid]; m != nil {
		return m, nil
	}
	return nil, wire.Errorf(codeNotFound, 404, "The resource you requested does not exist: event source mapping %s.", uuid)
}

// GetEventSourceMapping answers a mapping. Errors: ResourceNotFoundException.
func (s *State) GetEventSourceMapping(_ context.Context, in *MappingRef) (*EventSourceMapping, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.mapping(in.UUID)
	if err != nil {
		return nil, err
	}
	return m.answer(""), nil
}

// ListEventSourceMappingsInput is the request of ListEventSourceMappings.
type ListEventSourceMappingsInput struct {
	EventSourceArn string `query:"EventSourceArn" json:"-"`
	FunctionName   string `query:"FunctionName" json:"-"`
	Marker         string `query:"Marker" json:"-"`
	MaxItems       int32  `query:"MaxItems" json:"-"`
}

// ListEventSourceMappingsOutput is its answer, by UUID.
type ListEventSourceMappingsOutput struct {
	EventSourceMappings []*EventSourceMapping
	NextMarker          string `json:",omitempty"`
}

// ListEventSourceMappings answers pages of at most 100 mappings.
func (s *State) ListEventSourceMappings(_ context.Context, in *ListEventSourceMappingsInput) (*ListEventSourceMappingsOutput, error) {
	name := ""
	if in.FunctionName != "" {
		var err error
		if name, err = s.nameOf(in.FunctionName); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := slices.DeleteFunc(slices.Collect(maps.Keys(s.mappings)), func(id string) bool {
		m := s.mappings[id]
		return (name != "" && m.function != name) || (in.EventSourceArn != "" && m.config.EventSourceArn != in.EventSourceArn)
	})
	ids, next, err := page(ids, in.Marker, in.MaxItems, 100)
	if err != nil {
		return nil, err
	}
	out := &ListEventSourceMappingsOutput{EventSourceMappings: []*EventSourceMapping{}, NextMarker: next}
	for _, id := range ids {
		out.EventSourceMappings = append(out.EventSourceMappings, s.mappings[id].answer(""))
	}
	return out, nil
}

// UpdateEventSourceMappingInput is the request of UpdateEventSourceMapping; nil
// leaves a member as it is.
type UpdateEventSourceMappingInput struct {
	UUID                           string `path:"UUID" json:"-"`
	FunctionName                   string
	Enabled                        *bool
	BatchSize                      *int32
	MaximumBatchingWindowInSeconds *int32
	MaximumRetryAttempts           *int32
	MaximumRecordAgeInSeconds      *int32
	BisectBatchOnFunctionError     *bool
	ParallelizationFactor          *int32
	DestinationConfig              *DestinationConfig
	FunctionResponseTypes          []string
	FilterCriteria                 *FilterCriteria
	TumblingWindowInSeconds        *int32
}

// UpdateEventSourceMapping changes a mapping, enables or disables it. What is
// invoked finishes as it was; the mapping keeps its place in every shard.
func (s *State) UpdateEventSourceMapping(_ context.Context, in *UpdateEventSourceMappingInput) (*EventSourceMapping, error) {
	to, err := s.destinationsOf(in.DestinationConfig, streamDestinations)
	if err != nil {
		return nil, err
	}
	f, err := in.FilterCriteria.compile()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	old, err := s.mapping(in.UUID)
	if err != nil {
		return nil, err
	}
	m := *old
	m.ready = false
	in.apply(&m.config)
	if err := errors.Join(m.config.check(), s.redirect(&m, in.FunctionName)); err != nil {
		return nil, err
	}
	if in.DestinationConfig != nil {
		m.onFailure = to.onFailure
		m.config.DestinationConfig = to.answer()
	}
	if in.FilterCriteria != nil {
		m.filter = f
	}
	set(&m.enabled, in.Enabled)
	m.config.LastModified = wire.At(time.Now())
	s.mappings[in.UUID] = &m
	s.notify()
	switch {
	case m.enabled && !old.enabled:
		return m.answer("Enabling"), nil
	case !m.enabled && old.enabled:
		return m.answer("Disabling"), nil
	}
	return m.answer("Updating"), nil
}

// apply changes what the request names.
func (in *UpdateEventSourceMappingInput) apply(c *EventSourceMapping) {
	set(&c.BatchSize, in.BatchSize)
	set(&c.MaximumBatchingWindowInSeconds, in.MaximumBatchingWindowInSeconds)
	set(&c.MaximumRetryAttempts, in.MaximumRetryAttempts)
	set(&c.MaximumRecordAgeInSeconds, in.MaximumRecordAgeInSeconds)
	set(&c.BisectBatchOnFunctionError, in.BisectBatchOnFunctionError)
	set(&c.ParallelizationFactor, in.ParallelizationFactor)
	set(&c.TumblingWindowInSeconds, in.TumblingWindowInSeconds)
	if in.FunctionResponseTypes != nil {
		c.FunctionResponseTypes = in.FunctionResponseTypes
	}
	if in.FilterCriteria != nil {
		c.FilterCriteria = in.FilterCriteria
	}
}

// redirect lets a mapping invoke another function. The caller holds mu.
func (s *State) redirect(m *mapping, ref string) error {
	if ref == "" {
		return nil
	}
	name, qualifier, err := s.refOf(ref, "")
	if err != nil {
		return err
	}
	if _, err := s.find(name, qualifier); err != nil {
		return err
	}
	m.function, m.qualifier, m.config.FunctionArn = name, qualifier, s.arnOf(name, qualifier)
	return nil
}

// DeleteEventSourceMapping removes a mapping and its place in the shards.
func (s *State) DeleteEventSourceMapping(_ context.Context, in *MappingRef) (*EventSourceMapping, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	m, err := s.mapping(in.UUID)
	if err != nil {
		return nil, err
	}
	delete(s.mappings, in.UUID)
	m.enabled = false
	s.notify()
	return m.answer("Deleting"), nil
}
