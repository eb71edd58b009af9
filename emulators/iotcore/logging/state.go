package logging

import (
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a State needs.
type Config struct {
	Identity wire.Identity
	// Sink takes the entries; without one no options can be set.
	Sink Sink
	// Roles decides whether the role may write them: everything when nil.
	Roles interface{ Decide(policy.Use) error }
	// InGroup tells whether a thing is in a thing group or one beneath it.
	InGroup func(thing, group string) bool
	Log     *slog.Logger
}

// Sink is CloudWatch Logs. It makes a group or a stream that is not there, and asks may for
// what it does.
type Sink interface {
	AppendAs(group, stream string, lines []Line, may func(action, arn string) error) error
}

// Line is an event of a log stream: an alias, so that a Sink can spell it without this
// package.
type Line = struct {
	At   time.Time
	Text string
}

// State is the options and levels of one account and region.
type State struct {
	config Config

	mu  sync.Mutex
	set *settings // nil is that V2 logging was never configured
	// active is set, unless all logs are disabled.
	active atomic.Pointer[settings]
}

// settings are not changed once they are active.
type settings struct {
	role     string
	level    Level
	disabled bool
	events   map[string]EventConfiguration
	targets  map[Target]Level
	groups   []string // of targets
}

// New makes a State with nothing configured.
func New(config Config) *State { return &State{config: config} }

// On tells whether anything may be logged. It is asked before an Entry is made.
func (s *State) On() bool { return s.active.Load() != nil }

// apply makes settings those that count.
func (s *State) apply(next *settings) {
	next.groups = nil
	for t := range next.targets {
		if t.TargetType == thingGroup {
			next.groups = append(next.groups, t.TargetName)
		}
	}
	s.set = next
	if next.disabled {
		next = nil
	}
	s.active.Store(next)
}

// Level is how much is logged.
type Level string

// Levels, from nothing to everything.
const (
	Disabled Level = "DISABLED"
	Error    Level = "ERROR"
	Warn     Level = "WARN"
	Info     Level = "INFO"
	Debug    Level = "DEBUG"
)

var ranks = map[Level]int{Disabled: 0, Error: 1, Warn: 2, Info: 3, Debug: 4}

// includes tells whether what is of another level is logged.
func (l Level) includes(other Level) bool { return ranks[other] <= ranks[l] }

func (l Level) check(member string) error {
	if _, ok := ranks[l]; !ok {
		return invalid("%s is DEBUG, INFO, ERROR, WARN or DISABLED, not %q", member, l)
	}
	return nil
}

func invalid(format string, args ...any) error {
	return wire.Errorf("InvalidRequestException", 400, format, args...)
}
