package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// The exit codes, also in `shakedown --help`.
const (
	exitPass        = 0
	exitFailed      = 1 // a message was lost or the verdict is otherwise bad
	exitUsage       = 2 // bad usage or a bad scenario
	exitEnvironment = 3 // a port is taken, a folder not writable, no Docker
)

// exitError is an error with the exit code it ends the process with and, where
// there is one, a hint at what to do next.
type exitError struct {
	code int
	err  error
	hint string
}

func (e *exitError) Error() string { return e.err.Error() }
func (e *exitError) Unwrap() error { return e.err }

func usage(err error) error { return &exitError{code: exitUsage, err: err} }

func environment(err error, hint string) error {
	return &exitError{code: exitEnvironment, err: err, hint: hint}
}

// execute runs one command line and returns its exit code.
func execute(args []string, stdout, stderr io.Writer) int {
	root := newRoot()
	root.SetArgs(args)
	out := &output{Writer: stdout}
	root.SetOut(out)
	root.SetErr(stderr)
	cmd, err := root.ExecuteC()
	if out.err != nil {
		err = errors.Join(environment(out.err, ""), err)
	}
	return exitCode(hinted(err, cmd), stderr)
}

// output is standard output, which may be a file on a full disk: a command that could
// not say what it had to has not passed.
type output struct {
	io.Writer
	err error // the first
}

// Write implements io.Writer.
func (o *output) Write(b []byte) (int, error) {
	n, err := o.Writer.Write(b)
	if err != nil && o.err == nil {
		o.err = err
	}
	return n, err
}

// exitCode says what is wrong, with a hint, and the exit code that it is.
func exitCode(err error, stderr io.Writer) int {
	if err == nil {
		return exitPass
	}
	if e, ok := errors.AsType[*exitError](err); ok {
		if e.err != errVerdict {
			fmt.Fprintln(stderr, "shakedown:", e.err)
		}
		if e.hint != "" {
			fmt.Fprintln(stderr, "hint:", e.hint)
		}
		return e.code
	}
	fmt.Fprintln(stderr, "shakedown:", err)
	return exitUsage
}

// hinted points an error of the command line to the help of its command.
func hinted(err error, cmd *cobra.Command) error {
	if _, ok := errors.AsType[*exitError](err); err == nil || ok {
		return err
	}
	if cmd.HasParent() {
		return &exitError{code: exitUsage, err: err, hint: "`" + cmd.CommandPath() + " --help` tells what it takes"}
	}
	return &exitError{code: exitUsage, err: err, hint: "`shakedown --help` lists the commands"}
}

// errVerdict ends a run whose report already said what failed.
var errVerdict = errors.New("the run failed")

func newRoot() *cobra.Command {
	root := &cobra.Command{
		Use:   "shakedown",
		Short: "Take an IoT fleet and its AWS pipeline on a shakedown cruise before production",
		Long: `Shakedown starts the cloud, connects virtual sensors, runs the actual pipeline
(IoT rules, Kinesis, stream processor, Timestream and DynamoDB, alerts, archive,
device API, offline detection), breaks things on purpose, and proves what
happened to every message.

Exit codes: 0 pass; 1 a message was lost or an expectation failed; 2 bad usage or
scenario; 3 the environment (port taken, folder not writable, no Docker).`,
		Example: `  shakedown run scenarios/quickstart.yaml
  shakedown explain runs/latest sensor-00005/4
  shakedown replay runs/latest
  shakedown up`,
		SilenceUsage:  true,
		SilenceErrors: true,
		Args:          cobra.NoArgs,
		RunE:          func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	root.CompletionOptions.HiddenDefaultCmd = true
	root.AddCommand(newRun(), newUp(), newExplain(), newExplore(), newReport(), newReplay(), newValidate(), newProvision(), newSensor(), newSweep(), newBench(), newVersion(), newRelay())
	return root
}
