package timestream

import (
	"context"
	"net/http"
	"sort"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// RetentionProperties say how long points are kept.
type RetentionProperties struct {
	MemoryStoreRetentionPeriodInHours  int64
	MagneticStoreRetentionPeriodInDays int64
}

// MagneticStoreWriteProperties let late records be written.
type MagneticStoreWriteProperties struct{ EnableMagneticStoreWrites bool }

// Retention when a table says nothing (API reference, CreateTable).
var defaultRetention = RetentionProperties{6, 73000}

// table is the series of one table.
type table struct {
	name      string
	created   time.Time
	retention RetentionProperties
	magnetic  bool
	series    map[string]*series
	order     []*series // by key
	sorted    bool
	dims      map[string]bool
}

// series is one measure of one set of dimensions, sorted by time.
type series struct {
	key     string
	dims    map[string]string
	measure string
	kind    kind
	points  []point
}

// point is one value. Bits are of a double or an integer; text of a varchar.
type point struct {
	at      int64 // ns since the epoch
	version int64
	bits    uint64
	text    string
}

func seriesKey(dims map[string]string, measure string) string {
	names := make([]string, 0, len(dims))
	for n := range dims {
		names = append(names, n)
	}
	sort.Strings(names)
	var b strings.Builder
	for _, n := range names {
		b.WriteString(n)
		b.WriteByte(0)
		b.WriteString(dims[n])
		b.WriteByte(0)
	}
	b.WriteByte(1)
	b.WriteString(measure)
	return b.String()
}

// find returns the place of an instant and whether a point is there.
func (s *series) find(at int64) (int, bool) {
	n := len(s.points)
	if n == 0 || s.points[n-1].at < at {
		return n, false // the usual case: newer than all
	}
	i := sort.Search(n, func(i int) bool { return s.points[i].at >= at })
	return i, i < n && s.points[i].at == at
}

func (s *series) insert(i int, p point) {
	s.points = append(s.points, point{})
	copy(s.points[i+1:], s.points[i:])
	s.points[i] = p
}

// all returns the series in the order of their keys.
func (t *table) all() []*series {
	if !t.sorted {
		sort.Slice(t.order, func(i, j int) bool { return t.order[i].key < t.order[j].key })
		t.sorted = true
	}
	return t.order
}

// trim drops what is older than both stores keep.
func (s *series) trim(limit int64) {
	n := sort.Search(len(s.points), func(i int) bool { return s.points[i].at >= limit })
	if n > 0 {
		s.points = append([]point(nil), s.points[n:]...)
	}
}

// TableRef names a table.
type TableRef struct{ DatabaseName, TableName string }

// CreateTableInput declares a table.
type CreateTableInput struct {
	TableRef
	RetentionProperties          *RetentionProperties
	MagneticStoreWriteProperties *MagneticStoreWriteProperties
}

// Table describes a table.
type Table struct {
	Arn, DatabaseName, TableName, TableStatus string
	CreationTime, LastUpdatedTime             wire.Time
	RetentionProperties                       RetentionProperties
	MagneticStoreWriteProperties              MagneticStoreWriteProperties
}

// TableOutput wraps a table.
type TableOutput struct{ Table Table }

func (s *State) describeTable(d *database, t *table) Table {
	return Table{
		s.id.ARN("timestream", "database/"+d.name+"/table/"+t.name), d.name, t.name, "ACTIVE",
		wire.At(t.created), wire.At(t.created), t.retention, MagneticStoreWriteProperties{t.magnetic},
	}
}

// CreateTable makes a table, ACTIVE at once. Errors: ConflictException,
// ResourceNotFoundException, ValidationException.
func (s *State) CreateTable(_ context.Context, in *CreateTableInput) (*TableOutput, error) {
	if !name.MatchString(in.TableName) {
		return nil, validation("TableName %q has not 3 to 256 letters, digits, dots, hyphens and underscores", in.TableName)
	}
	t := &table{name: in.TableName, created: time.Now(), retention: defaultRetention, series: map[string]*series{}, dims: map[string]bool{}}
	if r := in.RetentionProperties; r != nil {
		if r.MemoryStoreRetentionPeriodInHours < 1 || r.MemoryStoreRetentionPeriodInHours > 8766 ||
			r.MagneticStoreRetentionPeriodInDays < 1 || r.MagneticStoreRetentionPeriodInDays > 73000 {
			return nil, validation("retention is 1 to 8766 hours in memory and 1 to 73000 days in the magnetic store")
		}
		t.retention = *r
	}
	if m := in.MagneticStoreWriteProperties; m != nil {
		t.magnetic = m.EnableMagneticStoreWrites
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
	d.tables[t.name] = t
	return &TableOutput{s.describeTable(d, t)}, nil
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

// ListTablesOutput lists tables by name.
type ListTablesOutput struct{ Tables []Table }

// ListTables lists a database's tables, or all.
func (s *State) ListTables(_ context.Context, in *DatabaseRef) (*ListTablesOutput, error) {
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
	return out, nil
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
