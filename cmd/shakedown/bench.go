package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"slices"
	"time"

	"github.com/spf13/cobra"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/bench"
)

type benchFlags struct {
	memory  bool
	history string
	strict  bool
	fleets  []int
	options bench.Options
	profiles
}

func newBench() *cobra.Command {
	f := benchFlags{options: bench.Options{Publishers: 50}}
	cmd := &cobra.Command{
		Use:   "bench",
		Short: "Measure what this machine makes of Shakedown, and compare with the last time",
		Long: `Bench measures in one run: devices that connect with mTLS, calls of AWS's SDK over
loopback, the broker without rules, the same with the pipeline and every sink, and
latencies at half that rate.
It prints the figures beside those of the last run on this machine, and appends
them to a history file.

With --fleets it measures something else: what a message costs in processor time,
from its sample to every sink, in whole fleets of those sizes that send as much
together. Each takes some minutes.`,
		Example: `  shakedown bench --for 60s
  shakedown bench --for 20s --memory --fleets 1000,5000,20000`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			if err := errors.Join(f.options.Validate(), bench.ValidateFleets(f.fleets)); err != nil {
				return usage(err)
			}
			if !f.memory {
				if err := thisMachine.holds(f.largest()); err != nil {
					return err
				}
			}
			return f.around(func() error { return f.run(cmd.Context(), cmd.OutOrStdout(), cmd.ErrOrStderr()) })
		},
	}
	flags := cmd.Flags()
	flags.DurationVar(&f.options.For, "for", 10*time.Second, "how long messages are sent in each of the three parts, and counted in each fleet at least")
	flags.IntVar(&f.options.Devices, "devices", 1000, "how many devices connect, to be counted; fifty publishers send")
	flags.BoolVar(&f.memory, "memory", false, "connect in memory, not over TCP")
	flags.StringVar(&f.history, "history", "runs/bench.jsonl", "file of results to compare with and to append to")
	flags.BoolVar(&f.strict, "strict", false, "exit with 1 when a figure is worse than before by more than 15 %")
	flags.IntSliceVar(&f.fleets, "fleets", nil, "measure what a message costs in fleets of these sizes instead")
	flags.StringVar(&f.cpu, "cpuprofile", "", "write a CPU profile to this file (go tool pprof)")
	flags.StringVar(&f.profiles.memory, "memprofile", "", "write a profile of all allocations to this file")
	for _, ofOneRun := range []string{"devices", "history", "strict"} {
		cmd.MarkFlagsMutuallyExclusive("fleets", ofOneRun)
	}
	return cmd
}

// largest is the most devices that connect at one time.
func (f benchFlags) largest() int {
	if f.fleets != nil {
		return slices.Max(f.fleets)
	}
	return f.options.Devices
}

func (f benchFlags) run(ctx context.Context, stdout, stderr io.Writer) error {
	f.options.Say = func(format string, args ...any) { fmt.Fprintf(stderr, format+"\n", args...) }
	f.options.CPU = processorTime
	f.options.Listen = func() (net.Listener, error) { return net.Listen("tcp", "127.0.0.1:0") }
	if !f.memory {
		f.options.Network, f.options.Address = &loopback{}, freeAddress
	}
	if f.fleets != nil {
		return f.runFleets(ctx, stdout)
	}
	r, err := bench.Run(ctx, f.options)
	if err != nil {
		return environment(fmt.Errorf("bench: %w", err), "")
	}
	r.Version, r.Machine = version, scenarios.Machine()
	before, err := bench.Before(f.history, r)
	if err != nil {
		return environment(err, "choose another file with --history")
	}
	worse, err := bench.Text(stdout, r, before)
	if err != nil {
		return err
	}
	if err := bench.Append(f.history, r); err != nil {
		return environment(err, "choose another file with --history")
	}
	if f.strict && worse > 0 {
		return &exitError{code: exitFailed, err: fmt.Errorf("%d figures are worse than before", worse)}
	}
	return nil
}

// runFleets measures whole fleets, and draws what they cost.
func (f benchFlags) runFleets(ctx context.Context, stdout io.Writer) error {
	var costs []bench.FleetCost
	err := bench.Fleets(ctx, f.options, f.fleets, func(c bench.FleetCost) { costs = append(costs, c) })
	if err != nil {
		err = environment(fmt.Errorf("bench: %w", err), "")
	}
	if len(costs) == 0 {
		return err
	}
	return errors.Join(bench.FleetText(stdout, costs), err) // what was measured before is worth its minutes
}
