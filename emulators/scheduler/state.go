package scheduler

import (
	"log/slog"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a State is made of.
type Config struct {
	Identity wire.Identity
	// Run reaches targets by these; nil refuses those of its kind. They do not try again:
	// the schedule does. Queue takes dead-letter events, too.
	Invoker  Invoker
	Queue    Queue
	Topic    Topic
	Stream   Stream
	Delivery Delivery
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
	Attempt int
	Target  string
	Payload []byte
	// Err is why the target did not take it, or nil.
	Err error
}

// State is the schedules of one account and region, in the group default.
type State struct {
	config Config

	mu        sync.Mutex
	schedules map[string]*schedule
	agenda    agenda
	inputs    int               // bytes of the targets' inputs
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
