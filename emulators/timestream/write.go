package timestream

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/timestream/value"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Limits of a write (AWS.md §4).
// https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html
const (
	maxRecords       = 100
	maxDimensions    = 128
	maxDimensionName = 60
	maxMeasureName   = 256
	maxRecordBytes   = 2048
	maxMeasures      = 256  // of a multi-measure record
	maxMeasureNames  = 8192 // of a table
	maxMultiMeasures = 1024 // of a table's multi-measure records
	futureTolerance  = 15 * time.Minute
)

// Dimension is a name and a value that tell series apart.
type Dimension struct{ Name, Value, DimensionValueType string }

// MeasureValue is one measure of a record of the type MULTI.
type MeasureValue struct{ Name, Value, Type string }

// Record is one point; in CommonAttributes what all records of a call share.
type Record struct {
	Dimensions       []Dimension
	MeasureName      string
	MeasureValue     *string
	MeasureValues    []MeasureValue
	MeasureValueType string
	Time             string
	TimeUnit         string
	Version          *int64
}

// WriteRecordsInput is up to 100 records.
type WriteRecordsInput struct {
	TableRef
	CommonAttributes Record
	Records          []Record
}

// RecordsIngested counts what was written, by store.
type RecordsIngested struct{ Total, MemoryStore, MagneticStore int }

// WriteRecordsOutput is the answer when all records were written.
type WriteRecordsOutput struct{ RecordsIngested RecordsIngested }

// RejectedRecord says why a record was not written.
type RejectedRecord struct {
	RecordIndex     int
	Reason          string
	ExistingVersion *int64 `json:",omitempty"`
}

// WriteRecords writes points. Where some are rejected the others are written and
// the error is a RejectedRecordsException with HTTP status 419.
func (s *State) WriteRecords(_ context.Context, in *WriteRecordsInput) (*WriteRecordsOutput, error) {
	if n := len(in.Records); n < 1 || n > maxRecords {
		return nil, validation("1 validation error detected: Value at 'records' failed to satisfy constraint: Member must have length between 1 and %d", maxRecords)
	}
	records := make([]Record, len(in.Records))
	for i, r := range in.Records {
		merged, err := r.merge(in.CommonAttributes)
		if err != nil {
			return nil, err
		}
		records[i] = merged
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.table(in.DatabaseName, in.TableName)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	out := &WriteRecordsOutput{}
	var rejected []RejectedRecord
	for i, r := range records {
		late, reason, existing := t.write(r, now)
		switch {
		case reason != "":
			rejected = append(rejected, RejectedRecord{i, reason, existing})
		case late:
			out.RecordsIngested.MagneticStore++
		default:
			out.RecordsIngested.MemoryStore++
		}
	}
	out.RecordsIngested.Total = out.RecordsIngested.MemoryStore + out.RecordsIngested.MagneticStore
	if len(rejected) > 0 {
		e := wire.Errorf("RejectedRecordsException", 419, "One or more records have been rejected. See RejectedRecords for details.")
		e.Fields = map[string]any{"RejectedRecords": rejected}
		return nil, e
	}
	return out, nil
}

// merge lays a record over the common attributes. A dimension or a measure of a
// multi-measure record may stand in only one of them.
func (r Record) merge(common Record) (Record, error) {
	for _, d := range r.Dimensions {
		for _, c := range common.Dimensions {
			if d.Name == c.Name {
				return r, validation("The dimension %s is in the record and in the common attributes", d.Name)
			}
		}
	}
	if len(common.Dimensions) > 0 {
		r.Dimensions = slices.Concat(common.Dimensions, r.Dimensions)
	}
	or(&r.MeasureName, common.MeasureName)
	or(&r.MeasureValueType, common.MeasureValueType)
	or(&r.Time, common.Time)
	or(&r.TimeUnit, common.TimeUnit)
	if r.MeasureValue == nil {
		r.MeasureValue = common.MeasureValue
	}
	for _, m := range r.MeasureValues {
		if slices.ContainsFunc(common.MeasureValues, func(c MeasureValue) bool { return c.Name == m.Name }) {
			return r, validation("The measure %s is in the record and in the common attributes", m.Name)
		}
	}
	if len(common.MeasureValues) > 0 {
		r.MeasureValues = slices.Concat(common.MeasureValues, r.MeasureValues)
	}
	if r.Version == nil {
		r.Version = common.Version
	}
	or(&r.MeasureValueType, "DOUBLE")
	or(&r.TimeUnit, "MILLISECONDS")
	return r, r.validate()
}

func or(v *string, d string) {
	if *v == "" {
		*v = d
	}
}

var units = map[string]int64{"NANOSECONDS": 1, "MICROSECONDS": 1e3, "MILLISECONDS": 1e6, "SECONDS": 1e9}

// validate finds what refuses the whole call.
func (r Record) validate() error {
	if err := r.validateValue(); err != nil {
		return err
	}
	if r.Version != nil && *r.Version < 1 {
		return validation("Version %d is less than 1", *r.Version)
	}
	if units[r.TimeUnit] == 0 {
		return validation("TimeUnit %q is none of MILLISECONDS, SECONDS, MICROSECONDS, NANOSECONDS", r.TimeUnit)
	}
	if r.MeasureName == "" {
		return validation("A record has no measure name")
	}
	for _, d := range r.Dimensions {
		if d.Name == "" || d.Value == "" {
			return validation("Dimension name and value may not be empty")
		}
		if d.DimensionValueType != "" && d.DimensionValueType != "VARCHAR" {
			return validation("DimensionValueType %q is not VARCHAR", d.DimensionValueType)
		}
	}
	return nil
}

// validateValue finds a value that is not of the record's type.
func (r Record) validateValue() error {
	if r.MeasureValueType != "MULTI" {
		if _, ok := value.MeasureKinds[r.MeasureValueType]; !ok {
			return validation("MeasureValueType %q is none of DOUBLE, BIGINT, VARCHAR, BOOLEAN, TIMESTAMP, MULTI", r.MeasureValueType)
		}
		if len(r.MeasureValues) > 0 {
			return validation("MeasureValues is only allowed for the type MULTI")
		}
		if r.MeasureValue == nil {
			return validation("A record has no measure value")
		}
		return nil
	}
	if r.MeasureValue != nil || len(r.MeasureValues) == 0 {
		return validation("A record of the type MULTI has MeasureValues and no MeasureValue")
	}
	names := map[string]bool{}
	for _, m := range r.MeasureValues {
		if m.Name == "" || names[m.Name] {
			return validation("The measure name %q of MeasureValues is empty or stands twice", m.Name)
		}
		names[m.Name] = true
		if _, ok := value.MeasureKinds[m.Type]; !ok {
			return validation("The type %q of the measure %s is none of DOUBLE, BIGINT, VARCHAR, BOOLEAN, TIMESTAMP", m.Type, m.Name)
		}
	}
	return nil
}

// write writes one record. reason is why not; late is that it went to the
// magnetic store.
func (t *table) write(r Record, now time.Time) (late bool, reason string, existing *int64) {
	if reason := r.tooLarge(); reason != "" {
		return false, reason, nil
	}
	if reason := t.partition.missing(r); reason != "" {
		return false, reason, nil
	}
	at, ok := r.at()
	if !ok {
		return false, fmt.Sprintf("The record time %q is not a valid number of %s", r.Time, r.TimeUnit), nil
	}
	late, reason = t.place(at, now)
	if reason != "" {
		return false, reason, nil
	}
	p := point{at: at, version: 1}
	if r.Version != nil {
		p.version = *r.Version
	}
	k, reason := p.read(r)
	if reason != "" {
		return false, reason, nil
	}
	if reason := t.refusesMeasures(p.multi, r.Dimensions); reason != "" {
		return false, reason, nil
	}
	s, reason := t.seriesOf(r, k)
	if reason != "" {
		return false, reason, nil
	}
	i, there := s.find(at)
	if !there {
		if s.len() > 0 && s.plain[0].at < now.Add(-t.magneticAge()-time.Hour).UnixNano() {
			s.trim(now.Add(-t.magneticAge()).UnixNano())
			i, _ = s.find(at)
		}
		s.insert(i, p)
		t.addMeasures(p.multi)
		return late, "", nil
	}
	old := s.get(i)
	if p.version > old.version {
		s.replace(i, p)
		t.addMeasures(p.multi)
		return late, "", nil
	}
	if p.same(old) {
		return late, "", nil
	}
	return false, fmt.Sprintf("A record already exists with the same time, dimensions, and measure name and version %d, which is not lower than the version of this record", old.version), &old.version
}

func (r Record) at() (int64, bool) {
	n, err := strconv.ParseInt(r.Time, 10, 64)
	unit := units[r.TimeUnit]
	if err != nil || n < 0 || n > math.MaxInt64/unit {
		return 0, false
	}
	return n * unit, true
}

func (t *table) magneticAge() time.Duration {
	return time.Duration(t.retention.MagneticStoreRetentionPeriodInDays) * 24 * time.Hour
}

// place says into which store a time falls, or why into none.
func (t *table) place(at int64, now time.Time) (late bool, reason string) {
	from := now.Add(-time.Duration(t.retention.MemoryStoreRetentionPeriodInHours) * time.Hour)
	to := now.Add(futureTolerance)
	if at >= from.UnixNano() && at < to.UnixNano() {
		return false, ""
	}
	if at < from.UnixNano() && t.magnetic && at >= now.Add(-t.magneticAge()).UnixNano() {
		return true, ""
	}
	const form = "2006-01-02T15:04:05.000Z"
	return false, fmt.Sprintf("The record timestamp is outside the time range [%s, %s) of the memory store.", from.UTC().Format(form), to.UTC().Format(form))
}
