package features_test

import (
	"net"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/lambda/process"
	"github.com/shakedown-iot/shakedown/features"
	"github.com/shakedown-iot/shakedown/scenarios"
)

// TestPortableAsProcesses runs the portable features with the pipeline that
// `make lambda` ships: each function a process of its bootstrap, over the Lambda
// Runtime API. make test-lambda builds them.
func TestPortableAsProcesses(t *testing.T) {
	if os.Getenv("SHAKEDOWN_FUNCTIONS") != "process" {
		t.Skip("SHAKEDOWN_FUNCTIONS is not process: make test-lambda runs the shipped bootstraps")
	}
	var mu sync.Mutex
	lines := map[string]int{} // of the log, by function
	processes := &scenarios.Processes{
		Listen: func() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") },
		Package: func(function string) ([]byte, error) {
			return os.ReadFile(filepath.Join("..", "bin", "lambda", runtime.GOARCH, function+".zip"))
		},
		Output: func(l process.Line) {
			mu.Lock()
			defer mu.Unlock()
			lines[l.Group]++
		},
	}
	t.Setenv("TMPDIR", t.TempDir())
	features.Suite{FS: features.Files, Tags: "@portable", World: scenarios.WorldOptions{Processes: processes}}.Run(t)
	for _, function := range []string{"iot-stream-processor", "iot-alert-handler", "iot-device-status", "iot-device-presence", "iot-offline-sweep", "iot-device-api"} {
		require.Positive(t, lines["/aws/lambda/"+function], "%s logged nothing: it did not run as a process", function)
	}
	left, err := os.ReadDir(os.Getenv("TMPDIR"))
	require.NoError(t, err)
	require.Empty(t, left)
}
