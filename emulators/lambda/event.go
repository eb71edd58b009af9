package lambda

import "time"

// Kind says what happened.
type Kind string

// The kinds of Event. An asynchronous event or a batch begins with Invoked and
// ends with exactly one of Succeeded, DeadLettered and Discarded; a batch whose
// answer named failed items ends for the records before the first of them with
// BatchFailed.
const (
	// Invoked: a handler is about to run.
	Invoked Kind = "invoked"
	// Succeeded: the handler returned, and for a batch named no failed item.
	Succeeded Kind = "succeeded"
	// Failed: the handler returned an error, panicked or timed out, or could
	// not be invoked.
	Failed Kind = "failed"
	// BatchFailed: the handler returned batchItemFailures. Records counts what
	// comes before the lowest of them and is done.
	BatchFailed Kind = "batch failed"
	// Bisected: a failed batch was split; both halves will be invoked.
	Bisected Kind = "bisected"
	// Retried: what failed will be tried again.
	Retried Kind = "retried"
	// Discarded: given up with no destination, or with one that refused (Err).
	Discarded Kind = "discarded"
	// DeadLettered: given up and accepted by the on-failure destination.
	DeadLettered Kind = "dead-lettered"
)

// Event is one decision, told to Config.Tap.
type Event struct {
	At       time.Time
	Kind     Kind
	Function string
	// Attempt counts from 1.
	Attempt int
	// Async tells an event of the asynchronous queue.
	Async     bool
	RequestID string
	// Payload is what the handler gets; for a batch, the Kinesis event of just
	// the records that the decision is about. It must not be changed.
	Payload []byte
	// Records is the number of records that the decision is about, for batches.
	Records int
	Err     string
	// Mapping and Shard are set for batches: the UUID and the shard id.
	Mapping string
	Shard   string
}

func (s *State) tell(e Event) {
	if s.config.Tap == nil {
		return
	}
	e.At = time.Now()
	s.config.Tap(e)
}
