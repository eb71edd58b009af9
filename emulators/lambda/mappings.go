package lambda

import (
	"context"
	"errors"
	"maps"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

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
	name, qualifier := "", ""
	if in.FunctionName != "" {
		var err error
		if name, qualifier, err = s.refOf(in.FunctionName, ""); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	ids := slices.DeleteFunc(slices.Collect(maps.Keys(s.mappings)), func(id string) bool {
		m := s.mappings[id]
		return (name != "" && (m.function != name || m.qualifier != qualifier)) || (in.EventSourceArn != "" && m.config.EventSourceArn != in.EventSourceArn)
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

// UpdateEventSourceMappingInput is the request of UpdateEventSourceMapping.
type UpdateEventSourceMappingInput struct {
	MappingOptions
	UUID         string `path:"UUID" json:"-"`
	FunctionName string
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
	if err := errors.Join(f.fits(m.config.EventSourceArn), in.apply(&m.config), s.redirect(&m, in.FunctionName)); err != nil {
		return nil, err
	}
	set(&m.enabled, in.Enabled)
	if err := s.mayChange(old, &m, to.onFailure); err != nil {
		return nil, err
	}
	if in.DestinationConfig != nil {
		m.giveUpTo(to)
	}
	if in.FilterCriteria != nil {
		m.filter = f
	}
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

// mayChange asks the role of a mapping's function for what a change needs: to read, unless
// the mapping is one that does not afterwards and invokes and tells whom it did, so that it
// can be disabled when the role is gone. A function that is gone is refused when it is
// invoked. The caller holds mu.
func (s *State) mayChange(old, m *mapping, onFailure string) error {
	t, err := s.find(m.function, m.qualifier)
	if err != nil {
		return nil
	}
	role := t.version.config.Role
	another := m.function != old.function || m.qualifier != old.qualifier
	if !m.enabled && !another && onFailure == old.onFailure {
		return nil
	}
	if m.enabled || another {
		if err := s.mayRead(role, m.config.EventSourceArn); err != nil {
			return err
		}
	}
	return s.maySend(role, onFailure)
}

// onlyMapping refuses a second mapping of the same pair: the function would get all twice.
// The caller holds mu.
func (s *State) onlyMapping(source, function, qualifier string) error {
	for _, m := range s.mappings {
		if m.function == function && m.qualifier == qualifier && m.config.EventSourceArn == source {
			return wire.Errorf(codeConflict, 409, "The event source arn (\" %s \") and function (\" %s \") provided mapping already exists. "+
				"Please update or delete the existing mapping with UUID %s", source, function, m.config.UUID)
		}
	}
	return nil
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
	if name == m.function && qualifier == m.qualifier {
		return nil
	}
	if _, err := s.find(name, qualifier); err != nil {
		return err
	}
	if err := s.onlyMapping(m.config.EventSourceArn, name, qualifier); err != nil {
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
