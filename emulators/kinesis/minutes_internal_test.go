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
