package timestream

import (
	"context"
	"net/http"
	"regexp"
	"sort"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a State needs.
type Config struct{ Identity wire.Identity }

// State is the databases of one account and region.
type State struct {
	id        wire.Identity
	mu        sync.RWMutex
	databases map[string]*database
	cursors   cursors
}

type database struct {
	name    string
	created time.Time
	tables  map[string]*table
}

// New makes an empty State.
func New(c Config) *State {
	return &State{id: c.Identity.OrDefault(), databases: map[string]*database{}}
}

// Handler is the wire of a State: the write and the query service share one
// protocol and one prefix.
func Handler(s *State) http.Handler {
	operations := map[string]wire.Operation{
		"CreateDatabase":   wire.Op(s.CreateDatabase),
		"DescribeDatabase": wire.Op(s.DescribeDatabase),
		"ListDatabases":    wire.Op(s.ListDatabases),
		"DeleteDatabase":   wire.Op(s.DeleteDatabase),
		"CreateTable":      wire.Op(s.CreateTable),
		"DescribeTable":    wire.Op(s.DescribeTable),
		"ListTables":       wire.Op(s.ListTables),
		"DeleteTable":      wire.Op(s.DeleteTable),
		"WriteRecords":     wire.Op(s.WriteRecords),
		"Query":            wire.Op(s.Query),
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Clients discover their cell's endpoint first: it is this one.
		own := map[string]wire.Operation{"DescribeEndpoints": wire.Op(func(context.Context, *Empty) (*DescribeEndpointsOutput, error) {
			return &DescribeEndpointsOutput{[]Endpoint{{r.Host, 1440}}}, nil
		})}
		for name, op := range operations {
			own[name] = op
		}
		wire.JSON{TargetPrefix: "Timestream_20181101", Version: "1.0", ShapePrefix: "com.amazonaws.timestream.v20181101#", Operations: own}.ServeHTTP(w, r)
	})
}

// Empty is a request or answer without members.
type Empty struct{}

// Endpoint is where a client goes on.
type Endpoint struct {
	Address              string
	CachePeriodInMinutes int
}

// DescribeEndpointsOutput lists one endpoint.
type DescribeEndpointsOutput struct{ Endpoints []Endpoint }

func validation(format string, args ...any) error {
	return wire.Errorf("ValidationException", 0, format, args...)
}

var name = regexp.MustCompile(`^[a-zA-Z0-9_.-]{3,256}$`)

func (s *State) database(n string) (*database, error) {
	d, ok := s.databases[n]
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", 0, "The database %s does not exist.", n)
	}
	return d, nil
}

func (s *State) table(databaseName, n string) (*table, error) {
	d, err := s.database(databaseName)
	if err != nil {
		return nil, err
	}
	t, ok := d.tables[n]
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", 0, "The table %s does not exist.", n)
	}
	return t, nil
}

// Database describes a database.
type Database struct {
	Arn, DatabaseName             string
	TableCount                    int
	CreationTime, LastUpdatedTime wire.Time
}

// DatabaseRef names a database.
type DatabaseRef struct{ DatabaseName string }

// DatabaseOutput wraps a database.
type DatabaseOutput struct{ Database Database }

func (s *State) describe(d *database) Database {
	return Database{s.id.ARN("timestream", "database/"+d.name), d.name, len(d.tables), wire.At(d.created), wire.At(d.created)}
}

// CreateDatabase makes a database. Errors: ConflictException, ValidationException.
func (s *State) CreateDatabase(_ context.Context, in *DatabaseRef) (*DatabaseOutput, error) {
	if !name.MatchString(in.DatabaseName) {
		return nil, validation("DatabaseName %q has not 3 to 256 letters, digits, dots, hyphens and underscores", in.DatabaseName)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.databases[in.DatabaseName]; ok {
		return nil, wire.Errorf("ConflictException", http.StatusConflict, "A database already exists with the name: %s", in.DatabaseName)
	}
	d := &database{name: in.DatabaseName, created: time.Now(), tables: map[string]*table{}}
	s.databases[d.name] = d
	return &DatabaseOutput{s.describe(d)}, nil
}

// DescribeDatabase describes a database.
func (s *State) DescribeDatabase(_ context.Context, in *DatabaseRef) (*DatabaseOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	d, err := s.database(in.DatabaseName)
	if err != nil {
		return nil, err
	}
	return &DatabaseOutput{s.describe(d)}, nil
}

// ListDatabasesOutput lists databases by name.
type ListDatabasesOutput struct{ Databases []Database }

// ListDatabases lists all databases.
func (s *State) ListDatabases(context.Context, *Empty) (*ListDatabasesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := &ListDatabasesOutput{Databases: []Database{}}
	for _, d := range s.databases {
		out.Databases = append(out.Databases, s.describe(d))
	}
	sort.Slice(out.Databases, func(i, j int) bool { return out.Databases[i].DatabaseName < out.Databases[j].DatabaseName })
	return out, nil
}

// DeleteDatabase deletes a database without tables.
func (s *State) DeleteDatabase(_ context.Context, in *DatabaseRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.database(in.DatabaseName)
	if err != nil {
		return nil, err
	}
	if len(d.tables) > 0 {
		return nil, validation("The database %s cannot be deleted: it has tables", d.name)
	}
	delete(s.databases, d.name)
	return &Empty{}, nil
}
