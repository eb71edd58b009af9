package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/explore"
)

type exploreFlags struct {
	seeds   int
	from    uint64
	budget  time.Duration
	out     string
	workers int
	twice   bool
	json    bool
	replay  string
}

func newExplore() *cobra.Command {
	var f exploreFlags
	cmd := &cobra.Command{
		Use:   "explore",
		Short: "Look for a scenario that the pipeline fails, and shrink it",
		Long: `Explore draws a small scenario from each seed: a fleet, readings that cross
thresholds, commands, and up to five faults of any kind that heal. It runs them in
virtual time, several at once, and holds each to the promises: nothing acknowledged
is lost or stored with another value, device state never goes back in time, each
crossing is alerted once, everything drains.

What fails is made smaller as long as it fails in the same way, and written as a
scenario file and as a Gherkin feature. Ctrl-C ends with what was found.

Exit codes: 0 nothing found; 1 a promise was broken; 2 bad usage.`,
		Example: `  shakedown explore --seeds 500 --budget 5m
  shakedown explore --from 4711 --seeds 1
  shakedown explore --replay explore/explore-4711.yaml`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if f.replay != "" {
				return f.again(cmd.OutOrStdout())
			}
			return f.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&f.seeds, "seeds", 100, "how many seeds to try")
	flags.Uint64Var(&f.from, "from", 1, "the first seed")
	flags.DurationVar(&f.budget, "budget", 5*time.Minute, "real time after which no new seed is begun; 0 is no bound")
	flags.StringVar(&f.out, "out", "explore", "folder for what fails")
	flags.IntVar(&f.workers, "workers", 0, "seeds at one time; 0 is one a processor")
	flags.BoolVar(&f.twice, "twice", false, "run each seed twice and compare the hashes")
	flags.BoolVar(&f.json, "json", false, "print the report as JSON on standard output")
	flags.StringVar(&f.replay, "replay", "", "run this scenario file once and hold it to the promises")
	return cmd
}

func (f exploreFlags) validate() error {
	if f.seeds < 1 {
		return usage(fmt.Errorf("--seeds %d is not positive", f.seeds))
	}
	if f.budget < 0 || f.workers < 0 {
		return usage(errors.New("--budget and --workers must not be negative"))
	}
	return nil
}

func (f exploreFlags) run(ctx context.Context, stdout, stderr io.Writer) error {
	if err := f.validate(); err != nil {
		return err
	}
	// Should a goroutine panic, the process ends, and the traceback names the seed.
	os.Setenv("GODEBUG", strings.TrimPrefix(os.Getenv("GODEBUG")+",tracebacklabels=1", ","))
	interrupted, stop := untilInterrupted(ctx, stderr, "stopping with what was found")
	defer stop()
	show := newExploreProgress(stderr, f.seeds)
	show.start(f.from, f.budget)
	var unwritten error
	report := explore.Run(explore.Options{
		Subject: explore.Subject{Version: version}, From: f.from, Seeds: f.seeds, Budget: f.budget, Workers: f.workers, Twice: f.twice,
		Interrupted: interrupted, Progress: &show.state,
		Found: func(find *explore.Find) {
			var err error
			find.Files, err = find.Write(f.out, version)
			unwritten = errors.Join(unwritten, err)
			show.found(*find)
		},
	})
	show.stop()
	if err := f.print(report, stdout); err != nil {
		return err
	}
	if unwritten != nil {
		return environment(unwritten, "choose another folder with --out")
	}
	if len(report.Finds) > 0 {
		return &exitError{code: exitFailed, err: errVerdict}
	}
	return nil
}

func (f exploreFlags) print(report explore.Report, stdout io.Writer) error {
	if f.json {
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		return enc.Encode(report)
	}
	fmt.Fprintf(stdout, "%d of %d seeds tried from %d, %d broke a promise, %s\n",
		report.Seeds, report.Asked, report.From, len(report.Finds), report.Took.Truncate(100*time.Millisecond))
	for _, find := range report.Finds {
		fmt.Fprintf(stdout, "\nseed %d   %s\n", find.Seed, find.Failure)
		for _, other := range find.Others {
			fmt.Fprintf(stdout, "         also %s\n", other)
		}
		for _, path := range find.Files {
			fmt.Fprintf(stdout, "         %s\n", path)
		}
	}
	return nil
}

// again runs one scenario file and says which promises it breaks.
func (f exploreFlags) again(stdout io.Writer) error {
	s, err := scenarios.Load(f.replay)
	if err != nil {
		return usage(err)
	}
	if s.Clock != scenarios.VirtualClock {
		return usage(fmt.Errorf("%s: clock: explore runs in virtual time only", f.replay))
	}
	trial := explore.Subject{Version: version}.Try(s, nil)
	if trial.Unfit != nil {
		return usage(trial.Unfit)
	}
	if f.json {
		enc := json.NewEncoder(stdout)
		enc.SetIndent("", "  ")
		if err := enc.Encode(trial); err != nil {
			return err
		}
	} else {
		fmt.Fprintf(stdout, "%s: %d promises broken, hash %s\n", s.Name, len(trial.Failures), trial.Hash)
		for _, failure := range trial.Failures {
			fmt.Fprintln(stdout, failure)
		}
	}
	if len(trial.Failures) > 0 {
		return &exitError{code: exitFailed, err: errVerdict}
	}
	return nil
}
