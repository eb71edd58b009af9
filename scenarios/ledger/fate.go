package ledger

// Sink is a place where a message, or what follows from it, must end up.
type Sink int

// The sinks of the pipeline.
const (
	Archive    Sink = iota // the raw payload in S3
	TimeSeries             // every metric in Timestream
	State                  // the device's item in DynamoDB
	Alert                  // an alert on SNS, where the reading crosses a threshold
	sinks
)

// Sinks lists them in the order of reports.
func Sinks() []Sink { return []Sink{Archive, TimeSeries, State, Alert} }

// String is the sink's name in reports.
func (s Sink) String() string {
	return [...]string{"archive", "time series", "device state", "alert"}[s]
}

// Fate is what became of a message in one sink.
type Fate string

// The fates. See DESIGN.md §4.
const (
	Stored         Fate = "stored"
	StoredTwice    Fate = "stored twice"
	Superseded     Fate = "superseded"     // older than the stored state
	Filtered       Fate = "filtered"       // the rule's WHERE, or no threshold crossed
	Refused        Fate = "refused"        // by the broker: policy, quota or size
	Corrupted      Fate = "corrupted"      // stored with another value
	Rejected       Fate = "rejected"       // by Timestream, with AWS's reason
	DeadLettered   Fate = "dead-lettered"  // in the dead-letter queue, with the reason
	Overwritten    Fate = "overwritten"    // another object took its S3 key
	NeverSent      Fate = "never sent"     // the device was down
	Unacknowledged Fate = "unacknowledged" // sent, no PUBACK, not stored
	InFlight       Fate = "in flight"      // the run was cut short
	Unobserved     Fate = "unobserved"     // this backend gives no evidence
	Lost           Fate = "lost"
)

// Fates lists all of them in the order of reports, good news first.
func Fates() []Fate {
	return []Fate{Stored, StoredTwice, Superseded, Filtered, Refused, Corrupted, Rejected, DeadLettered,
		Overwritten, NeverSent, Unacknowledged, InFlight, Unobserved, Lost}
}

// Verdict is a fate with its reason.
type Verdict struct {
	Fate   Fate   `json:"fate"`
	Reason string `json:"reason,omitempty"`
}
