package event

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKindsHaveNames(t *testing.T) {
	for k := Connected; k <= Discarded; k++ {
		require.NotEmpty(t, k.String())
	}
}
