package quota

import (
	"sync"
	"time"
)

// Units of DynamoDB and Timestream.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
// https://docs.aws.amazon.com/timestream/latest/developerguide/metering-and-pricing.writes.html
const (
	writeUnit  = 1 << 10
	readUnit   = 4 << 10
	seriesUnit = 1 << 10
)

// maxItems bounds the items whose size is remembered, and the index partitions.
const maxItems = 200_000

type stores struct {
	mu                   sync.Mutex
	writes, reads        meter
	writeUnits           int64
	readHalves           int64 // half read units
	partitions           map[string]*meter
	items                map[string]int
	untracked            int64 // writes of items beyond the most
	itemBytes            int64
	seriesWrites         int64
	seriesBytes          int64
	puts                 meter
	objects, objectBytes int64
	notifications, queue int64
}

// Write enters a write of an item to a table. index is the partition of the
// table's index whose entry it moves, or empty; an entry that moves is a delete
// and a put, each billed.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.html#GSI.ThroughputConsiderations.Writes
func (c *Counter) Write(key string, size int, index string, at time.Time) {
	if !c.counting() {
		return
	}
	s := &c.stores
	s.mu.Lock()
	defer s.mu.Unlock()
	before, known := s.items[key]
	size = max(size, before) // of an update that names a part of the item
	n := units(size, writeUnit)
	c.rate(&s.writes, at, n, 0, c.quotas.NewTableWrites, 0)
	s.writeUnits += n
	if known || len(s.items) < maxItems {
		s.items[key] = size
		s.itemBytes += int64(size - before)
	} else {
		s.untracked++
	}
	if index == "" {
		return
	}
	s.writeUnits += 2 * n
	m, ok := s.partitions[index]
	if !ok {
		if len(s.partitions) >= maxItems {
			return
		}
		m = &meter{}
		s.partitions[index] = m
	}
	c.rate(m, at, 2*n, 0, c.quotas.PartitionWrites, 0)
}

// Read enters a read of so many items with so many bytes together. Each item is
// billed by itself, one that is not there as well; eventually consistent reads cost
// half. A query or a scan is one item.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
func (c *Counter) Read(items, size int, consistent bool, at time.Time) {
	if !c.counting() || items < 1 {
		return
	}
	halves := int64(items) * units(size/items, readUnit)
	if consistent {
		halves *= 2
	}
	s := &c.stores
	s.mu.Lock()
	defer s.mu.Unlock()
	c.rate(&s.reads, at, halves, 0, 2*c.quotas.NewTableReads, 0)
	s.readHalves += halves
}

// halved is a meter of half units in whole ones.
func (m Meter) halved() Meter {
	m.Peak.Count, m.Over = ceil(m.Peak.Count, 2), ceil(m.Over, 2)
	return m
}

// Series enters a call of WriteRecords: the size that is billed and the size that
// is stored.
func (c *Counter) Series(written, stored int) {
	if !c.counting() {
		return
	}
	c.stores.mu.Lock()
	defer c.stores.mu.Unlock()
	c.stores.seriesWrites += units(written, seriesUnit)
	c.stores.seriesBytes += int64(stored)
}

// Object enters an object put into a bucket.
func (c *Counter) Object(size int, at time.Time) {
	if !c.counting() {
		return
	}
	c.stores.mu.Lock()
	defer c.stores.mu.Unlock()
	c.stores.objects++
	c.stores.objectBytes += int64(size)
	c.rate(&c.stores.puts, at, 1, int64(size), c.quotas.PrefixPuts, 0)
}

// Notify enters a message published to a topic, Queue a call of a queue.
func (c *Counter) Notify() { c.countStore(func(s *stores) { s.notifications++ }) }

// Queue enters a call of a queue.
func (c *Counter) Queue() { c.countStore(func(s *stores) { s.queue++ }) }

func (c *Counter) countStore(count func(*stores)) {
	if !c.counting() {
		return
	}
	c.stores.mu.Lock()
	defer c.stores.mu.Unlock()
	count(&c.stores)
}
