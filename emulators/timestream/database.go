package timestream

import (
	"context"
	"net/http"
	"sort"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Quotas of an account.
// https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html#limits.default
const (
	maxDatabases = 500
	maxTables    = 50_000
)

func overQuota(what string, most int) error {
	return wire.Errorf("ServiceQuotaExceededException", 0, "The account has %d %s, and may have no more", most, what)
}

type database struct {
	name             string
	created, updated time.Time
	key              string // KmsKeyId
	tags             tags
	tables           map[string]*table
}

// CreateDatabaseInput declares a database.
type CreateDatabaseInput struct {
	DatabaseRef
	KmsKeyId string
	Tags     []Tag
}

// UpdateDatabaseInput changes a database's key.
type UpdateDatabaseInput struct {
	DatabaseRef
	KmsKeyId string
}

// Database describes a database.
type Database struct {
	Arn, DatabaseName, KmsKeyId   string
	TableCount                    int
	CreationTime, LastUpdatedTime wire.Time
}

// DatabaseRef names a database.
type DatabaseRef struct{ DatabaseName string }

// DatabaseOutput wraps a database.
type DatabaseOutput struct{ Database Database }

func (s *State) describe(d *database) Database {
	return Database{s.id.ARN("timestream", "database/"+d.name), d.name, d.key, len(d.tables), wire.At(d.created), wire.At(d.updated)}
}

// CreateDatabase makes a database. Errors: ConflictException,
// ServiceQuotaExceededException, ValidationException.
func (s *State) CreateDatabase(_ context.Context, in *CreateDatabaseInput) (*DatabaseOutput, error) {
	if !name.MatchString(in.DatabaseName) {
		return nil, validation("DatabaseName %q has not 3 to 256 letters, digits, dots, hyphens and underscores", in.DatabaseName)
	}
	tags, err := tags(nil).with(in.Tags)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.databases[in.DatabaseName]; ok {
		return nil, wire.Errorf("ConflictException", http.StatusConflict, "A database already exists with the name: %s", in.DatabaseName)
	}
	if len(s.databases) >= maxDatabases {
		return nil, overQuota("databases", maxDatabases)
	}
	now := time.Now()
	d := &database{name: in.DatabaseName, created: now, updated: now, key: s.keyARN(in.KmsKeyId), tags: tags, tables: map[string]*table{}}
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

// keyARN is the ARN of a key that was named in one of the four ways of the API;
// none is the service's own. Nothing is encrypted: nothing leaves the memory.
func (s *State) keyARN(key string) string {
	switch {
	case key == "":
		return s.id.ARN("kms", "alias/aws/timestream")
	case strings.HasPrefix(key, "arn:"):
		return key
	case strings.HasPrefix(key, "alias/"):
		return s.id.ARN("kms", key)
	}
	return s.id.ARN("kms", "key/"+key)
}

// UpdateDatabase changes the key. Errors: ResourceNotFoundException,
// ValidationException.
func (s *State) UpdateDatabase(_ context.Context, in *UpdateDatabaseInput) (*DatabaseOutput, error) {
	if in.KmsKeyId == "" || len(in.KmsKeyId) > 2048 {
		return nil, validation("KmsKeyId has not 1 to 2048 characters")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.database(in.DatabaseName)
	if err != nil {
		return nil, err
	}
	d.key, d.updated = s.keyARN(in.KmsKeyId), time.Now()
	return &DatabaseOutput{s.describe(d)}, nil
}

// ListDatabasesInput asks for a page.
type ListDatabasesInput struct{ PageRef }

// ListDatabasesOutput lists databases by name.
type ListDatabasesOutput struct {
	Databases []Database
	NextToken string `json:",omitempty"`
}

// ListDatabases lists all databases.
func (s *State) ListDatabases(_ context.Context, in *ListDatabasesInput) (*ListDatabasesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := &ListDatabasesOutput{Databases: []Database{}}
	for _, d := range s.databases {
		out.Databases = append(out.Databases, s.describe(d))
	}
	sort.Slice(out.Databases, func(i, j int) bool { return out.Databases[i].DatabaseName < out.Databases[j].DatabaseName })
	var err error
	out.Databases, out.NextToken, err = page(out.Databases, in.PageRef, maxResults, func(d Database) string { return d.DatabaseName })
	return out, err
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
