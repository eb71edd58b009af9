package scenarios

import (
	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/scenarios/traffic"
)

// Traffic is what has gone through rules, streams and functions.
func (w *World) Traffic() *traffic.Traffic { return w.options.Traffic }

func (w *World) countAppended(stream, shard string) {
	w.options.Traffic.Stream(traffic.Shard{Stream: stream, ID: shard}).Add(1)
}

// countRules counts what rules do.
func (w *World) countRules(e event.Event) {
	if e.Rule == "" {
		return
	}
	rule := w.options.Traffic.Rule(e.Rule)
	switch e.Kind {
	case event.Matched:
		rule.Matched.Add(1)
	case event.Filtered:
		rule.Filtered.Add(1)
	case event.ActionDone:
		rule.Done.Add(1)
	case event.ActionFailed:
		rule.Failed.Add(1)
	case event.ErrorActionDone:
		rule.Reported.Add(1)
	case event.RuleFailed:
		rule.Unheeded.Add(1)
	}
}

// countFunctions counts invocations, and the records that a consumer of a stream
// is done with.
func (w *World) countFunctions(e lambda.Event) {
	f := w.options.Traffic.Function(e.Function)
	done := 0
	switch e.Kind {
	case lambda.Invoked:
		f.Invoked.Add(1)
	case lambda.Succeeded:
		f.Succeeded.Add(1)
		done = e.Records
	case lambda.BatchFailed:
		f.Failed.Add(1)
		done = e.Records
	case lambda.Failed:
		f.Failed.Add(1)
	case lambda.Retried, lambda.Bisected:
		f.Retried.Add(1)
	case lambda.DeadLettered:
		f.SetAside.Add(1)
		done = e.Records
	case lambda.Discarded:
		f.Discarded.Add(1)
		done = e.Records
	}
	if e.Shard != "" && done > 0 {
		w.options.Traffic.Read(traffic.Reader{Function: e.Function, Mapping: e.Mapping, Shard: e.Shard}).Add(int64(done))
	}
}
