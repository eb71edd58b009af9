package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"sort"
	"time"

	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/cost"
	"github.com/shakedown-iot/shakedown/scenarios/record"
)

type replayFlags struct {
	runFlags
	clock string
}

func newReplay() *cobra.Command {
	var f replayFlags
	cmd := &cobra.Command{
		Use:   "replay <run>",
		Short: "Run a run again from its journal, and compare the fates",
		Long: `Replay runs the scenario in a run's journal again: same seed, same faults at the
same times, stopped where Ctrl-C stopped it. The replay has a folder of its own.

On the virtual clock both runs must have one hash: exit code 0 when they have,
whatever their verdict; 1 with the messages whose fate differs when they have not.
On the real clock fates may differ, and are listed: exit code 1 only when a message
is lost that was not before.

A run that was killed has no fates: it is run again, to its end, and the exit code
is that of ` + "`run`.",
		Example: `  shakedown replay runs/latest
  shakedown replay runs/20261124-101500-quickstart --clock virtual
  shakedown replay runs/latest --json | jq .differences.kinds`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return f.replay(cmd.Context(), args[0], cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.out, "out", "runs", "folder that the replay's own folder is made in")
	flags.StringVar(&f.clock, "clock", "", "real or virtual, instead of the run's clock")
	flags.BoolVar(&f.json, "json", false, "print the comparison as JSON on standard output")
	flags.BoolVar(&f.lines, "no-live", false, "plain lines instead of the live view, as without a terminal and in CI")
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "log what the cloud decides, on standard error")
	f.slotFlags.register(flags)
	return cmd
}

func (f replayFlags) replay(ctx context.Context, path string, stdout, stderr io.Writer) error {
	recording, err := record.Open(path)
	if err != nil {
		return &exitError{code: exitUsage, err: err, hint: "replay wants the folder that `shakedown run` printed, such as runs/latest"}
	}
	scenario := *recording.Scenario
	if f.clock != "" {
		scenario.Clock = scenarios.Clock(f.clock)
	}
	if scenario.Clock == scenarios.VirtualClock {
		scenario.Transport = scenarios.MemoryTransport // a socket has no virtual time
	}
	if err := scenario.Validate(); err != nil {
		return usage(err)
	}
	if err := f.slotFlags.check(&scenario); err != nil {
		return err
	}
	if f.relays, err = thisMachine.sockets(&scenario); err != nil {
		return err
	}
	if at, interrupted := recording.Interrupted(); interrupted {
		f.stop = &at
		fmt.Fprintf(stderr, "the run was interrupted after %s: so is this one\n", at.Round(time.Millisecond))
	}
	if f.filling, err = f.fill(&scenario, stderr); err != nil {
		return err
	}
	defer f.filling.done()
	comparison := &reports.Replay{
		Schema: reports.ReplaySchema, Before: before(recording), Changes: changes(recording.Versions, scenarios.Versions(version)),
		Exact: scenario.Clock == scenarios.VirtualClock && recording.Scenario.Clock == scenarios.VirtualClock,
	}
	for _, c := range comparison.Changes {
		fmt.Fprintln(stderr, "not as it was:", c)
	}
	result, err := f.again(ctx, &scenario, stderr)
	if err != nil {
		return err
	}
	comparison.Now = reports.Verdict{Folder: result.Folder, Clock: result.Clock, Verdict: verdictOf(result), Hash: result.Hash}
	if err := compare(comparison, recording); err != nil {
		return environment(err, "")
	}
	return f.print(comparison, result, stdout)
}

// again runs the scenario into a folder of its own.
func (f replayFlags) again(ctx context.Context, scenario *scenarios.Scenario, stderr io.Writer) (*reports.Result, error) {
	folder, err := record.Create(f.out, scenario.Name, time.Now())
	if err != nil {
		return nil, environment(err, "choose another folder with --out")
	}
	var outcome *scenarios.Outcome
	err = f.metered(func(meter *cost.Meter) (err error) {
		outcome, err = f.observe(ctx, scenario, &started{}, folder, meter, stderr)
		return err
	})
	if outcome == nil {
		return nil, errors.Join(err, folder.Close())
	}
	if err := folder.Write(outcome); err != nil {
		return nil, environment(err, "")
	}
	return outcome.Result, err
}

// compare finds what the replay made otherwise.
func compare(r *reports.Replay, recording *record.Recording) error {
	if !recording.Ended() {
		r.Note = "there is nothing to compare with: the run before was killed, and has no fates"
		return nil
	}
	if r.Now.Verdict == "cut short" && r.Before.Verdict != "cut short" {
		r.Note = "there is nothing to compare: the replay was interrupted, and the run before was not"
		return nil
	}
	if r.Exact {
		if r.Same = r.Before.Hash == r.Now.Hash; r.Same {
			return nil
		}
	}
	if r.Before.Verdict == "unknown" {
		if !r.Exact {
			r.Note = "there is nothing to compare with: the run before was killed before it wrote its fates"
		}
		return nil
	}
	c := record.Comparison{Payloads: r.Exact}
	if err := c.Folders(r.Before.Folder, r.Now.Folder); err != nil {
		return err
	}
	r.Differences = &c.Found
	r.Same = !r.Exact && !c.Found.Any()
	return nil
}

// before is the verdict of the run that is replayed.
func before(recording *record.Recording) reports.Verdict {
	v := reports.Verdict{Folder: recording.Folder, Clock: string(recording.Scenario.Clock), Verdict: "killed", Hash: recording.Hash}
	if !recording.Ended() {
		return v
	}
	v.Verdict = "unknown"
	if result, err := record.ReadResult(recording.Folder); err == nil {
		v.Verdict = verdictOf(result)
	}
	return v
}

func verdictOf(r *reports.Result) string {
	switch {
	case r.Interrupted:
		return "cut short"
	case r.Passed():
		return "passed"
	}
	return "failed"
}

// changes lists what differs between the versions in a journal and these.
func changes(before, now map[string]string) []string {
	list := []string{}
	for name, v := range now {
		if was := before[name]; was != v {
			list = append(list, fmt.Sprintf("%s %s before, %s now", name, was, v))
		}
	}
	sort.Strings(list)
	return list
}

func (f replayFlags) print(r *reports.Replay, result *reports.Result, stdout io.Writer) error {
	err := func() error {
		if f.json {
			return r.Write(stdout)
		}
		if r.Note != "" {
			if err := reports.Text(stdout, result); err != nil {
				return err
			}
			fmt.Fprintln(stdout)
		}
		if err := reports.ReplayText(stdout, r); err != nil {
			return err
		}
		_, err := fmt.Fprintf(stdout, "\nreport    %s\n", filepath.Join(r.Now.Folder, record.HTMLFile))
		return err
	}()
	if err == nil && !r.Passed() {
		err = &exitError{code: exitFailed, err: errVerdict}
	}
	return err
}
