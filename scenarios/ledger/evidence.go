package ledger

// Evidence is what the read-back through the public AWS APIs found after the
// run had drained. A nil part means that this backend gives no such evidence;
// its sink is then unobserved, never guessed.
//
// Objects and points are too many to be kept twice: they are entered into the
// ledger one by one while they are read (FoundObject, FoundRow).
type Evidence struct {
	// Archive tells that all objects were entered.
	Archive bool
	// TimeSeries tells that all points were entered.
	TimeSeries bool
	// States are the last items, by thing.
	States map[string]ItemState
	// Alerts are those in the queue subscribed to the alert topic.
	Alerts []SentAlert
	// DeadLetters are those in the dead-letter queue.
	DeadLetters []DeadLetter
	// Unseen says of what this backend gives no evidence, and why.
	Unseen []string
	// Drained tells that every queue was empty before the read-back; without it
	// what is missing was in flight, not lost.
	Drained bool
}

// Object is one archived payload.
type Object struct {
	Key  string
	ETag Sum
}

// Row is one point of a time series. Time is in ms since the epoch.
type Row struct {
	Thing   string
	Time    int64
	Measure string
	Value   float64
}

// ItemState is a device's item. Timestamp is the device's, in ms since the epoch;
// items of the published pipeline have only the time of lastSeen, which is the same.
type ItemState struct{ Timestamp int64 }

// SentAlert is one alert as a subscriber received it. Timestamp is the
// reading's, in ms since the epoch. Kind is empty in the published pipeline.
type SentAlert struct {
	Thing     string
	Kind      string
	Severity  string
	Timestamp int64
	// Message is its text for people.
	Message string
}

// Key is the alert without its text: two of one key are one alert sent twice.
func (s SentAlert) Key() SentAlert {
	s.Message = ""
	return s
}

// DeadLetter is a message, a metric of one, or a batch that the pipeline set
// aside. Sum is zero where the letter carries no payload.
type DeadLetter struct {
	// ID is the same for a letter that was set aside again; empty for one of a rule.
	ID string
	// Function is who set it aside; empty for a rule.
	Function string
	// Sinks are those that get the message from who set it aside: only there the
	// letter explains that it is missing. Empty is all.
	Sinks     []Sink
	Reason    string // undecodable, invalid, rejected, or a rule's error
	Detail    string
	Thing     string
	Sum       Sum
	Timestamp int64
	Measure   string
}
