package kinesis

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestMinutesAreThoseOfADay(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 30, 0, time.UTC)
	var m minutes
	for i := range 2 * 24 * 60 * 2 { // two days, twice a minute
		m.note(start.Add(time.Duration(i) * 30 * time.Second))
	}
	require.Len(t, m, mostMinutes)
	last := start.Add(48 * time.Hour).Truncate(time.Minute)
	require.Equal(t, []Minute{{At: last.Add(-time.Minute), Records: 2}, {At: last, Records: 1}}, m.between(last.Add(-time.Minute), last.Add(time.Hour)))
}

// TestIncomingCountsWholeMinutes while records are put, which it must not hold up.
func TestIncomingCountsWholeMinutes(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	sh := &shard{retention: 24 * time.Hour}
	s := &State{streams: map[string]*stream{"s": {shards: []*shard{sh}}}}
	for i := range 6 { // at 0:00, 0:20, 0:40 …
		sh.add("k", make([]byte, i+1), start.Add(time.Duration(i)*20*time.Second))
	}
	first := Minute{At: start.Local(), Records: 3, Bytes: 6, Least: 1, Most: 3}
	second := Minute{At: start.Add(time.Minute).Local(), Records: 3, Bytes: 15, Least: 4, Most: 6}
	for _, one := range []struct {
		from, to time.Time
		want     []Minute
	}{
		{start, start.Add(time.Second), []Minute{first}},
		{start.Add(time.Second), start.Add(90 * time.Second), []Minute{second}},
		{time.Time{}, time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC), []Minute{first, second}},
		{start.Add(2 * time.Minute), start.Add(time.Hour), nil},
	} {
		require.Equal(t, one.want, s.Incoming("s", one.from, one.to))
	}
	taken := s.taken("s", 0, start.Add(time.Hour).UnixNano())
	done := make(chan struct{})
	go func() {
		defer close(done)
		s.mu.Lock()
		defer s.mu.Unlock()
		for range 100 {
			sh.add("k", nil, start.Add(48*time.Hour))
		}
		sh.trim(start.Add(48 * time.Hour))
	}()
	for _, r := range taken[0] { // under the race detector
		require.Less(t, r.data, uint32(7))
	}
	<-done
	require.Len(t, taken[0], 6)
	require.Equal(t, 100, sh.len())
}
