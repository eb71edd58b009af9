package dynamodb

import (
	"maps"
	"math"
	"slices"
	"sync/atomic"
	"time"
)

// never is the time, in epoch seconds, of a deletion that is not due.
const never = math.MaxInt64

// deadline is when the next item of any table expires, in epoch seconds. It is
// read without the lock, so that tables without TTL cost nothing.
type deadline struct{ atomic.Int64 }

func (d *deadline) passed() bool {
	at := d.Load()
	return at != never && at <= time.Now().Unix()
}

// lock takes the lock to write and deletes what has expired.
func (s *State) lock() {
	s.mu.Lock()
	s.expire()
}

// rlock takes the lock to read; it deletes what has expired before that.
func (s *State) rlock() {
	if s.expiry.passed() {
		s.lock()
		s.mu.Unlock()
	}
	s.mu.RLock()
}

// expire deletes the items whose time has come; the caller holds the lock. The
// service takes up to some days for it: here an expired item is not seen again.
func (s *State) expire() {
	if !s.expiry.passed() {
		return
	}
	now := time.Now()
	for _, name := range slices.Sorted(maps.Keys(s.tables)) {
		s.tables[name].expire(now)
	}
	s.scheduleExpiry()
}

// scheduleExpiry finds the next deadline; the caller holds the lock.
func (s *State) scheduleExpiry() {
	next := int64(never)
	for _, t := range s.tables {
		next = min(next, t.nextExpiry())
	}
	s.expiry.Store(next)
}

// expiresBy brings the deadline forward; the caller holds the lock.
func (d *deadline) expiresBy(at int64) {
	if at < d.Load() {
		d.Store(at)
	}
}
