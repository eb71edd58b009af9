package reports

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestDurationsAsPeopleWriteThem(t *testing.T) {
	for d, want := range map[time.Duration]string{
		996341 * time.Microsecond: "996ms",
		2500 * time.Millisecond:   "2.5s", // beside 3 s: both are thresholds of one table
		3 * time.Second:           "3s",
		12600 * time.Millisecond:  "13s",
		10 * time.Minute:          "10m",
		90 * time.Minute:          "1h30m",
	} {
		require.Equal(t, want, round(d))
	}
}
