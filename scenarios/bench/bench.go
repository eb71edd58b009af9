package bench

import (
	"context"
	"fmt"
	"net"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/iot"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// Options say how to measure.
type Options struct {
	// Network and Address are where devices meet the broker; in memory when nil.
	// Each world needs an address of its own.
	Network scenarios.Network
	Address func() (string, error)
	// Listen makes the listener for calls of AWS's SDK; nil leaves them out.
	Listen func() (net.Listener, error)
	// For is how long messages are sent in each part.
	For time.Duration
	// Devices is how many connect to be counted, Publishers how many send.
	Devices, Publishers int
	// CPU, if set, is the processor time that this process has used: it compares where
	// other work shares the machine, and rates do not.
	CPU func() time.Duration
	// Say tells what is being measured.
	Say func(format string, args ...any)
}

// Validate tells what is wrong with the options.
func (o Options) Validate() error {
	switch {
	case o.For < time.Second || o.For > time.Hour:
		return fmt.Errorf("the time of %s is not between a second and an hour", o.For)
	case o.Devices < 1 || o.Publishers < 1:
		return fmt.Errorf("%d devices and %d publishers: there must be some", o.Devices, o.Publishers)
	}
	return nil
}

// drainTime bounds how long the pipeline may take for what is on its way.
const drainTime = 5 * time.Minute

// Run measures everything.
func Run(ctx context.Context, o Options) (Result, error) {
	r := Result{At: time.Now().UTC(), For: o.For, Transport: string(scenarios.MemoryTransport)}
	if o.Network != nil {
		r.Transport = string(scenarios.TCPTransport)
	}
	if err := o.Validate(); err != nil {
		return r, err
	}
	o.fill()
	for _, part := range []struct {
		name    string
		measure func(context.Context, *scenarios.World, *Result) error
	}{{"connects", o.connects}, {"calls", o.calls}, {"bare", o.bare}, {"whole", o.whole}, {"half", o.half}} {
		o.Say("measuring %s", part.name)
		err := o.within(ctx, scenarios.Pipeline{}, func(w *scenarios.World) error { return part.measure(ctx, w, &r) })
		if err != nil {
			return r, fmt.Errorf("%s: %w", part.name, err)
		}
	}
	return r, nil
}

// fill gives what is nil a function that does nothing.
func (o *Options) fill() {
	if o.Say == nil {
		o.Say = func(string, ...any) {}
	}
	if o.CPU == nil {
		o.CPU = func() time.Duration { return 0 }
	}
}

// within measures in a world of its own.
func (o Options) within(ctx context.Context, p scenarios.Pipeline, measure func(*scenarios.World) error) (err error) {
	options := scenarios.WorldOptions{Network: o.Network, Pipeline: p}
	if o.Address != nil {
		if options.BrokerAddr, err = o.Address(); err != nil {
			return err
		}
	}
	w, err := scenarios.NewWorld(ctx, options)
	if err != nil {
		return err
	}
	defer func() {
		if closing := w.Close(); err == nil {
			err = closing
		}
	}()
	return measure(w)
}

// bare measures the broker alone: the pipeline is there, and no rule leads to it.
func (o Options) bare(ctx context.Context, w *scenarios.World, r *Result) error {
	control := iot.NewFromConfig(w.AWS)
	list, err := control.ListTopicRules(ctx, &iot.ListTopicRulesInput{})
	if err != nil {
		return err
	}
	for _, rule := range list.Rules {
		if _, err := control.DeleteTopicRule(ctx, &iot.DeleteTopicRuleInput{RuleName: rule.RuleName}); err != nil {
			return err
		}
	}
	used := o.CPU()
	sent, took, err := o.send(ctx, w, flatOut)
	if err != nil {
		return err
	}
	r.Bare, r.BareCPU = float64(sent)/took.Seconds(), each(o.CPU()-used, sent)
	return nil
}

// each is the processor time of one message.
func each(used time.Duration, sent int) time.Duration { return used / time.Duration(max(sent, 1)) }

// whole measures until the last message is in every sink.
func (o Options) whole(ctx context.Context, w *scenarios.World, r *Result) error {
	began, used := time.Now(), o.CPU()
	sent, _, err := o.send(ctx, w, flatOut)
	if err != nil {
		return err
	}
	if err := w.Drain(ctx, drainTime); err != nil {
		return err
	}
	r.Messages, r.Whole, r.WholeCPU = sent, float64(sent)/time.Since(began).Seconds(), each(o.CPU()-used, sent)
	return o.stored(w, sent)
}

// half measures latencies at half the rate that whole has found.
func (o Options) half(ctx context.Context, w *scenarios.World, r *Result) error {
	r.HalfRate = r.Whole / 2
	sent, _, err := o.send(ctx, w, r.HalfRate)
	if err != nil {
		return err
	}
	if err := w.Drain(ctx, drainTime); err != nil {
		return err
	}
	h := reports.NewHistogram()
	for _, m := range w.Ledger.Messages() {
		if d, ok := m.Took(ledger.Written); ok {
			h.Record(d)
		}
	}
	r.P50, r.P99 = h.Quantile(0.5), h.Quantile(0.99)
	return o.stored(w, sent)
}

// stored tells whether every sink that takes every message has them all. A state
// item takes the newest of a device that a batch holds.
func (o Options) stored(w *scenarios.World, sent int) error {
	archived, written, states := w.Ledger.Count(ledger.Archived), w.Ledger.Count(ledger.Written), w.Ledger.Count(ledger.StateSet)
	if archived != sent || written != sent || states < o.Publishers {
		return fmt.Errorf("of %d messages %d are in the archive and %d in the time series, and %d states were set", sent, archived, written, states)
	}
	return nil
}
