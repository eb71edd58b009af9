package main

import (
	"bytes"
	"errors"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/record"
)

// killSeed draws the moments at which TestKilledAtAnyMoment kills.
const killSeed = 11

const killedScenario = `
name: killed
clock: real
duration: 1m
fleet: [{name: s, count: 5, interval: 200ms}]
faults:
  - {at: 100ms, for: 200ms, kind: connection-reset, target: {share: 40%}}
  - {at: 400ms, for: 200ms, kind: throttle, target: {service: kinesis}, rate: 50%}
`

// TestKilledAtAnyMoment kills the binary at a random moment after its journal has
// begun, and reads what it left: a journal with a header that a report can be made
// of, each time.
func TestKilledAtAnyMoment(t *testing.T) {
	k := newKiller(t)
	for i := range 20 {
		after := time.Duration(k.draw.Int64N(int64(900 * time.Millisecond)))
		runs := k.run(i, true, after)
		folders, err := filepath.Glob(filepath.Join(runs, "*-killed"))
		require.NoError(t, err)
		require.Len(t, folders, 1)
		checkKilled(t, k.exe, folders[0], after)
	}
}

// TestKilledWhileItStarts: before its journal has begun a run leaves a folder
// without one, or nothing at all.
func TestKilledWhileItStarts(t *testing.T) {
	k := newKiller(t)
	for i := range 3 {
		runs := k.run(i, false, time.Duration(i)*10*time.Millisecond)
		folders, err := filepath.Glob(filepath.Join(runs, "*-killed"))
		require.NoError(t, err)
		for _, folder := range folders {
			if begun(runs) {
				checkKilled(t, k.exe, folder, 0)
			}
		}
	}
}

// killer starts runs of the binary and kills them.
type killer struct {
	t             *testing.T
	dir           string
	exe, scenario string
	draw          *rand.Rand
}

// newKiller builds the binary. The race detector does not look into it: once, without, is
// enough.
func newKiller(t *testing.T) *killer {
	if testing.Short() {
		t.Skip("another process is killed: the tests without -short do it")
	}
	dir := t.TempDir()
	k := &killer{t: t, dir: dir, exe: filepath.Join(dir, "shakedown"), scenario: filepath.Join(dir, "killed.yaml"), draw: rand.New(rand.NewPCG(killSeed, 0))}
	out, err := exec.Command("go", "build", "-o", k.exe, ".").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.NoError(t, os.WriteFile(k.scenario, []byte(killedScenario), 0o600))
	return k
}

// run starts a run and kills it so long after its journal has begun, or after its
// start. It returns the folder of its runs.
func (k *killer) run(i int, journal bool, after time.Duration) (runs string) {
	k.t.Helper()
	runs = filepath.Join(k.dir, "runs", string(rune('a'+i)))
	cmd := exec.Command(k.exe, "run", k.scenario, "--out", runs)
	require.NoError(k.t, cmd.Start())
	if journal {
		require.Eventually(k.t, func() bool { return begun(runs) }, time.Minute, time.Millisecond, "no journal begins")
	}
	time.Sleep(after) // the moment of the kill, in a process that has a clock of its own
	require.NoError(k.t, cmd.Process.Kill())
	var exit *exec.ExitError
	require.ErrorAs(k.t, cmd.Wait(), &exit)
	require.False(k.t, exit.Exited(), "the run had ended before it was killed")
	return runs
}

// begun is whether there is a line in the journal of a run.
func begun(runs string) bool {
	found, _ := filepath.Glob(filepath.Join(runs, "*-killed", record.JournalFile))
	if len(found) == 0 {
		return false
	}
	text, err := os.ReadFile(found[0])
	return err == nil && bytes.IndexByte(text, '\n') >= 0
}

func checkKilled(t *testing.T, exe, folder string, after time.Duration) {
	t.Helper()
	recording, err := record.Open(folder)
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
