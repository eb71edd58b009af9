package scenarios_test

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/scenarios"
)

func loopback() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") }

// TestAsProcesses runs the bootstraps that `make lambda` ships, over the Lambda
// Runtime API, and loses nothing. make test-lambda builds them.
func TestAsProcesses(t *testing.T) {
	if os.Getenv("SHAKEDOWN_FUNCTIONS") != "process" {
		t.Skip("SHAKEDOWN_FUNCTIONS is not process: make test-lambda runs the shipped bootstraps")
	}
	t.Setenv("TMPDIR", t.TempDir())
	var mu sync.Mutex
	lines := map[string]int{} // of the log, by function
	s := parse(t, `
name: processes
clock: real
duration: 8s
drain: 30s
fleet:
  - {name: s, count: 20, interval: 1s, signals: {temperature: {base: 24, noise: 0.5, spikes: [{at: 3s, for: 2s, value: 55}]}}}
`)
	outcome, err := scenarios.Run(t.Context(), scenarios.RunOptions{Scenario: s, Processes: &scenarios.Processes{
		Listen: loopback,
		Package: func(function string) ([]byte, error) {
			return os.ReadFile(filepath.Join("..", "bin", "lambda", runtime.GOARCH, function+".zip"))
		},
		Output: func(l process.Line) {
			mu.Lock()
			defer mu.Unlock()
			lines[l.Group]++
		},
	}})
	require.NoError(t, err)
	require.Empty(t, outcome.Result.Failures)
	require.Greater(t, outcome.Result.Counts.Acked, 50)
	for _, function := range []string{"iot-stream-processor", "iot-alert-handler", "iot-device-status", "iot-device-presence"} {
		require.Positive(t, lines["/aws/lambda/"+function], "%s logged nothing: it did not run as a process", function)
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestWhatProcessesCannotDoIsRefused(t *testing.T) {
	none := &scenarios.Processes{Listen: loopback, Package: func(string) ([]byte, error) { return nil, os.ErrNotExist }}
	const fleet = "\nduration: 1s\nfleet: [{name: s, count: 1, interval: 1s}]\n"
	for text, want := range map[string]string{
		"name: a\nclock: virtual" + fleet: "processes live in real time",
		"name: a\nfaults: [{at: 0s, for: 1s, kind: function-error, target: {function: iot-alert-handler}}]" + fleet: "acts on handlers in this process only",
		"name: a\npipeline: {variant: as-published}" + fleet:                                                        "has no bootstraps",
		"name: a" + fleet: "function iot-stream-processor",
	} {
		s := parse(t, text)
		_, err := scenarios.Run(t.Context(), scenarios.RunOptions{Scenario: s, Processes: none})
		require.ErrorContains(t, err, want, text)
	}
}
