package registry

import (
	"context"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// eventType is a key of the event configurations.
type eventType string

// The types of events that are told of when they are enabled.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-events.html#iot-events-settings-table
const (
	thingEvents       eventType = "THING"
	groupEvents       eventType = "THING_GROUP"
	hierarchyEvents   eventType = "THING_GROUP_HIERARCHY"
	membershipEvents  eventType = "THING_GROUP_MEMBERSHIP"
	typeEvents        eventType = "THING_TYPE"
	associationEvents eventType = "THING_TYPE_ASSOCIATION"
	authorityEvents   eventType = "CA_CERTIFICATE"
)

// fixedEvents are the other types, which are as they are: lifecycle events "are available
// by default and they can't be disabled", and there are no jobs.
// https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html
var fixedEvents = map[eventType]bool{
	"CERTIFICATE": true, "JOB": false, "JOB_EXECUTION": false, "POLICY": false,
}

// eventConfigurations say which events are published.
type eventConfigurations struct {
	enabled           map[eventType]bool // has all but the fixed ones
	created, modified time.Time          // zero until somebody changes them
}

func newEventConfigurations() eventConfigurations {
	return eventConfigurations{enabled: map[eventType]bool{
		thingEvents: false, groupEvents: false, hierarchyEvents: false, membershipEvents: false, typeEvents: false, associationEvents: false,
		authorityEvents: true,
	}}
}

// EventConfiguration tells whether events of a type are published.
type EventConfiguration struct {
	Enabled bool `json:"Enabled"`
}

// EventConfigurations is the answer of DescribeEventConfigurations. It has no dates
// until the configurations were changed once.
type EventConfigurations struct {
	EventConfigurations map[eventType]EventConfiguration `json:"eventConfigurations"`
	CreationDate        *wire.Time                       `json:"creationDate,omitempty"`
	LastModifiedDate    *wire.Time                       `json:"lastModifiedDate,omitempty"`
}

// DescribeEventConfigurations answers for every type of event whether it is published.
func (s *State) DescribeEventConfigurations(context.Context, *Empty) (*EventConfigurations, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := &EventConfigurations{EventConfigurations: map[eventType]EventConfiguration{}}
	for _, types := range []map[eventType]bool{s.events.enabled, fixedEvents} {
		for t, enabled := range types {
			out.EventConfigurations[t] = EventConfiguration{enabled}
		}
	}
	if !s.events.created.IsZero() {
		created, modified := wire.At(s.events.created), wire.At(s.events.modified)
		out.CreationDate, out.LastModifiedDate = &created, &modified
	}
	return out, nil
}

// UpdateEventConfigurationsInput is the request of UpdateEventConfigurations.
type UpdateEventConfigurationsInput struct {
	EventConfigurations map[string]EventConfiguration `json:"eventConfigurations"`
}

// UpdateEventConfigurations turns types of events on and off; those it does not name
// stay. Of what cannot be turned it takes only what is.
func (s *State) UpdateEventConfigurations(_ context.Context, in *UpdateEventConfigurationsInput) (*Empty, error) {
	defer s.change()()
	for _, name := range sortedKeys(in.EventConfigurations) {
		want := in.EventConfigurations[name].Enabled
		if fixed, ok := fixedEvents[eventType(name)]; ok && fixed != want {
			return nil, invalid("UpdateEventConfigurations: %s with Enabled %t is not implemented by Shakedown, where it is always %t", name, want, fixed)
		} else if _, known := s.events.enabled[eventType(name)]; !ok && !known {
			return nil, invalid("UpdateEventConfigurations: there is no event type %q", name)
		}
	}
	for name, configuration := range in.EventConfigurations {
		if _, ok := s.events.enabled[eventType(name)]; ok {
			s.events.enabled[eventType(name)] = configuration.Enabled
		}
	}
	s.events.modified = time.Now().UTC()
	if s.events.created.IsZero() {
		s.events.created = s.events.modified
	}
	return &Empty{}, nil
}

// TellsOfRegistrations tells whether an event is published about a certificate that was
// registered because its client connected: as it is until CA_CERTIFICATE is disabled.
func (s *State) TellsOfRegistrations() bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.events.enabled[authorityEvents]
}
