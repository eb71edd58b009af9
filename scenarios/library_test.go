package scenarios_test

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

// libraryNames are the scenarios that ship.
func libraryNames(t *testing.T) []string {
	files, err := filepath.Glob("*.yaml")
	require.NoError(t, err)
	names := make([]string, len(files))
	for i, f := range files {
		names[i] = strings.TrimSuffix(f, ".yaml")
	}
	return names
}

// TestLibrary runs every scenario of the library that is meant to pass, with a
// small fleet in virtual time: it passes, its faults hit, and it runs the same way
// at GOMAXPROCS 1 and 2.
func TestLibrary(t *testing.T) {
	for _, name := range libraryNames(t) {
		t.Run(name, func(t *testing.T) {
			s, err := scenarios.FromLibrary(name)
			require.NoError(t, err)
			require.NotEmpty(t, s.Description)
			if s.Pipeline.Variant == scenarios.PublishedPipeline {
				return // TestAsPublishedLosesWhatTheTrapsSay
			}
			s = s.Small(12, 3*time.Hour)
			s.Clock, s.Transport = scenarios.VirtualClock, scenarios.MemoryTransport
			require.NoError(t, s.Validate())
			first := pass(t, s, 1)
			for i, f := range first.Result.Faults {
				require.True(t, f.Hits > 0 || f.Things > 0 || fault.Kind(f.Kind) == fault.BrokerRestart, "fault %d, %s, hit nothing", i, f.Kind)
			}
			if !testing.Short() {
				second := pass(t, s, 2).Result
				require.Equal(t, first.Result.Hash, second.Hash)
				require.Equal(t, first.Result.Quotas, second.Quotas)
			}
		})
	}
}

// TestLibraryAsWritten is `make test-long`: every scenario on the virtual clock as
// it ships, ten times, five on one processor and five on two, with one hash.
func TestLibraryAsWritten(t *testing.T) {
	if os.Getenv("SHAKEDOWN_LONG") == "" {
		t.Skip("takes two hours, most of it ten days of a thousand devices: make test-long")
	}
	for _, name := range libraryNames(t) {
		t.Run(name, func(t *testing.T) {
			s, err := scenarios.FromLibrary(name)
			require.NoError(t, err)
			if s.Clock != scenarios.VirtualClock || s.Pipeline.Variant == scenarios.PublishedPipeline {
				return
			}
			first := pass(t, s, 1).Result.Hash
			for i := 1; i < 10; i++ {
				hash := pass(t, s, 1+i%2).Result.Hash
				require.Equal(t, first, hash, "run %d", i+1)
				t.Logf("run %d: %s", i+1, hash)
			}
		})
	}
}

// parse reads a scenario that is right.
func parse(t *testing.T, text string) *scenarios.Scenario {
	t.Helper()
	s, err := scenarios.Parse([]byte(text))
	require.NoError(t, err, "%s", text)
	return s
}

// pass runs a scenario, which must pass, on so many processors.
func pass(t *testing.T, s *scenarios.Scenario, processors int) *scenarios.Outcome {
	t.Helper()
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(processors))
	o := runInBubble(t, scenarios.RunOptions{Scenario: s, Outsider: standIn{}})
	require.Empty(t, o.Result.Failures)
	return o
}
