package kinesis

import (
	"maps"
	"math"
	"slices"
	"time"
)

// Minute is what a stream took, or refused, in a minute.
type Minute struct {
	At      time.Time
	Records int
	Bytes   int // of data
	Least   int // bytes of a record
	Most    int
}

// Incoming is what a stream took in the minutes that begin from one time to before another:
// of records that it still has, so nothing is counted until somebody asks. Who puts records
// does not wait for it.
func (s *State) Incoming(stream string, from, to time.Time) []Minute {
	found := map[int64]*Minute{}
	for _, taken := range s.taken(stream, wholeMinute(from), wholeMinute(to)) {
		var m *Minute // of the record before: they are in order
		for _, r := range taken {
			if m == nil || r.at >= m.At.Add(time.Minute).UnixNano() {
				at := time.Unix(0, r.at).Truncate(time.Minute)
				if m = found[at.Unix()]; m == nil {
					m = &Minute{At: at, Least: int(r.data)}
					found[at.Unix()] = m
				}
			}
			m.Records, m.Bytes = m.Records+1, m.Bytes+int(r.data)
			m.Least, m.Most = min(m.Least, int(r.data)), max(m.Most, int(r.data))
		}
	}
	var out []Minute
	for _, at := range slices.Sorted(maps.Keys(found)) {
		out = append(out, *found[at])
	}
	return out
}

// taken are where the records of each shard are that arrived from one time to before
// another. They stay as they are while more are added and the oldest are dropped.
func (s *State) taken(stream string, from, to int64) [][]stored {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.streams[stream]
	if st == nil {
		return nil
	}
	var lists [][]stored
	for _, sh := range st.shards {
		if first, end := sh.since(from), sh.since(to); first < end {
			lists = append(lists, sh.list[first:end])
		}
	}
	return lists
}

// wholeMinute is the first minute that begins at a time or after it, in Unix ns as far as
// those go.
func wholeMinute(at time.Time) int64 {
	at = at.Add(time.Minute - 1).Truncate(time.Minute)
	return min(max(at.Unix(), 0), math.MaxInt64/int64(time.Second)) * int64(time.Second)
}

// Throttled is how many records a stream refused from one time to another because of
// its shards' rates, by the minute, and how many reads.
func (s *State) Throttled(stream string, from, to time.Time) (writes, reads []Minute) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.streams[stream]
	if st == nil {
		return nil, nil
	}
	return st.refusedWrites.between(from, to), st.refusedReads.between(from, to)
}

// Names are those of all streams, in order.
func (s *State) Names() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(maps.Keys(s.streams))
}

// minutes count what happened in each of the last minutes, oldest first.
type minutes []Minute

// mostMinutes is how many of them are kept: those of a day.
const mostMinutes = 24 * 60

func (m *minutes) note(now time.Time) {
	at := now.Truncate(time.Minute)
	if n := len(*m); n == 0 || !(*m)[n-1].At.Equal(at) {
		*m = append((*m)[max(0, n+1-mostMinutes):], Minute{At: at})
	}
	(*m)[len(*m)-1].Records++
}

func (m minutes) between(from, to time.Time) []Minute {
	return slices.DeleteFunc(slices.Clone(m), func(one Minute) bool { return one.At.Before(from) || !one.At.Before(to) })
}
