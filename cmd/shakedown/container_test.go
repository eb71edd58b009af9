package main

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/localstack"
)

const containedScenario = `
name: contained
duration: 3s
drain: 10s
pipeline: {silence: 5s, sweep: 1s}
fleet: [{name: s, count: 5, interval: 500ms}]
`

// contained is a run with --backend localstack on the image of SHAKEDOWN_IMAGE.
type contained struct {
	*exec.Cmd
	t      *testing.T
	runs   string
	output watched
}

// contain prepares a run of this test's own binary, which TestMain has put on PATH
// as shakedown; the test is skipped without Docker and an image.
func contain(t *testing.T, scenario string) *contained {
	image := os.Getenv("SHAKEDOWN_IMAGE")
	err := localstack.Preflight(t.Context())
	if os.Getenv("SHAKEDOWN_DOCKER") == "" && (errors.Is(err, localstack.ErrNoDocker) || image == "") {
		t.Skipf("SKIPPED, NOTHING WAS TESTED: `make test-image` runs it (image %q, %v)", image, err)
	}
	require.NoError(t, err)
	dir := t.TempDir()
	c := &contained{t: t, runs: filepath.Join(dir, "runs")}
	path := filepath.Join(dir, "contained.yaml")
	require.NoError(t, os.WriteFile(path, []byte(scenario), 0o600))
	c.Cmd = exec.Command("shakedown", "run", path, "--out", c.runs, "--backend", "localstack", "--image", image)
	c.Stdout, c.Stderr = &c.output, &c.output
	return c
}

// containers are those of the run's process, whatever their state.
func (c *contained) containers() []string {
	c.t.Helper()
	host, err := os.Hostname()
	require.NoError(c.t, err)
	out, err := exec.Command("docker", "ps", "-aq", "--filter", "label=io.shakedown.owner="+host+"/"+strconv.Itoa(c.Process.Pid)).Output()
	require.NoError(c.t, err)
	return strings.Fields(string(out))
}

// begin starts the run and waits until the container is there, or the fleet runs.
func (c *contained) begin(running bool) {
	c.t.Helper()
	require.NoError(c.t, c.Start())
	c.await("a container", func() bool { return len(c.containers()) > 0 })
	if running {
		c.await("a journal", func() bool {
			found, _ := filepath.Glob(filepath.Join(c.runs, "*", "journal.jsonl"))
			if len(found) == 0 {
				return false
			}
			text, err := os.ReadFile(found[0])
			return err == nil && bytes.Contains(text, []byte(`"kind":"progress"`))
		})
	}
}

func (c *contained) await(what string, ok func() bool) {
	c.t.Helper()
	ctx, cancel := context.WithTimeout(c.t.Context(), 30*time.Second)
	defer cancel()
	for !ok() {
		select {
		case <-ctx.Done():
			c.Process.Kill()
			c.Wait()
			require.FailNow(c.t, "no "+what, c.output.String())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func (c *contained) exit() int {
	err := c.Wait()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return exit.ExitCode()
	}
	require.NoError(c.t, err)
	return 0
}

func TestContainerIsGoneAfterARun(t *testing.T) {
	c := contain(t, containedScenario)
	c.begin(false)
	require.Zero(t, c.exit(), c.output.String())
	require.Empty(t, c.containers())
	require.NoFileExists(t, filepath.Join(c.runs, "latest", logFile), "nothing failed")
}

func TestContainerIsGoneAfterSignals(t *testing.T) {
	for _, s := range []struct {
		name    string
		running bool // else the container is only starting
		signals []os.Signal
		exit    int // a run that is cut short has failed; -1 is by the signal
	}{
		{"SIGINT while it starts", false, []os.Signal{os.Interrupt}, exitEnvironment},
		{"SIGTERM while it starts", false, []os.Signal{syscall.SIGTERM}, exitEnvironment},
		{"SIGINT", true, []os.Signal{os.Interrupt}, exitFailed},
		{"SIGTERM", true, []os.Signal{syscall.SIGTERM}, exitFailed},
		{"SIGINT twice", true, []os.Signal{os.Interrupt, os.Interrupt}, -1},
	} {
		t.Run(s.name, func(t *testing.T) {
			c := contain(t, strings.Replace(containedScenario, "duration: 3s", "duration: 60s", 1))
			c.begin(s.running)
			for i, signal := range s.signals {
				if i > 0 { // two signals at one time are one
					c.await("answer to the first signal", func() bool { return strings.Contains(c.output.String(), "stopping") })
				}
				require.NoError(t, c.Process.Signal(signal))
			}
			require.Equal(t, s.exit, c.exit(), c.output.String())
			require.Empty(t, c.containers())
		})
	}
}

func TestContainerOfAKilledRunIsSwept(t *testing.T) {
	c := contain(t, containedScenario)
	c.begin(true)
	require.NoError(t, c.Process.Kill())
	require.Error(t, c.Wait())
	require.Len(t, c.containers(), 1, "nobody could remove it")
	out, err := exec.Command("shakedown", "sweep").CombinedOutput()
	require.NoError(t, err, "%s", out)
	require.Contains(t, string(out), "removed container ")
	require.Empty(t, c.containers())
}

func TestContainerLogIsKeptWhenARunFails(t *testing.T) {
	c := contain(t, strings.Replace(containedScenario, "drain: 10s", "drain: 1ms", 1))
	c.begin(false)
	require.Equal(t, exitFailed, c.exit(), c.output.String())
	log, err := os.ReadFile(filepath.Join(c.runs, "latest", logFile))
	require.NoError(t, err)
	require.Contains(t, string(log), "Shakedown is up")
	require.Empty(t, c.containers())
}
