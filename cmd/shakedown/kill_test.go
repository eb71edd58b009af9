package main

import (
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios"
)

// killSeed draws the moments at which TestKilledAtAnyMoment kills.
const killSeed = 11

const killedScenario = `
name: killed
clock: real
duration: 2s
fleet: [{name: s, count: 5, interval: 200ms}]
faults:
  - {at: 100ms, for: 200ms, kind: connection-reset, target: {share: 40%}}
  - {at: 400ms, for: 200ms, kind: throttle, target: {service: kinesis}, rate: 50%}
`

// TestKilledAtAnyMoment kills the binary and reads what it left: nothing at all, or
// a journal with a header that a report can be made of.
func TestKilledAtAnyMoment(t *testing.T) {
	times := 20
	if testing.Short() {
		times = 3
	}
	dir := t.TempDir()
	exe, scenario := filepath.Join(dir, "shakedown"), filepath.Join(dir, "killed.yaml")
	out, err := exec.Command("go", "build", "-o", exe, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.NoError(t, os.WriteFile(scenario, []byte(killedScenario), 0o600))
	draw := rand.New(rand.NewPCG(killSeed, 0))
	for i := range times {
		after := time.Duration(draw.Int64N(int64(900 * time.Millisecond)))
		runs := filepath.Join(dir, "runs", string(rune('a'+i)))
		kill(t, after, exe, "run", scenario, "--out", runs)
		folders, err := filepath.Glob(filepath.Join(runs, "*-killed"))
		require.NoError(t, err)
		if len(folders) == 0 {
			t.Logf("killed after %s: before its folder", after)
			continue
		}
		checkKilled(t, exe, folders[0], after)
	}
}

// kill starts a command and kills it.
func kill(t *testing.T, after time.Duration, name string, args ...string) {
	t.Helper()
	cmd := exec.Command(name, args...)
	require.NoError(t, cmd.Start())
	time.Sleep(after)
	require.NoError(t, cmd.Process.Kill())
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Wait(), &exit)
	require.False(t, exit.Exited(), "the run had ended before it was killed")
}

func checkKilled(t *testing.T, exe, folder string, after time.Duration) {
	t.Helper()
	if journal, err := os.ReadFile(filepath.Join(folder, scenarios.JournalFile)); err != nil || len(journal) == 0 {
		t.Logf("killed after %s: before its journal", after)
		return
	}
	recording, err := scenarios.OpenRecording(folder)
	require.NoError(t, err, "killed after %s", after)
	require.Equal(t, "killed", recording.Scenario.Name)
	require.False(t, recording.Ended())
	t.Logf("killed after %s: reached %s, %d entries", after, recording.Reached(), len(recording.Entries))
	formats := []string{"text", "json", "html", "junit"}
	for _, format := range []string{"text", formats[len(recording.Entries)%len(formats)]} {
		out, err := exec.Command(exe, "report", folder, "--format", format).CombinedOutput()
		var exit *exec.ExitError
		require.True(t, errors.As(err, &exit) && exit.ExitCode() == exitFailed, "killed after %s: %v\n%s", after, err, out)
		require.Contains(t, string(out), "shakedown replay "+folder)
	}
}
