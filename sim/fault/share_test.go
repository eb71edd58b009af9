package fault_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/sim/fault"
)

// TestShareIsReadBackAsItWas: a journal that rounds would replay other draws.
func TestShareIsReadBackAsItWas(t *testing.T) {
	shares := []fault.Share{1, 0.07, 0.1, 0.125, 1.0 / 3, 2.0 / 3, 1e-9}
	for range 1000 {
		shares = append(shares, fault.Share(rand.Float64()))
	}
	for _, s := range shares {
		text, err := s.MarshalText()
		require.NoError(t, err)
		var back fault.Share
		require.NoError(t, back.UnmarshalText(text))
		require.InEpsilon(t, float64(s), float64(back), 1e-15, "%s", text)
	}
	text, _ := fault.Share(0.07).MarshalText()
	require.Equal(t, "7%", string(text))
}
