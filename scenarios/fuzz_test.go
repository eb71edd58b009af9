package scenarios_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// FuzzParse: no text makes the reader of scenarios panic, and one that is read is
// valid, within its bounds, also when it is made small.
func FuzzParse(f *testing.F) {
	for _, name := range []string{"quickstart", "site-partition", "over-quota", "alert-storm"} {
		text, err := os.ReadFile(name + ".yaml")
		require.NoError(f, err)
		f.Add(text)
	}
	f.Add([]byte("name: a\nduration: 1s\nfleet: [{name: s, count: 1, interval: 1s}]\nfaults: [{at: 0s, for: 1s, kind: partition, target: {share: 10%}}]"))
	f.Add([]byte("a: &a [*a, *a]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		s, err := scenarios.Parse(text)
		if err != nil {
			require.NotEmpty(t, err.Error())
			return
		}
		require.NoError(t, s.Validate())
		require.Positive(t, s.Devices())
		require.LessOrEqual(t, s.Small(12, s.Duration).Devices(), s.Devices())
	})
}
