package timestream

import (
	"context"
	"net/http"
	"regexp"
	"sync"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Config is what a State needs.
type Config struct{ Identity wire.Identity }

// State is the databases of one account and region.
type State struct {
	id        wire.Identity
	mu        sync.RWMutex
	databases map[string]*database
	running   chan struct{} // holds one for each query that runs
	cursors   cursors
	tokens    clientTokens
}

// New makes an empty State.
func New(c Config) *State {
	return &State{id: c.Identity.OrDefault(), databases: map[string]*database{}, running: make(chan struct{}, maxQueries)}
}

// Handler is the wire of a State: the write and the query service share one
// protocol and one prefix.
func Handler(s *State) http.Handler {
	operations := map[string]wire.Operation{
		"CreateDatabase":      wire.Op(s.CreateDatabase),
		"DescribeDatabase":    wire.Op(s.DescribeDatabase),
		"ListDatabases":       wire.Op(s.ListDatabases),
		"UpdateDatabase":      wire.Op(s.UpdateDatabase),
		"DeleteDatabase":      wire.Op(s.DeleteDatabase),
		"CreateTable":         wire.Op(s.CreateTable),
		"DescribeTable":       wire.Op(s.DescribeTable),
		"ListTables":          wire.Op(s.ListTables),
		"UpdateTable":         wire.Op(s.UpdateTable),
		"DeleteTable":         wire.Op(s.DeleteTable),
		"TagResource":         wire.Op(s.TagResource),
		"UntagResource":       wire.Op(s.UntagResource),
		"ListTagsForResource": wire.Op(s.ListTagsForResource),
		"WriteRecords":        wire.Op(s.WriteRecords),
		"Query":               wire.Op(s.Query),
		"CancelQuery":         wire.Op(s.CancelQuery),
		"PrepareQuery":        wire.Op(s.PrepareQuery),
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
