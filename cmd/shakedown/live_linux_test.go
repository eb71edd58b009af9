package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sys/unix"
	"golang.org/x/term"
)

// terminal is a pseudo-terminal with a command in it.
type terminal struct {
	master, slave *os.File
	mu            sync.Mutex
	shown         bytes.Buffer
}

// openTerminal opens a pseudo-terminal of 80 by 24; without one the test is skipped.
func openTerminal(t *testing.T) *terminal {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR, 0)
	if err != nil {
		t.Skipf("SKIPPED, NOT TESTED: no pseudo-terminal: %v", err)
	}
	t.Cleanup(func() { master.Close() })
	require.NoError(t, unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0))
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	require.NoError(t, err)
	slave, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|syscall.O_NOCTTY, 0)
	require.NoError(t, err)
	t.Cleanup(func() { slave.Close() })
	tty := &terminal{master: master, slave: slave}
	tty.resize(t, 80, 24)
	go tty.read()
	return tty
}

func (tty *terminal) resize(t *testing.T, columns, lines uint16) {
	t.Helper()
	require.NoError(t, unix.IoctlSetWinsize(int(tty.master.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Col: columns, Row: lines}))
}

// read ends when the master is closed.
func (tty *terminal) read() {
	buffer := make([]byte, 4096)
	for {
		n, err := tty.master.Read(buffer)
		tty.mu.Lock()
		tty.shown.Write(buffer[:n])
		tty.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (tty *terminal) text() string {
	tty.mu.Lock()
	defer tty.mu.Unlock()
	return tty.shown.String()
}

// wait waits until the terminal has been shown a pattern.
func (tty *terminal) wait(t *testing.T, pattern string) {
	t.Helper()
	shown := regexp.MustCompile(pattern)
	require.Eventually(t, func() bool { return shown.MatchString(tty.text()) }, 30*time.Second, 20*time.Millisecond, "%q is not on the terminal", pattern)
}

// start runs this binary's command line in the terminal; CI is as given.
func (tty *terminal) start(t *testing.T, ci string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	require.NoError(t, err)
	link := filepath.Join(t.TempDir(), "shakedown") // by this name testscript runs the command
	require.NoError(t, os.Symlink(self, link))
	cmd := exec.Command(link, args...)
	cmd.Env = append(os.Environ(), "TERM=xterm-256color", "CI="+ci)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty.slave, tty.slave, tty.slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	require.NoError(t, cmd.Start())
	t.Cleanup(func() { cmd.Process.Kill() })
	return cmd
}

const (
	liveScenario = "name: alive\nclock: real\nduration: 10m\nfleet: [{name: s, count: 3, interval: 200ms}]\n"
	enterScreen  = "\x1b[?1049h"
	leaveScreen  = "\x1b[?1049l"
)

// TestLiveViewInATerminal: a run has the whole terminal; Ctrl-C, there a key, ends
// the fleet, and the report stands where the user was before.
func TestLiveViewInATerminal(t *testing.T) {
	tty := openTerminal(t)
	before, err := term.GetState(int(tty.slave.Fd()))
	require.NoError(t, err)
	scenario := filepath.Join(t.TempDir(), "alive.yaml")
	require.NoError(t, os.WriteFile(scenario, []byte(liveScenario), 0o600))
	cmd := tty.start(t, "", "run", scenario, "--out", t.TempDir(), "--console", "127.0.0.1:0")
	tty.wait(t, `stream-processor`) // frames are sent as differences: words, not lines
	require.Contains(t, tty.text(), enterScreen)
	tty.resize(t, 60, 20)
	_, err = tty.master.WriteString("\x03")
	require.NoError(t, err)
	tty.wait(t, `stopping: the fleet ends`)
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Wait(), &exit)
	require.Equal(t, exitFailed, exit.ExitCode(), tty.text())
	tty.wait(t, `(?s)`+regexp.QuoteMeta(leaveScreen)+`.*CUT SHORT  alive.*report    `)
	after, err := term.GetState(int(tty.slave.Fd()))
	require.NoError(t, err)
	require.Equal(t, before, after, "the terminal's modes")
}

// TestSecondCtrlC ends at once, as a signal would, and leaves the terminal as it was.
func TestSecondCtrlC(t *testing.T) {
	tty := openTerminal(t)
	before, err := term.GetState(int(tty.slave.Fd()))
	require.NoError(t, err)
	scenario := filepath.Join(t.TempDir(), "alive.yaml")
	// The device is cut off: the fleet waits for it when it ends.
	require.NoError(t, os.WriteFile(scenario, []byte(liveScenario+"faults: [{at: 500ms, kind: partition, target: {share: 100%}}]\n"), 0o600))
	cmd := tty.start(t, "", "run", scenario, "--out", t.TempDir())
	tty.wait(t, `now .*partition`)
	_, err = tty.master.WriteString("\x03")
	require.NoError(t, err)
	tty.wait(t, `stopping: the fleet ends`)
	_, err = tty.master.WriteString("\x03")
	require.NoError(t, err)
	var exit *exec.ExitError
	require.ErrorAs(t, cmd.Wait(), &exit)
	status := exit.Sys().(syscall.WaitStatus)
	require.True(t, status.Signaled() && status.Signal() == syscall.SIGINT, "%v: %s", exit, tty.text())
	tty.wait(t, regexp.QuoteMeta(leaveScreen))
	after, err := term.GetState(int(tty.slave.Fd()))
	require.NoError(t, err)
	require.Equal(t, before, after, "the terminal's modes")
}

// TestLinesInATerminal: who asks for lines gets them, and so does CI.
func TestLinesInATerminal(t *testing.T) {
	scenario := filepath.Join(t.TempDir(), "alive.yaml")
	require.NoError(t, os.WriteFile(scenario, []byte("name: alive\nclock: real\nduration: 1s\nfleet: [{name: s, count: 1, interval: 200ms}]\n"), 0o600))
	for ci, flag := range map[string]string{"": "--no-live", "true": "--no-live=false"} {
		tty := openTerminal(t)
		require.NoError(t, tty.start(t, ci, "run", scenario, "--out", t.TempDir(), flag).Wait(), tty.text())
		tty.wait(t, `PASS  alive`)
		require.Regexp(t, `running +[0-9.]+m?s  connected 1`, tty.text())
		require.NotContains(t, tty.text(), enterScreen)
	}
}
