package timestream

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"sort"
	"strings"
	"time"
	"unique"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// RetentionProperties say how long points are kept.
type RetentionProperties struct {
	MemoryStoreRetentionPeriodInHours  int64
	MagneticStoreRetentionPeriodInDays int64
}

// MagneticStoreWriteProperties let late records be written. A record that cannot
// be is rejected in the answer; a report of those in S3 is not implemented.
type MagneticStoreWriteProperties struct {
	EnableMagneticStoreWrites         bool
	MagneticStoreRejectedDataLocation json.RawMessage `json:",omitempty"`
}

// Retention when a table says nothing (API reference, CreateTable).
var defaultRetention = RetentionProperties{6, 73000}

// table is the series of one table.
type table struct {
	name      string
	created   time.Time
	updated   time.Time
	tags      tags
	retention RetentionProperties
	magnetic  bool
	partition PartitionKey
	series    map[string]*series
	order     []*series // by key
	sorted    bool
	dims      map[string]bool
	names     map[string]bool       // of measures
	measures  map[string]value.Kind // of multi-measure records, which are columns
	key       []byte                // to look series up with
	sets      map[string][]Dimension
}

// series is one measure of one set of dimensions, sorted by time.
type series struct {
	key     string
	dims    []Dimension
	measure string
	kind    value.Kind
	points
}

// dimensionsOf is a record's dimensions to keep, one slice for all series of a device.
// Its key is that of the record's series without the measure.
func (t *table) dimensionsOf(r Record, seriesKey string) []Dimension {
	key := seriesKey[:len(seriesKey)-1-len(r.MeasureName)]
	set, ok := t.sets[key]
	if !ok {
		set = keptDimensions(r, key)
		t.sets[key] = set
	}
	return set
}

// keptDimensions is a record's dimensions, of one that stands twice the last. Their values
// are parts of the key: a part of a call's body would keep all of it.
func keptDimensions(r Record, key string) []Dimension {
	dims := make([]Dimension, 0, len(r.Dimensions))
	for i, d := range r.Dimensions {
		named := func(other Dimension) bool { return other.Name == d.Name }
		if !slices.ContainsFunc(r.Dimensions[i+1:], named) {
			at := strings.Index(key, d.Value)
			dims = append(dims, Dimension{Name: unique.Make(d.Name).Value(), Value: key[at : at+len(d.Value)]})
		}
	}
	return dims
}

// dimension is the value of a dimension, if the series has it.
func (s *series) dimension(name string) (string, bool) {
	for _, d := range s.dims {
		if d.Name == name {
			return d.Value, true
		}
	}
	return "", false
}

// appendKey appends what tells a record's series from others: its dimensions by
// name, of one that stands twice the last, and its measure.
func (r Record) appendKey(key []byte) []byte {
	byName := func(a, b Dimension) int { return strings.Compare(a.Name, b.Name) }
	dims := r.Dimensions
	if !slices.IsSortedFunc(dims, byName) {
		dims = slices.Clone(dims)
		slices.SortStableFunc(dims, byName)
	}
	for i, d := range dims {
		if i+1 < len(dims) && dims[i+1].Name == d.Name {
			continue
		}
		key = append(append(key, d.Name...), 0)
		key = append(append(key, d.Value...), 0)
	}
	return append(append(key, 1), r.MeasureName...)
}

// snapshot is the series as they are now, in the order of their keys. Writes go on:
// they append behind what a snapshot sees, or to arrays of their own.
func (t *table) snapshot() []series {
	if !t.sorted {
		sort.Slice(t.order, func(i, j int) bool { return t.order[i].key < t.order[j].key })
		t.sorted = true
	}
	now := make([]series, len(t.order))
	for i, s := range t.order {
		s.shared = true
		now[i] = *s
	}
	return now
}

// TableRef names a table.
type TableRef struct{ DatabaseName, TableName string }

// CreateTableInput declares a table.
type CreateTableInput struct {
	TableRef
	TableProperties
	Tags []Tag
}

// TableProperties are what a table is created with and may be updated to.
type TableProperties struct {
	RetentionProperties          *RetentionProperties
	MagneticStoreWriteProperties *MagneticStoreWriteProperties
	Schema                       *Schema
}

// UpdateTableInput changes a table; what it leaves out stays.
type UpdateTableInput struct {
	TableRef
	TableProperties
}

// Table describes a table.
type Table struct {
	Arn, DatabaseName, TableName, TableStatus string
	CreationTime, LastUpdatedTime             wire.Time
	RetentionProperties                       RetentionProperties
	MagneticStoreWriteProperties              MagneticStoreWriteProperties
	Schema                                    Schema
}

// TableOutput wraps a table.
type TableOutput struct{ Table Table }

func (s *State) describeTable(d *database, t *table) Table {
	return Table{
		s.id.ARN("timestream", "database/"+d.name+"/table/"+t.name), d.name, t.name, "ACTIVE",
		wire.At(t.created), wire.At(t.updated), t.retention, MagneticStoreWriteProperties{EnableMagneticStoreWrites: t.magnetic},
		Schema{[]PartitionKey{t.partition}},
	}
}

// CreateTable makes a table, ACTIVE at once. Errors: ConflictException,
// ResourceNotFoundException, ValidationException.
func (s *State) CreateTable(_ context.Context, in *CreateTableInput) (*TableOutput, error) {
	if !name.MatchString(in.TableName) {
		return nil, validation("TableName %q has not 3 to 256 letters, digits, dots, hyphens and underscores", in.TableName)
	}
	now := time.Now()
	t := &table{name: in.TableName, created: now, updated: now, retention: defaultRetention, partition: defaultPartition, series: map[string]*series{}, sets: map[string][]Dimension{},
		dims: map[string]bool{}, names: map[string]bool{}, measures: map[string]value.Kind{}}
	var err error
	if t.tags, err = t.tags.with(in.Tags); err != nil {
		return nil, err
	}
	if in.Schema != nil {
		if t.partition, err = in.Schema.key(); err != nil {
			return nil, err
		}
	}
	if err := t.set(in.TableProperties); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	d, err := s.database(in.DatabaseName)
	if err != nil {
		return nil, err
	}
	if _, ok := d.tables[t.name]; ok {
		return nil, wire.Errorf("ConflictException", http.StatusConflict, "A table already exists with the name: %s", t.name)
	}
	if s.tables() >= maxTables {
		return nil, overQuota("tables", maxTables)
	}
	d.tables[t.name] = t
	return &TableOutput{s.describeTable(d, t)}, nil
}

// tables counts those of the account; the caller holds the lock.
func (s *State) tables() (n int) {
	for _, d := range s.databases {
		n += len(d.tables)
	}
	return n
}

// DescribeTable describes a table.
func (s *State) DescribeTable(_ context.Context, in *TableRef) (*TableOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	t, err := s.table(in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	return &TableOutput{s.describeTable(s.databases[in.DatabaseName], t)}, nil
}

// set takes over properties, all or none; a partition key stays what it is but for
// its enforcement.
func (t *table) set(p TableProperties) error {
	partition := t.partition
	if p.Schema != nil {
		key, err := p.Schema.key()
		if err != nil {
			return err
		}
		if key.Type != partition.Type || key.Name != partition.Name {
			return validation("The partition key of table %s cannot be changed", t.name)
		}
		partition = key
	}
	if r := p.RetentionProperties; r != nil && (r.MemoryStoreRetentionPeriodInHours < 1 || r.MemoryStoreRetentionPeriodInHours > 8766 ||
		r.MagneticStoreRetentionPeriodInDays < 1 || r.MagneticStoreRetentionPeriodInDays > 73000) {
		return validation("retention is 1 to 8766 hours in memory and 1 to 73000 days in the magnetic store")
	}
	if m := p.MagneticStoreWriteProperties; m != nil {
		if len(m.MagneticStoreRejectedDataLocation) > 0 && string(m.MagneticStoreRejectedDataLocation) != "null" {
			return wire.Unsupported("ValidationException", "MagneticStoreWriteProperties", "MagneticStoreRejectedDataLocation")
		}
		t.magnetic = m.EnableMagneticStoreWrites
	}
	if p.RetentionProperties != nil {
		t.retention = *p.RetentionProperties
	}
	t.partition = partition
	return nil
}

// UpdateTable changes retention, magnetic writes and the partition key's
// enforcement. Errors: ResourceNotFoundException, ValidationException.
func (s *State) UpdateTable(_ context.Context, in *UpdateTableInput) (*TableOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.table(in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	if err := t.set(in.TableProperties); err != nil {
		return nil, err
	}
	t.updated = time.Now()
	return &TableOutput{s.describeTable(s.databases[in.DatabaseName], t)}, nil
}

// ListTablesInput asks for a page of a database's tables, or of all.
type ListTablesInput struct {
	DatabaseRef
	PageRef
}

// ListTablesOutput lists tables by name.
type ListTablesOutput struct {
	Tables    []Table
	NextToken string `json:",omitempty"`
}

// ListTables lists a database's tables, or all.
func (s *State) ListTables(_ context.Context, in *ListTablesInput) (*ListTablesOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if in.DatabaseName != "" {
		if _, err := s.database(in.DatabaseName); err != nil {
			return nil, err
		}
	}
	out := &ListTablesOutput{Tables: []Table{}}
	for _, d := range s.databases {
		for _, t := range d.tables {
			if in.DatabaseName == "" || in.DatabaseName == d.name {
				out.Tables = append(out.Tables, s.describeTable(d, t))
			}
		}
	}
	sort.Slice(out.Tables, func(i, j int) bool { return out.Tables[i].Arn < out.Tables[j].Arn })
	var err error
	out.Tables, out.NextToken, err = page(out.Tables, in.PageRef, maxResults, func(t Table) string { return t.Arn })
	return out, err
}

// DeleteTable deletes a table with its points.
func (s *State) DeleteTable(_ context.Context, in *TableRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.table(in.DatabaseName, in.TableName); err != nil {
		return nil, err
	}
	delete(s.databases[in.DatabaseName].tables, in.TableName)
	return &Empty{}, nil
}
