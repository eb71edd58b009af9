package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/cost"
	"github.com/shakedown-iot/shakedown/scenarios/record"
)

type runFlags struct {
	out     string
	seed    uint64
	json    bool
	verbose bool
	console string
	lines   bool // no live view
	metrics string
	stop    *time.Duration // when a run that is replayed was interrupted, after its start
	relays  int            // that hold the sockets at each end
	backend backendFlags
	profiles
	slotFlags
	filling *filling
}

func newRun() *cobra.Command {
	var f runFlags
	cmd := &cobra.Command{
		Use:   "run <scenario>",
		Short: "Run a scenario and prove what happened to every message",
		Long: `Run starts the cloud, deploys the pipeline, connects the fleet, injects
the faults, lets everything drain, and reads back what is stored. It ends with a
verdict and a folder with journal, ledger, results and reports (HTML, Markdown, JUnit).

The cloud is in this process. With --backend localstack or endpoint, Kinesis,
DynamoDB, S3, SNS and SQS are outside: in a container that lives as long as the run,
or on any server that speaks the AWS API. There the clock must be real, the stores
get names of this run's own and are removed at its end.

Ctrl-C stops the fleet, drains and still reports; a second Ctrl-C ends at once.`,
		Example: `  shakedown run scenarios/quickstart.yaml
  shakedown run scenarios/as-published.yaml --seed 7
  shakedown run scenarios/quickstart.yaml --json | jq .sinks
  shakedown run scenarios/quickstart.yaml --console
  shakedown run scenarios/hardware-in-the-loop.yaml --playback hardware/testdata/desk.i2c
  shakedown run scenarios/day.yaml --metrics 127.0.0.1:9090
  shakedown run scenarios/quickstart.yaml --backend localstack
  shakedown run scenarios/quickstart.yaml --backend endpoint --endpoint http://127.0.0.1:4566`,
		Args: func(cmd *cobra.Command, args []string) error { return cobra.ExactArgs(1)(cmd, f.consoleOf(args)) },
		RunE: func(cmd *cobra.Command, args []string) error {
			args = f.consoleOf(args)
			return f.run(cmd.Context(), args[0], cmd.Flags().Changed, cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.out, "out", "runs", "folder that the run's own folder is made in")
	flags.Uint64Var(&f.seed, "seed", 0, "seed instead of the scenario's")
	flags.BoolVar(&f.json, "json", false, "print the result as JSON on standard output")
	flags.StringVar(&f.cpu, "cpuprofile", "", "write a CPU profile of the run to this file (go tool pprof)")
	flags.StringVar(&f.memory, "memprofile", "", "write a profile of all allocations to this file")
	flags.StringVar(&f.console, "console", noConsole, "serve the console on this loopback address during the run (real clock); "+consoleAddr+" when none is given")
	flags.Lookup("console").NoOptDefVal = consoleAddr
	flags.BoolVar(&f.lines, "no-live", false, "plain lines instead of the live view, as without a terminal and in CI")
	flags.StringVar(&f.metrics, "metrics", "", metricsUsage)
	flags.BoolVarP(&f.verbose, "verbose", "v", false, "log what the cloud decides, on standard error")
	f.backend.add(flags)
	f.slotFlags.register(flags)
	return cmd
}

func (f runFlags) run(ctx context.Context, path string, given func(flag string) bool, stdout, stderr io.Writer) error {
	scenario, err := scenarios.Load(path)
	if err != nil {
		return usage(err)
	}
	if given("seed") {
		scenario.Seed = f.seed
	}
	if err := f.slotFlags.check(scenario); err != nil {
		return err
	}
	if f.relays, err = thisMachine.sockets(scenario); err != nil {
		return err
	}
	if err := f.backend.check(scenario, given("image")); err != nil {
		return err
	}
	if err := f.backend.ready(ctx); err != nil {
		return err
	}
	if f.filling, err = f.fill(scenario, stderr); err != nil {
		return err
	}
	defer f.filling.done()
	f.lines = f.lines || f.board == boardNetwork // what to do with the board must stay on the screen
	folder, err := record.Create(f.out, scenario.Name, time.Now())
	if err != nil {
		return environment(err, "choose another folder with --out")
	}
	outcome, err := f.onBackend(ctx, scenario, folder, stderr)
	if outcome == nil {
		return undone(errors.Join(err, folder.Close()))
	}
	return errors.Join(err, f.finish(outcome, folder, stdout))
}

// undone is why a scenario that is as it should be could not be run.
func undone(err error) error {
	if _, known := errors.AsType[*exitError](err); known {
		return err
	}
	return environment(err, "")
}

// finish writes the run's folder and tells what the run found: also where the folder
// cannot be written, for then it stands nowhere else.
func (f runFlags) finish(outcome *scenarios.Outcome, folder *record.Folder, stdout io.Writer) error {
	if err := folder.Write(outcome); err != nil {
		unwritten := environment(fmt.Errorf("write %s: %w", folder.Path, err), "choose another folder with --out; what stands above is all of the report that there is")
		return errors.Join(unwritten, f.verdict(outcome.Result, stdout))
	}
	return f.print(outcome.Result, folder.Path, stdout)
}

// onBackend starts the backend, runs the scenario on it, and ends it.
func (f runFlags) onBackend(ctx context.Context, scenario *scenarios.Scenario, folder *record.Folder, stderr io.Writer) (*scenarios.Outcome, error) {
	backend, err := f.backend.start(ctx, stderr)
	if err != nil {
		return nil, err
	}
	var outcome *scenarios.Outcome
	err = f.metered(func(meter *cost.Meter) (err error) {
		outcome, err = f.observe(ctx, scenario, backend, folder, meter, stderr)
		return err
	})
	failed := outcome == nil || !outcome.Result.Passed()
	return outcome, errors.Join(err, backend.close(failed, folder.Path))
}

func (f runFlags) logger(stderr io.Writer) *slog.Logger {
	if f.verbose {
		return slog.New(slog.NewTextHandler(stderr, nil))
	}
	return nil
}

// print tells the verdict, and where the report is.
func (f runFlags) print(result *reports.Result, folder string, stdout io.Writer) error {
	err := f.verdict(result, stdout)
	if !f.json {
		fmt.Fprintf(stdout, "\nreport    %s\n", filepath.Join(folder, record.HTMLFile))
	}
	return err
}

func (f runFlags) verdict(result *reports.Result, stdout io.Writer) error {
	show := reports.Text
	if f.json {
		show = func(w io.Writer, r *reports.Result) error { return r.Write(w) }
	}
	if err := show(stdout, result); err != nil {
		return err
	}
	if !result.Passed() {
		return &exitError{code: exitFailed, err: errVerdict}
	}
	return nil
}
