package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestBoardElsewhere has a run wait for a board that comes over TCP with the
// certificates that the run wrote, as a Raspberry Pi does: `shakedown sensor`.
func TestBoardElsewhere(t *testing.T) {
	dir := t.TempDir()
	scenario, certs := filepath.Join(dir, "net.yaml"), filepath.Join(dir, "certs")
	require.NoError(t, os.WriteFile(scenario, []byte(`
name: net
duration: 2s
pipeline: {poll: 100ms}
fleet: [{name: s, count: 3, interval: 500ms}]
external: [{thing: pi-001, interval: 50ms, readings: 4}]
`), 0o600))
	addr, err := freeAddress()
	require.NoError(t, err)

	ctx, cancel := context.WithCancel(t.Context())
	board := make(chan error, 1)
	said := &watched{}
	waiting := &watched{after: "--interval 50ms", then: func() {
		go func() {
			f := sensorFlags{thing: "pi-001", certs: filepath.Join(certs, "pi-001"), host: addr, interval: 50 * time.Millisecond,
				grace: 100 * time.Millisecond, boardFlags: boardFlags{playback: shortTape}}
			board <- f.run(ctx, said)
		}()
	}}
	var out bytes.Buffer
	f := runFlags{out: filepath.Join(dir, "runs"), console: noConsole, backend: backendFlags{name: embeddedBackend}, slotFlags: slotFlags{board: boardNetwork, mqtt: addr, certs: certs}}
	f.settings.Oversampling = 1
	err = f.run(t.Context(), scenario, func(string) bool { return false }, &out, waiting)
	cancel()
	require.NoError(t, err, "%s%s", &out, waiting)
	require.NoError(t, <-board, "%s", said)
	require.Contains(t, waiting.String(), "pi-001 is connected")
	require.Contains(t, out.String(), "board     pi-001: 4 readings accepted")
	require.Contains(t, out.String(), "archive 4 stored; time series 4 stored")
	require.Contains(t, said.String(), "4 readings, 4 acknowledged")
	info, err := os.Stat(filepath.Join(certs, "pi-001", "private.key"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	require.False(t, strings.Contains(waiting.String(), "PRIVATE KEY"))
}
