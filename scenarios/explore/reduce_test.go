package explore

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestReductionsAreSmallerAndValid: what a reduction makes can be run, is not what
// it was made of, and leaves that alone.
func TestReductionsAreSmallerAndValid(t *testing.T) {
	for seed := range uint64(60) {
		s := Draw(seed)
		for n, r := range reductions {
			for i := 0; ; i++ {
				c, more := r(s, i)
				if !more {
					break
				}
				require.Less(t, i, 200, "reduction %d has no end", n)
				if c == nil {
					continue
				}
				require.NotEqual(t, s, c, "seed %d, reduction %d, variant %d", seed, n, i)
				require.NoError(t, c.Validate(), "seed %d, reduction %d, variant %d", seed, n, i)
				require.LessOrEqual(t, c.Devices(), s.Devices())
				require.LessOrEqual(t, len(c.Faults), len(s.Faults))
				require.LessOrEqual(t, c.Duration, s.Duration)
			}
		}
		require.Equal(t, Draw(seed), s, "a reduction changed its scenario")
	}
}
