package dynamodb

import (
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxBurst is for how many seconds unused capacity is kept.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/burst-adaptive-capacity.html
const maxBurst = 300

// throttled is the code for what is over a table's or index's capacity.
const throttled = "ProvisionedThroughputExceededException"

// bucket is the capacity that is left of a rate. A call is let in while anything
// is left, since what it takes is known afterwards: the debt is made up first. A
// full second's is there at the start.
type bucket struct {
	mu   sync.Mutex
	left float64
	at   time.Time
}

// take tells whether anything is left at a rate of so many units a second, and
// takes units.
func (b *bucket) take(rate int64, units Units) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now, perSecond := time.Now(), float64(rate)
	if b.at.IsZero() {
		b.left, b.at = perSecond, now
	}
	b.left = min(b.left+perSecond*now.Sub(b.at).Seconds(), maxBurst*perSecond)
	b.at = now
	some := b.left > 0
	b.left -= float64(units)
	return some
}

// buckets are the capacity left of a table or index.
type buckets struct{ reads, writes bucket }

// limit is the throughput of a table, or of its global index, with what is left of
// it and how errors call it. A local index uses that of its table.
func (t *table) limit(i *index) (p ProvisionedThroughput, left *buckets, kind, arn string) {
	if i == nil || i.local {
		return t.throughput, &t.left, "Table", t.arn
	}
	return i.throughput, &i.left, "Index", t.arn + "/index/" + i.name
}

// throttles tells whether a table has a capacity that holds.
func (t *table) throttles() bool { return t.enforce && !t.onDemand }

// admitRead tells whether a table or its index may be read now.
func (t *table) admitRead(i *index) error {
	if !t.throttles() {
		return nil
	}
	p, left, kind, arn := t.limit(i)
	if !left.reads.take(p.ReadCapacityUnits, 0) {
		return overCapacity(kind+"Read", arn)
	}
	return nil
}

// admitWrite tells whether an item may be written in place of another now; either
// may be nil.
func (t *table) admitWrite(old *record, now attribute.Item) error {
	if !t.throttles() {
		return nil
	}
	var after *record
	if now != nil {
		after = &record{item: now, size: now.Size()}
	}
	for n := -1; n < len(t.indexes); n++ {
		var i *index
		if n >= 0 {
			i = t.indexes[n]
		}
		if i != nil && (i.local || i.written(old, after) == nil) {
			continue
		}
		if p, left, kind, arn := t.limit(i); !left.writes.take(p.WriteCapacityUnits, 0) {
			return overCapacity(kind+"Write", arn)
		}
	}
	return nil
}

// spend takes what a call has consumed.
func (t *table) spend(i *index, units Units, write bool) {
	if !t.throttles() {
		return
	}
	p, left, _, _ := t.limit(i)
	if write {
		left.writes.take(p.WriteCapacityUnits, units)
		return
	}
	left.reads.take(p.ReadCapacityUnits, units)
}

// overCapacity is the error of a call that was not let in.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ThrottlingReason.html
func overCapacity(what, arn string) error {
	e := wire.Errorf(throttled, 0, "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API.")
	e.Fields = map[string]any{"ThrottlingReasons": []map[string]string{{"reason": what + "ProvisionedThroughputExceeded", "resource": arn}}}
	return e
}
