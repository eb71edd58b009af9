package explore

import (
	"context"
	"errors"
	"runtime/pprof"
	"time"

	"github.com/aws/aws-lambda-go/lambda"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/bubble"
)

// Subject is what is tried: the shipped pipeline when zero. Tests put what they
// want to be found in between.
type Subject struct {
	// Version is Shakedown's, for what is written.
	Version string
	// Wrap stands between the SDK clients and the cloud.
	Wrap func(scenarios.HTTPClient) scenarios.HTTPClient
	// WrapFunction changes the handler of a function.
	WrapFunction func(name string, handler lambda.Handler) lambda.Handler
}

// Trial is one run and what it broke.
type Trial struct {
	// Failures are the broken promises; none when all held.
	Failures []Failure
	// Hash is the run's.
	Hash string
	// Verdict is what `shakedown run` says of it.
	Verdict []string
	// Interrupted says that it was cut short; it then proves nothing.
	Interrupted bool
	// Unfit says why the scenario cannot be run, such as a fault that hits nobody.
	Unfit error
}

// Try runs a scenario in a bubble of its own and holds it to the promises.
func (subject Subject) Try(s *scenarios.Scenario, interrupted func() bool) Trial {
	start, err := s.StartTime()
	if err != nil {
		return Trial{Unfit: err}
	}
	var trial Trial
	// A panic of a goroutine ends the process: its traceback then names the scenario
	// (GODEBUG=tracebacklabels=1).
	pprof.Do(context.Background(), pprof.Labels("scenario", s.Name), func(context.Context) {
		err = bubble.Run(bubble.Options{Start: start, Limit: s.Duration + s.Drain + 24*time.Hour}, func() {
			trial = subject.TryHere(s, interrupted)
		})
	})
	if stalled, stuck := errors.AsType[*bubble.WatchdogError](err); stuck {
		return Trial{Failures: []Failure{{Promise: NoStall, Text: firstLine(stalled.Error())}}}
	}
	if err != nil {
		return Trial{Failures: []Failure{{Promise: NoPanic, Text: firstLine(err.Error())}}}
	}
	return trial
}

// TryHere does the same in the caller's bubble, which must not be past the
// scenario's start.
func (subject Subject) TryHere(s *scenarios.Scenario, interrupted func() bool) Trial {
	if err := s.Validate(); err != nil {
		return Trial{Unfit: err}
	}
	start, err := s.StartTime()
	if err != nil {
		return Trial{Unfit: err}
	}
	time.Sleep(time.Until(start))
	w := newWitness()
	outcome, err := scenarios.Run(context.Background(), subject.options(s, w, interrupted))
	if err != nil {
		return Trial{Failures: []Failure{{Promise: NoPanic, Text: firstLine(err.Error())}}}
	}
	return Trial{
		Failures: check(s, outcome, w), Hash: outcome.Result.Hash, Verdict: outcome.Result.Failures, Interrupted: outcome.Result.Interrupted,
	}
}

// options put the witness next to the cloud, behind what the subject changes.
func (subject Subject) options(s *scenarios.Scenario, w *witness, interrupted func() bool) scenarios.RunOptions {
	return scenarios.RunOptions{
		Scenario: s, Version: subject.Version, Interrupted: interrupted, WrapFunction: subject.WrapFunction,
		WrapTargets: func(t action.Targets) action.Targets { return w.targets(t) },
		Wrap: func(next scenarios.HTTPClient) scenarios.HTTPClient {
			next = w.calls(next)
			if subject.Wrap != nil {
				next = subject.Wrap(next)
			}
			return next
		},
	}
}

// firstLine is what a person reads of an error; stacks follow it.
func firstLine(text string) string {
	for i, r := range text {
		if r == '\n' {
			return text[:i]
		}
	}
	return text
}
