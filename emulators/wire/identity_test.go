package wire_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

func TestIsAccount(t *testing.T) {
	for id, want := range map[string]bool{"111122223333": true, "11112222333": false, "1111222233334": false, "11112222333a": false, "": false} {
		require.Equal(t, want, wire.IsAccount(id), id)
	}
}
