package traffic

import "sync/atomic"

// Traffic is the counters of one cloud. The zero value is ready.
type Traffic struct {
	rules     table[string, Rule]
	functions table[string, Function]
	streams   table[Shard, atomic.Int64]
	readers   table[Reader, atomic.Int64]
}

// Rule counts messages through a topic rule.
type Rule struct {
	Matched, Filtered  atomic.Int64 // the WHERE was true, or not
	Done, Failed       atomic.Int64 // actions
	Reported, Unheeded atomic.Int64 // failures that the error action took, and that nobody took
}

// Function counts invocations of a function, and for a consumer of a stream what
// became of batches that failed.
type Function struct {
	Invoked, Succeeded, Failed, Retried atomic.Int64
	SetAside, Discarded                 atomic.Int64 // given up, with a destination and without
}

// Shard names a shard of a stream.
type Shard struct{ Stream, ID string }

// Reader names a function that reads a shard through an event source mapping.
type Reader struct{ Function, Mapping, Shard string }

// Rule is the counters of a rule.
func (t *Traffic) Rule(name string) *Rule { return t.rules.get(name) }

// Function is the counters of a function.
func (t *Traffic) Function(name string) *Function { return t.functions.get(name) }

// Stream counts the records put on a shard.
func (t *Traffic) Stream(s Shard) *atomic.Int64 { return t.streams.get(s) }

// Read counts the records of a shard that a reader is done with, whatever became
// of them.
func (t *Traffic) Read(r Reader) *atomic.Int64 { return t.readers.get(r) }
