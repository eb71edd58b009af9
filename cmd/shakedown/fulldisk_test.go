package main

import (
	"bytes"
	"errors"
	"os"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/record"
)

// full is a file on a full disk.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, syscall.ENOSPC }

// What cannot be told for want of room is the environment's fault, whatever the
// command: neither a pass nor a wrong command line.
func TestStandardOutputIsFull(t *testing.T) {
	for _, args := range [][]string{{"version"}, {"report", "--schema"}, {"validate", "--measures"}, {"validate", "../../scenarios/quickstart.yaml"}} {
		var stderr bytes.Buffer
		require.Equal(t, exitEnvironment, execute(args, full{}, &stderr), args)
		require.Equal(t, "shakedown: no space left on device\n", stderr.String(), args)
	}
}

// A run whose folder cannot be written in the end says what it found nevertheless.
func TestFinishWithoutRoom(t *testing.T) {
	folder, err := record.Create(t.TempDir(), "full", time.Now())
	require.NoError(t, err)
	require.NoError(t, os.RemoveAll(folder.Path))
	outcome := &scenarios.Outcome{Result: &reports.Result{Scenario: "full"}, Ledger: ledger.New()}
	for _, failures := range [][]string{nil, {"archive: 1 of 2 messages lost"}} {
		outcome.Result.Failures = failures
		var stdout, stderr bytes.Buffer
		err := runFlags{}.finish(outcome, folder, &stdout)
		require.Contains(t, stdout.String(), "  full\n")
		require.NotContains(t, stdout.String(), record.HTMLFile, "there is none")
		require.Equal(t, exitEnvironment, exitCode(err, &stderr))
		require.Contains(t, stderr.String(), "hint: choose another folder with --out")
	}
}

// A run that could not be done is not a wrong command line, unless it says so.
func TestUndone(t *testing.T) {
	require.Equal(t, exitEnvironment, exitCode(undone(errors.New("the cloud went away")), &bytes.Buffer{}))
	require.Equal(t, exitUsage, exitCode(undone(usage(errors.New("no such port"))), &bytes.Buffer{}))
}
