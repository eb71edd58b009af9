package kinesis

import (
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Quotas of a shard's rates, applied with Config.Enforce (AWS.md §3,
// https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html).
const (
	recordsPerSecond  = 1000
	bytesPerSecond    = 1 << 20
	readsPerSecond    = 5
	bytesOutPerSecond = 2 << 20
	iteratorsASecond  = 5
)

// Quotas of a stream in any 24 hours, applied with Config.Enforce too.
const (
	scalingsPerDay = 10
	modesPerDay    = 2
)

// recent is when something was done, oldest first.
type recent []time.Time

// take tells whether it may be done once more, and keeps that it was.
func (r *recent) take(now time.Time, most int) bool {
	*r = slices.DeleteFunc(*r, func(t time.Time) bool { return now.Sub(t) >= 24*time.Hour })
	if len(*r) >= most {
		return false
	}
	*r = append(*r, now)
	return true
}

// throttled is the code for what is over a shard's rate.
const throttled = "ProvisionedThroughputExceededException"

// allowance is what was used of a shard's rate in the present second of the clock.
type allowance struct {
	second       int64
	count, bytes int64
}

// take uses up one of so many a second, of some bytes, unless that is too much. One that
// alone is more than a second's bytes is let through by a shard that has taken nothing, and
// the seconds behind it make up for it: "your stream accommodates large records by temporarily
// bursting beyond its sustained write throughput". [inf] AWS tells no more of the burst.
// https://docs.aws.amazon.com/streams/latest/dev/large-records.html
func (a *allowance) take(now time.Time, bytes, most, mostBytes int64) bool {
	if s := now.Unix(); s > a.second {
		*a = allowance{second: s, bytes: max(0, a.bytes-mostBytes*min(s-a.second, 1<<20))}
	}
	bursts := bytes > mostBytes && a.bytes == 0
	if a.count+1 > most || a.bytes+bytes > mostBytes && !bursts {
		return false
	}
	a.count++
	a.bytes += bytes
	return true
}

// admit tells whether a shard takes a record now; the caller holds mu.
func (s *State) admit(st *stream, sh *shard, key string, data []byte, now time.Time) *wire.Error {
	if !s.enforce || sh.in.take(now, int64(len(key)+len(data)), recordsPerSecond, bytesPerSecond) {
		return nil
	}
	st.refusedWrites.note(now)
	return s.exceeded(st, sh)
}

// admitRead tells whether a shard may be read now. What earlier reads took beyond
// the rate is made up for first: one of 10 MiB keeps the shard busy for five
// seconds.
func (s *State) admitRead(st *stream, sh *shard, now time.Time) error {
	if !s.enforce {
		return nil
	}
	a := &sh.out
	if second := now.Unix(); second > a.second {
		left := max(0, a.bytes-bytesOutPerSecond*min(second-a.second, 1<<20))
		*a = allowance{second: second, bytes: left}
	}
	if a.count >= readsPerSecond || a.bytes >= bytesOutPerSecond {
		st.refusedReads.note(now)
		return s.exceeded(st, sh)
	}
	a.count++
	return nil
}

// admitIterator tells whether a shard gives out another iterator now.
func (s *State) admitIterator(st *stream, sh *shard, now time.Time) error {
	if !s.enforce || sh.asked.take(now, 0, iteratorsASecond, 0) {
		return nil
	}
	return s.exceeded(st, sh)
}

func (s *State) exceeded(st *stream, sh *shard) *wire.Error {
	return wire.Errorf(throttled, 0, "Rate exceeded for shard %s in stream %s under account %s.", sh.id, st.name, s.id.Account)
}
