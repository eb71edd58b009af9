package alerts

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/pipeline/telemetry"
)

func TestLevelsHaveHysteresis(t *testing.T) {
	rules := map[string]Rule{}
	for _, r := range Rules() {
		rules[r.Kind] = r
	}
	for _, c := range []struct {
		kind      string
		value     float64
		was, want int
	}{
		{"temperature", 40, 0, 0}, {"temperature", 40.1, 0, 1}, {"temperature", 50.1, 0, 2},
		{"temperature", 39, 1, 1}, {"temperature", 38, 1, 0}, {"temperature", 49, 2, 2}, {"temperature", 48, 2, 1}, {"temperature", 20, 2, 0},
		{"temperature", 39, 0, 0}, {"temperature", 49, 1, 1},
		{"battery", 10, 0, 0}, {"battery", 9.9, 0, 1}, {"battery", 11, 1, 1}, {"battery", 12, 1, 0},
	} {
		require.Equal(t, c.want, rules[c.kind].level(c.value, c.was), "%s %v after level %d", c.kind, c.value, c.was)
	}
}

// TestARepetitionDecidesNothing: neither a reading that the device sent again nor a
// record that Lambda delivers again, whatever the device's clock did meanwhile.
func TestARepetitionDecidesNothing(t *testing.T) {
	h := &Handler{rules: Rules()}
	of := func(sequence string, at int64, metrics ...telemetry.Metric) reading {
		return reading{0, sequence, telemetry.Reading{Timestamp: at, Metrics: metrics}}
	}
	hot, low := telemetry.Metric{Name: "temperature", Value: 60}, telemetry.Metric{Name: "battery_pct", Value: 5}
	m := &memory{Levels: map[string]int{}, Timestamp: 2000, Sequence: "499"}
	for name, r := range map[string]reading{
		"an older reading":                    of("501", 1000, hot),
		"the same record":                     of("499", 2000, hot),
		"an earlier record of a faster clock": of("498", 9000, hot),
		"a shorter, so smaller number":        of("98", 9000, hot),
	} {
		_, changed := h.decide("s1", m, r)
		require.False(t, changed, name)
	}
	next, changed := h.decide("s1", m, of("1000", 3000, low, hot))
	require.True(t, changed)
	require.Equal(t, "1000", next.Sequence)
	require.Len(t, next.Pending, 2, "a low battery does not hide a critical temperature")
	require.Equal(t, "s1/temperature/CRITICAL/3000", next.Pending[0].ID)
}

func TestSubjectsAreClean(t *testing.T) {
	got := subject(Alert{Severity: "WARNING", DeviceID: "a\r\nBcc: x" + string(make([]byte, 200))})
	require.NotContains(t, got, "\n")
	require.LessOrEqual(t, len([]rune(got)), 99)
	require.Contains(t, got, "IoT Alert [WARNING]: a??Bcc: x")
}
