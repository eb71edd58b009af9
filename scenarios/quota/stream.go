package quota

import (
	"sync"
	"time"
)

// putUnit is what Kinesis bills a record in.
// https://aws.amazon.com/kinesis/data-streams/pricing/ (25 KB payload units)
const putUnit = 25 << 10

type streams struct {
	mu        sync.Mutex
	shards    map[string]*meter
	spread    spread
	units     int64
	throttled int64
	consumers map[string]bool
}

// Record enters a record that was put on a shard. Data and key count.
func (c *Counter) Record(shard, key string, data int, at time.Time) {
	if !c.counting() {
		return
	}
	s := &c.streams
	s.mu.Lock()
	defer s.mu.Unlock()
	m, ok := s.shards[shard]
	if !ok && len(s.shards) < c.quotas.MostShards {
		m = &meter{}
		s.shards[shard] = m
	}
	size := int64(data + len(key))
	if m != nil {
		c.rate(m, at, 1, size, c.quotas.ShardRecords, c.quotas.ShardBytes)
	}
	c.spread(key, size, at)
	s.units += units(data, putUnit)
}

// Throttle enters a record that the stream refused. It counts for the shards that
// would have been needed.
func (c *Counter) Throttle(key string, data int, at time.Time) {
	if !c.counting() {
		return
	}
	c.streams.mu.Lock()
	defer c.streams.mu.Unlock()
	c.streams.throttled++
	c.spread(key, int64(data+len(key)), at)
}

// spread enters a record for the shards that would have been needed; the caller
// holds the lock.
func (c *Counter) spread(key string, size int64, at time.Time) {
	if !c.parting() {
		c.streams.spread.add(at.Unix(), key, size)
	}
}
