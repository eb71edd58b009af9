package event

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestKindsHaveNames(t *testing.T) {
	for k := Connected; k <= Subscribed; k++ {
		require.NotEmpty(t, k.String())
	}
}
