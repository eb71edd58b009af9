package ledger_test

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// A terminal takes no orders from what a device has named its metrics, nor from why it
// says that it gave a message up.
func TestExplainGivesTheTerminalNoOrders(t *testing.T) {
	l, id := ledger.New(), ledger.ID{Thing: "s-1", Seq: 1}
	l.Sample(id, "devices/s-1/telemetry", []byte(`{"deviceId":"s-1","timestamp":1,"seq":1,"data":{"a\u001b]0;owned\u0007\u202e\u009b":5}}`), start)
	l.GiveUp(id, "\x1b[2Jgone", start)
	var out bytes.Buffer
	require.NoError(t, l.Messages()[0].Explain(&out))
	require.Contains(t, out.String(), " a?]0;owned???=5\n")
	require.Contains(t, out.String(), "?[2Jgone")
	require.NotContains(t, out.String(), "\x1b")
}
