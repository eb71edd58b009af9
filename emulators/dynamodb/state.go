package dynamodb

import (
	"strings"
	"sync"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a State needs.
type Config struct {
	Identity wire.Identity
	// Enforce applies the capacity of provisioned tables and indexes, the bounds
	// that on-demand ones were given, and the account's of 40,000 units a second
	// for the others.
	Enforce bool
}

// State is the tables of one account and region. Its methods may be called by
// several goroutines; their errors are *wire.Error.
type State struct {
	id          wire.Identity
	enforce     bool
	expressions expression.Cache
	expiry      deadline
	tokens      tokens

	mu      sync.RWMutex
	tables  map[string]*table
	streams map[string]*stream // by ARN; those that are off too
}

// New makes an empty State.
func New(c Config) *State {
	s := &State{id: c.Identity.OrDefault(), enforce: c.Enforce, tables: map[string]*table{}, streams: map[string]*stream{}}
	s.expiry.Store(never)
	return s
}

// table finds a table by name or ARN; the caller holds the lock.
func (s *State) table(name string) (*table, error) {
	if t, ok := s.tables[s.tableName(name)]; ok {
		return t, nil
	}
	if name == "" {
		return nil, constraint("null", "tableName", "Member must not be null")
	}
	return nil, wire.Errorf("ResourceNotFoundException", 0, "Requested resource not found")
}

// tableName is the name in an ARN of this account and region, or the name.
func (s *State) tableName(name string) string {
	if !strings.HasPrefix(name, "arn:") {
		return name // of every call of an application: makes no ARN to compare with
	}
	return strings.TrimPrefix(name, s.id.ARN("dynamodb", "table/"))
}

func invalid(format string, args ...any) error {
	return wire.Errorf("ValidationException", 0, format, args...)
}
