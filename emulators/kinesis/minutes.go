package kinesis

import (
	"maps"
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

// Incoming is what a stream took from one time to another, by the minute: of records that
// it still has, so nothing is counted until somebody asks.
func (s *State) Incoming(stream string, from, to time.Time) []Minute {
	s.mu.Lock()
	defer s.mu.Unlock()
	st := s.streams[stream]
	if st == nil {
		return nil
	}
	found := map[int64]*Minute{}
	for _, sh := range st.shards {
		for _, r := range sh.list[sh.since(from.UnixNano()):] {
			if r.at >= to.UnixNano() {
				break
			}
			minute := time.Unix(0, r.at).Truncate(time.Minute)
			m := found[minute.Unix()]
			if m == nil {
				m = &Minute{At: minute, Least: int(r.data)}
				found[minute.Unix()] = m
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
