package devices

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// TestACommandIsOneObject: what stands behind it is not dropped in silence.
func TestACommandIsOneObject(t *testing.T) {
	_, err := checkCommand([]byte(`{"action":"reboot"} `))
	require.NoError(t, err)
	for _, body := range []string{`{"action":"reboot"}{"action":"update_interval"}`, `{"action":"reboot"}]`, `{"action":"reboot","speed":1}`, `[]`, ``} {
		_, err := checkCommand([]byte(body))
		require.ErrorContains(t, err, "not a command", body)
	}
}
