package dynamodb

import (
	"fmt"
	"maps"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// Sizes of capacity units, in bytes: a read unit is for one consistent read or two
// others. See
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
const (
	readUnit  = 4 << 10
	writeUnit = 1 << 10
)

// ConsumedCapacity are the capacity units of a call on a table. Table and the
// indexes are there when INDEXES was asked for, ReadCapacityUnits and
// WriteCapacityUnits in transactions.
type ConsumedCapacity struct {
	TableName string
	Capacity
	Table                  *Capacity           `json:",omitempty"`
	GlobalSecondaryIndexes map[string]Capacity `json:",omitempty"`
	LocalSecondaryIndexes  map[string]Capacity `json:",omitempty"`
}

// Capacity is a number of capacity units.
type Capacity struct {
	CapacityUnits      Units
	ReadCapacityUnits  Units `json:",omitempty"`
	WriteCapacityUnits Units `json:",omitempty"`
}

// Units are capacity units, printed with a fraction always, as the service does.
type Units float64

// MarshalJSON implements json.Marshaler.
func (u Units) MarshalJSON() ([]byte, error) { return fmt.Appendf(nil, "%.1f", float64(u)), nil }

// report counts what a call is asked to report. A nil report is asked nothing.
type report struct {
	capacity    bool
	indexes     bool
	collections bool
	// transaction doubles the units: "one to prepare the transaction and one to
	// commit the transaction".
	transaction bool
	// enforced has what is consumed taken from the capacity.
	enforced  bool
	consumed  map[string]*ConsumedCapacity
	collected map[string][]ItemCollectionMetrics
	seen      map[string]bool // partitions that are in collected
}

// newReport reads the members that ask for figures about the call.
func (s *State) newReport(capacity, collections string) *report {
	r := &report{enforced: s.enforce, capacity: capacity == "INDEXES" || capacity == "TOTAL", indexes: capacity == "INDEXES", collections: collections == "SIZE"}
	if !r.capacity && !r.collections && !r.enforced {
		return nil
	}
	r.consumed, r.collected, r.seen = map[string]*ConsumedCapacity{}, map[string][]ItemCollectionMetrics{}, map[string]bool{}
	return r
}

// inTransaction makes it the report of a transaction.
func (r *report) inTransaction() {
	if r != nil {
		r.transaction = true
	}
}

// read counts a read of bytes of a table, or of its index unless that is nil.
func (r *report) read(name string, t *table, i *index, bytes int, consistent bool) {
	if r == nil || !r.capacity && !r.enforced {
		return
	}
	units := Units(max(1, (bytes+readUnit-1)/readUnit))
	switch {
	case r.transaction:
		units *= 2
	case !consistent:
		units /= 2
	}
	c := Capacity{CapacityUnits: units}
	if r.transaction {
		c.ReadCapacityUnits = units
	}
	t.spend(i, units, false)
	r.add(name, i, c)
}

// wrote counts that an item was written in place of another; either may be nil.
func (r *report) wrote(name string, t *table, old *record, now attribute.Item) {
	if r == nil {
		return
	}
	var after *record
	if now != nil {
		after = &record{item: now, size: now.Size()}
	}
	if r.capacity || r.enforced {
		r.write(name, t, nil, max(old.sizeOrZero(), after.sizeOrZero()))
		for _, i := range t.indexes {
			for _, bytes := range i.written(old, after) {
				r.write(name, t, i, bytes)
			}
		}
	}
	if r.collections {
		r.collect(name, t, old, after)
	}
}

// write counts one write of bytes.
func (r *report) write(name string, t *table, i *index, bytes int) {
	if r == nil || !r.capacity && !r.enforced {
		return
	}
	units := Units(max(1, (bytes+writeUnit-1)/writeUnit))
	c := Capacity{CapacityUnits: units}
	if r.transaction {
		c = Capacity{CapacityUnits: 2 * units, WriteCapacityUnits: 2 * units}
	}
	t.spend(i, c.CapacityUnits, true)
	r.add(name, i, c)
}

func (r *report) add(name string, i *index, c Capacity) {
	if !r.capacity {
		return
	}
	sum := r.consumed[name]
	if sum == nil {
		sum = &ConsumedCapacity{TableName: name}
		r.consumed[name] = sum
	}
	sum.add(c)
	if !r.indexes {
		return
	}
	switch {
	case i == nil:
		if sum.Table == nil {
			sum.Table = &Capacity{}
		}
		sum.Table.add(c)
	case i.local:
		sum.LocalSecondaryIndexes = added(sum.LocalSecondaryIndexes, i.name, c)
	default:
		sum.GlobalSecondaryIndexes = added(sum.GlobalSecondaryIndexes, i.name, c)
	}
}

func (c *Capacity) add(d Capacity) {
	c.CapacityUnits += d.CapacityUnits
	c.ReadCapacityUnits += d.ReadCapacityUnits
	c.WriteCapacityUnits += d.WriteCapacityUnits
}

func added(sums map[string]Capacity, name string, c Capacity) map[string]Capacity {
	if sums == nil {
		sums = map[string]Capacity{}
	}
	sum := sums[name]
	sum.add(c)
	sums[name] = sum
	return sums
}

// all is what each table consumed, by name.
func (r *report) all() []ConsumedCapacity {
	if r == nil {
		return nil
	}
	var all []ConsumedCapacity
	for _, name := range slices.Sorted(maps.Keys(r.consumed)) {
		all = append(all, *r.consumed[name])
	}
	return all
}

// one is what the only table of a call consumed.
func (r *report) one() *ConsumedCapacity {
	if all := r.all(); len(all) > 0 {
		return &all[0]
	}
	return nil
}

// written are the sizes of the writes to the index that a write to its table
// makes. See
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
func (i *index) written(old, now *record) []int {
	was, is := i.key(old) != "", i.key(now) != ""
	switch {
	case !was && !is:
		return nil
	case !was:
		return []int{i.sizeOf(now)}
	case !is:
		return []int{i.sizeOf(old)}
	case string(i.schema.encode(old.item)) != string(i.schema.encode(now.item)):
		return []int{i.sizeOf(old), i.sizeOf(now)}
	case attribute.Map(i.view(old)).Equal(attribute.Map(i.view(now))):
		return nil
	}
	return []int{max(i.sizeOf(old), i.sizeOf(now))}
}
