package logging

import (
	"cmp"
	"context"
	"maps"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Routes are the operations on options and levels.
func (s *State) Routes() []wire.Route {
	return []wire.Route{
		{Name: "SetV2LoggingOptions", Method: "POST", Path: "/v2LoggingOptions", Op: wire.Op(s.SetOptions)},
		{Name: "GetV2LoggingOptions", Method: "GET", Path: "/v2LoggingOptions", Op: wire.Op(s.GetOptions)},
		{Name: "SetV2LoggingLevel", Method: "POST", Path: "/v2LoggingLevel", Op: wire.Op(s.SetLevel)},
		{Name: "ListV2LoggingLevels", Method: "GET", Path: "/v2LoggingLevel", Op: wire.Op(s.ListLevels)},
		{Name: "DeleteV2LoggingLevel", Method: "DELETE", Path: "/v2LoggingLevel", Op: wire.Op(s.DeleteLevel)},
	}
}

// EventConfiguration is what is different for one event type.
type EventConfiguration struct {
	EventType      string `json:"eventType"`
	LogLevel       Level  `json:"logLevel,omitempty"`
	LogDestination string `json:"logDestination,omitempty"`
}

// Options are those of SetV2LoggingOptions and GetV2LoggingOptions.
type Options struct {
	DefaultLogLevel     Level                `json:"defaultLogLevel,omitempty"`
	DisableAllLogs      bool                 `json:"disableAllLogs"`
	EventConfigurations []EventConfiguration `json:"eventConfigurations,omitempty"`
	RoleArn             string               `json:"roleArn,omitempty"`
}

// GetOptionsInput asks, when verbose, for all event types.
type GetOptionsInput struct {
	Verbose bool `json:"-" query:"verbose"`
}

// Empty is the answer of an operation that has none.
type Empty struct{}

// SetOptions keeps the role, the level and the event configurations that it is not
// given; the first call needs role and level.
// https://docs.aws.amazon.com/iot/latest/apireference/API_SetV2LoggingOptions.html
func (s *State) SetOptions(_ context.Context, in *Options) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	next := settings{}
	if s.set != nil {
		next = *s.set
	}
	next.disabled = in.DisableAllLogs
	next.role = cmp.Or(in.RoleArn, next.role)
	next.level = cmp.Or(in.DefaultLogLevel, next.level)
	if s.config.Sink == nil {
		return nil, invalid("SetV2LoggingOptions: there is no CloudWatch Logs here to log to")
	}
	if !wire.IsRole(next.role) {
		return nil, invalid("roleArn %q is not the ARN of a role", next.role)
	}
	if err := next.level.check("defaultLogLevel"); err != nil {
		return nil, err
	}
	if in.EventConfigurations != nil {
		next.events = map[string]EventConfiguration{}
	}
	for _, e := range in.EventConfigurations {
		if err := e.check(); err != nil {
			return nil, err
		}
		next.events[e.EventType] = e
	}
	s.apply(&next)
	return &Empty{}, nil
}

func (e EventConfiguration) check() error {
	if !slices.Contains(EventTypes, e.EventType) {
		return invalid("eventConfigurations: the eventType %q is not logged by Shakedown", e.EventType)
	}
	if len(e.LogDestination) > maxGroupName {
		return invalid("eventConfigurations: the logDestination of %s is longer than %d characters", e.EventType, maxGroupName)
	}
	if e.LogLevel == "" {
		return nil
	}
	return e.LogLevel.check("the logLevel of " + e.EventType)
}

// GetOptions answers what is set.
// https://docs.aws.amazon.com/iot/latest/apireference/API_GetV2LoggingOptions.html
func (s *State) GetOptions(_ context.Context, in *GetOptionsInput) (*Options, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.set == nil {
		return nil, notConfigured()
	}
	out := &Options{DefaultLogLevel: s.set.level, DisableAllLogs: s.set.disabled, RoleArn: s.set.role}
	types := slices.Sorted(maps.Keys(s.set.events))
	if in.Verbose {
		types = EventTypes
	}
	for _, name := range types {
		e := s.set.events[name]
		e.EventType = name
		if in.Verbose {
			e.LogLevel, e.LogDestination = cmp.Or(e.LogLevel, s.set.level), cmp.Or(e.LogDestination, Group)
		}
		out.EventConfigurations = append(out.EventConfigurations, e)
	}
	return out, nil
}

func notConfigured() error {
	return wire.Errorf("NotConfiguredException", 404, "V2 logging is not configured: see SetV2LoggingOptions")
}
