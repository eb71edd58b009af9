package metrics

import "github.com/shakedown-iot/shakedown/scenarios/traffic"

var (
	ruleMessages = family("rule_messages_total", "Messages that a topic rule looked at: its WHERE was true (matched) or not (filtered).", "rule", "outcome")
	ruleActions  = family("rule_actions_total", "Actions of a topic rule, done or failed.", "rule", "outcome")
	ruleErrors   = family("rule_errors_total", "Failed actions that the error action took (reported) or nobody (unheeded).", "rule", "outcome")
	invocations  = family("function_invocations_total", "Invocations of a function.", "function")
	results      = family("function_results_total", "Invocations that have ended, succeeded or failed.", "function", "outcome")
	retries      = family("function_retries_total", "Batches and events that a function was given again.", "function")
	givenBatches = family("function_batches_given_up_total", "Batches given up: set aside to a destination, or discarded.", "function", "outcome")
	running      = family("function_running", "Invocations that have begun and not ended.", "function")
	shardRecords = family("shard_records_total", "Records put on a shard.", "stream", "shard")
	readRecords  = family("reader_records_total", "Records of a shard that a function is done with.", "function", "mapping", "shard")
)

// traffic is what CloudWatch would chart.
func (o output) traffic(t traffic.Snapshot) {
	for _, r := range t.Rules {
		o.counter(ruleMessages, r.Matched, r.Name, "matched")
		o.counter(ruleMessages, r.Filtered, r.Name, "filtered")
		o.counter(ruleActions, r.Done, r.Name, "done")
		o.counter(ruleActions, r.Failed, r.Name, "failed")
		o.counter(ruleErrors, r.Reported, r.Name, "reported")
		o.counter(ruleErrors, r.Unheeded, r.Name, "unheeded")
	}
	for _, f := range t.Functions {
		o.counter(invocations, f.Invoked, f.Name)
		o.counter(results, f.Succeeded, f.Name, "succeeded")
		o.counter(results, f.Failed, f.Name, "failed")
		o.counter(retries, f.Retried, f.Name)
		o.counter(givenBatches, f.SetAside, f.Name, "set_aside")
		o.counter(givenBatches, f.Discarded, f.Name, "discarded")
		o.gauge(running, float64(f.Running()), f.Name)
	}
	for _, s := range t.Shards {
		o.counter(shardRecords, s.Put, s.Stream, s.ID)
	}
	for _, r := range t.Readers {
		o.counter(readRecords, r.Done, r.Function, r.Mapping, r.Shard)
	}
}
