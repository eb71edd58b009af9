package scheduler

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Invoker queues an invocation of a Lambda function, given as an ARN. It must
// not block for long and must copy the payload if it keeps it.
type Invoker interface {
	InvokeAsync(ctx context.Context, function string, payload []byte) error
}

// Config is what a State is made of.
type Config struct {
	Identity wire.Identity
	// Invoker is called by Run; without one CreateSchedule is refused.
	Invoker Invoker
	// Queue takes dead-letter events; nil refuses dead-letter queues.
	Queue Queue
	// Roles decides what the targets' roles may do; nil lets them do everything.
	Roles Roles
	// Tap is told every firing, synchronously; it may be nil.
	Tap func(Event)
	// Log is silent when nil.
	Log *slog.Logger
}

// Event is one attempt to invoke a target.
type Event struct {
	At time.Time
	// Schedule is the name of the schedule, Due the time it was due.
	Schedule string
	Due      time.Time
	// Attempt counts from 1.
	Attempt  int
	Function string
	Payload  []byte
	// Err is why the invocation could not be queued, or nil.
	Err error
}

// State is the schedules of one account and region, in the group default.
type State struct {
	config Config

	mu        sync.Mutex
	schedules map[string]*schedule
	deleted   map[string]string // the client tokens of deletions, by name
	claimed   bool
	changed   chan struct{}
}

// New makes a State; nothing fires before Run.
func New(config Config) *State {
	config.Identity = config.Identity.OrDefault()
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	return &State{config: config, schedules: map[string]*schedule{}, deleted: map[string]string{}, changed: make(chan struct{}, 1)}
}

func (s *State) notify() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

func (s *State) arn(name string) string {
	return s.config.Identity.ARN("scheduler", "schedule/"+defaultGroup+"/"+name)
}

func (s *State) find(name, group string) (*schedule, error) {
	if err := checkGroup(group); err != nil {
		return nil, err
	}
	if found := s.schedules[name]; found != nil {
		return found, nil
	}
	return nil, wire.Errorf("ResourceNotFoundException", 404, "Schedule %s does not exist.", name)
}
