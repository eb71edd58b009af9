package scheduler

import (
	"cmp"
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

// State is the schedules of one account and region, and their groups.
type State struct {
	config Config

	mu        sync.Mutex
	schedules map[string]*schedule // by their keys
	groups    map[string]*group    // by their names
	agenda    agenda
	inputs    int               // bytes of the targets' inputs
	deleted   map[string]string // the client tokens of deletions, by key, or name of a group
	claimed   bool
	changed   chan struct{}
}

// New makes a State; nothing fires before Run.
func New(config Config) *State {
	config.Identity = config.Identity.OrDefault()
	if config.Log == nil {
		config.Log = slog.New(slog.DiscardHandler)
	}
	now := time.Now()
	return &State{config: config, schedules: map[string]*schedule{}, groups: map[string]*group{defaultGroup: {name: defaultGroup, created: now, updated: now}}, deleted: map[string]string{}, changed: make(chan struct{}, 1)}
}

func (s *State) notify() {
	select {
	case s.changed <- struct{}{}:
	default:
	}
}

func (s *State) arn(of *schedule) string {
	return s.config.Identity.ARN("scheduler", "schedule/"+of.key())
}

// find finds a schedule; no group is the default one. The caller holds the lock.
func (s *State) find(name, group string) (*schedule, error) {
	if _, err := s.group(cmp.Or(group, defaultGroup)); err != nil {
		return nil, err
	}
	if found := s.schedules[cmp.Or(group, defaultGroup)+"/"+name]; found != nil {
		return found, nil
	}
	return nil, wire.Errorf("ResourceNotFoundException", 404, "Schedule %s does not exist.", name)
}
