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

// Codes for what is over the capacity of a table or index, over the bound of one on
// demand, and over the account's.
const (
	overProvisioned = "ProvisionedThroughputExceededException"
	overMaximum     = "ThrottlingException"
	overAccount     = "RequestLimitExceeded"
)

// bucket is the capacity that is left of a rate. A call is let in while anything
// is left, since what it takes is known afterwards: the debt is made up first. A
// full second's is there at the start.
type bucket struct {
	mu   sync.Mutex
	left float64
	at   time.Time
}

// take tells whether anything is left at a rate of so many units a second, of which
// those of some seconds are kept, and takes units.
func (b *bucket) take(rate int64, kept float64, units Units) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now, perSecond := time.Now(), float64(rate)
	if b.at.IsZero() {
		b.left, b.at = perSecond, now
	}
	b.left = min(b.left+perSecond*now.Sub(b.at).Seconds(), kept*perSecond)
	b.at = now
	some := b.left > 0
	b.left -= float64(units)
	return some
}

// buckets are the capacity left of a table or index.
type buckets struct{ reads, writes bucket }

// limit is how many units a second may be read from a table or its global index, or
// written, with what is left of them. A local index uses those of its table.
type limit struct {
	table *table
	index *index // nil for the table's
	write bool
	rate  int64
	kept  float64 // seconds
	code  string
	left  *bucket
}

func (t *table) limit(i *index, write bool) limit {
	l := limit{table: t, write: write, kept: 1}
	is, left := &t.rates, &t.left
	if i != nil && !i.local {
		l.index = i
		is, left = &i.rates, &i.left
	}
	maximum := is.most.reads
	l.rate, l.left = is.throughput.ReadCapacityUnits, &left.reads
	if write {
		maximum = is.most.writes
		l.rate, l.left = is.throughput.WriteCapacityUnits, &left.writes
	}
	switch {
	case !t.onDemand:
		l.kept, l.code = maxBurst, overProvisioned
	case maximum > 0:
		l.rate, l.code = maximum, overMaximum
	default:
		l.rate, l.code = accountUnits, overAccount
	}
	return l
}

// admitRead tells whether a table or its index may be read now.
func (t *table) admitRead(i *index) error {
	if !t.enforce {
		return nil
	}
	return t.limit(i, false).admit()
}

func (l limit) admit() error {
	if l.left.take(l.rate, l.kept, 0) {
		return nil
	}
	return l.exceeded()
}

// admitWrite tells whether an item may be written in place of another now; either
// may be nil.
func (t *table) admitWrite(old *record, now attribute.Item) error {
	if !t.enforce {
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
		if err := t.limit(i, true).admit(); err != nil {
			return err
		}
	}
	return nil
}

// spend takes what a call has consumed.
func (t *table) spend(i *index, units Units, write bool) {
	if !t.enforce {
		return
	}
	l := t.limit(i, write)
	l.left.take(l.rate, l.kept, units)
}

// exceeded is the error of a call that was not let in.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_ThrottlingReason.html
func (l limit) exceeded() error {
	why := map[string][2]string{
		overProvisioned: {"ProvisionedThroughputExceeded", "The level of configured provisioned throughput for the table was exceeded. Consider increasing your provisioning level with the UpdateTable API."},
		overMaximum:     {"MaxOnDemandThroughputExceeded", "Throughput exceeds the maximum OnDemandThroughput configured on table or index"},
		overAccount:     {"AccountLimitExceeded", "Throughput exceeds the current throughput limit for your account. Please contact AWS Support at https://aws.amazon.com/support to request a limit increase."},
	}[l.code]
	what, arn := "Table", l.table.arn
	if l.index != nil {
		what, arn = "Index", arn+"/index/"+l.index.name
	}
	if l.write {
		what += "Write"
	} else {
		what += "Read"
	}
	e := wire.Errorf(l.code, 0, "%s", why[1])
	member := "ThrottlingReasons"
	if l.code == overMaximum {
		member = "throttlingReasons" // the service's shapes differ
	}
	e.Fields = map[string]any{member: []map[string]string{{"reason": what + why[0], "resource": arn}}}
	return e
}
