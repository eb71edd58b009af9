package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/cost"
	"github.com/shakedown-iot/shakedown/scenarios/metrics"
	"github.com/shakedown-iot/shakedown/scenarios/record"
	"github.com/shakedown-iot/shakedown/sim/bubble"
)

// observe runs the scenario with live progress and Ctrl-C.
func (f runFlags) observe(ctx context.Context, scenario *scenarios.Scenario, backend *started, folder *record.Folder, meter *cost.Meter, stderr io.Writer) (*scenarios.Outcome, error) {
	tuneMemoryFor(scenario.Devices())
	interrupts, kept := newInterrupts(), openCertificates(scenario, stderr)
	options := scenarios.RunOptions{
		Certificates: kept.certificates(),
		Scenario:     scenario, Backend: backend.Backend, Version: version, Journal: folder.Journal,
		Interrupted: interrupts.pressed.Load, Progress: &scenarios.Progress{}, Log: f.logger(stderr), AtRest: meter.Rest,
	}
	f.filling.into(&options)
	f.stopInto(&options)
	pages, err := f.openPages(&options, stderr)
	if err != nil {
		return nil, err
	}
	defer pages.close()
	closeNetwork, err := openNetwork(&options, f.relays, stderr) // from here on to runShown there is no return
	if err != nil {
		return nil, err
	}
	show := newDisplay(stderr, f.lines || f.verbose, scenario, options.Progress, interrupts.press, pages.urls())
	interrupts.watch(ctx, "stopping: the fleet ends, the pipeline drains", show.say, func() {
		show.restore()
		backend.abandon(stderr)
	})
	defer interrupts.stop()
	began := time.Now()
	outcome, err := runShown(ctx, options, show, closeNetwork)
	if unkept := kept.save(); unkept != nil {
		fmt.Fprintln(stderr, unkept) // the next run makes them again
	}
	if outcome == nil {
		return nil, err
	}
	r := outcome.Result
	r.Took, r.Environment.Relays = time.Since(began), 2*f.relays
	costs, unmeasured := meter.Stop()
	r.Costs = costs
	return outcome, errors.Join(err, unmeasured)
}

// stopInto interrupts a run that is replayed when it was interrupted.
func (f runFlags) stopInto(o *scenarios.RunOptions) {
	if f.stop == nil {
		return
	}
	o.StopAt = *f.stop
	if *f.stop <= 0 {
		o.Interrupted = func() bool { return true }
	}
}

// pages are what can be looked at beside a run.
type pages []*httpServer

// openPages serves the console and the metrics, where they are wanted.
func (f runFlags) openPages(o *scenarios.RunOptions, stderr io.Writer) (pages, error) {
	var open pages
	if f.console != "" && f.console != noConsole {
		console, err := watchRun(f.console, o, stderr)
		if err != nil {
			return nil, err
		}
		open = append(open, console.httpServer)
	}
	if f.metrics != "" {
		served, err := serveMetrics(f.metrics, "", metrics.Run(o.Scenario, o.Progress), stderr)
		if err != nil {
			open.close()
			return nil, err
		}
		open = append(open, served)
	}
	return open, nil
}

func (p pages) close() {
	for _, s := range slices.Backward(p) {
		s.close()
	}
}

func (p pages) urls() []string {
	var urls []string
	for _, s := range p {
		urls = append(urls, s.url)
	}
	return urls
}

// runShown runs the scenario while a display shows it, and then closes the network.
func runShown(ctx context.Context, options scenarios.RunOptions, show display, closeNetwork func() error) (*scenarios.Outcome, error) {
	show.start()
	defer show.stop()
	outcome, err := runOnClock(ctx, options)
	return outcome, errors.Join(err, closeNetwork())
}

// runOnClock runs in real time, or inside a bubble in virtual time.
func runOnClock(ctx context.Context, options scenarios.RunOptions) (*scenarios.Outcome, error) {
	if options.Scenario.Clock == scenarios.RealClock {
		return scenarios.Run(ctx, options)
	}
	start, err := options.Scenario.StartTime()
	if err != nil {
		return nil, usage(err)
	}
	if options.Progress == nil {
		options.Progress = &scenarios.Progress{}
	}
	limit := options.Scenario.Duration + options.Scenario.Drain + 24*time.Hour
	return runInBubble(bubble.Options{Start: start, Limit: limit, Beat: options.Progress.Beat}, options)
}

// runInBubble runs in virtual time. That time stands still or runs away is an
// error of the environment: the bubble is left behind, and the process should end.
func runInBubble(bounds bubble.Options, options scenarios.RunOptions) (*scenarios.Outcome, error) {
	var outcome *scenarios.Outcome
	var failed error
	err := bubble.Run(bounds, func() {
		outcome, failed = scenarios.Run(context.Background(), options)
	})
	if err != nil {
		return nil, environment(err, "this is a bug in Shakedown, or the machine was suspended; `shakedown report` shows how far the run came, by its journal")
	}
	return outcome, failed
}
