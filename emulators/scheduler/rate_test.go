package scheduler

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestParseRate(t *testing.T) {
	for expression, want := range map[string]time.Duration{
		"rate(1 minute)": time.Minute, "rate(5 minutes)": 5 * time.Minute, "rate(1 hour)": time.Hour, "rate(7 days)": 7 * 24 * time.Hour,
		"rate(5 minute)": 5 * time.Minute,
	} {
		got, err := parseRate(expression)
		require.NoError(t, err, expression)
		require.Equal(t, want, got, expression)
	}
	for _, expression := range []string{"", "rate()", "rate(1)", "rate(-1 minutes)", "rate(1.5 hours)", "rate(1 week)", "every 5 minutes", "rate(1 minute) "} {
		_, err := parseRate(expression)
		require.ErrorContains(t, err, "ValidationException", expression)
	}
}

func FuzzParseRate(f *testing.F) {
	f.Add("rate(5 minutes)")
	f.Add("rate(999999999 days)")
	f.Fuzz(func(t *testing.T, expression string) {
		if every, err := parseRate(expression); err == nil {
			require.GreaterOrEqual(t, every, time.Minute)
			require.LessOrEqual(t, every, maxRate)
		}
	})
}
