package ledger

import (
	"crypto/md5"
	"fmt"
	"time"
)

// ID names a message: the thing that sampled it and its sequence number.
type ID struct {
	Thing string `json:"thing"`
	Seq   uint64 `json:"seq"`
}

// String is the form users type: sensor-00007/42.
func (id ID) String() string { return fmt.Sprintf("%s/%d", id.Thing, id.Seq) }

// Sum is the MD5 of a payload, which S3 also gives as the ETag of an object.
type Sum [md5.Size]byte

// Stage is an instant on a message's way.
type Stage int

// The stages in the order of the way.
const (
	Sampled  Stage = iota // the device has a reading
	Sent                  // the device wrote the PUBLISH
	Accepted              // the broker put it into the rules queue
	Archived              // the S3 action succeeded
	Streamed              // the Kinesis action succeeded
	Acked                 // the device saw the PUBACK
	Written               // WriteRecords with its points succeeded
	StateSet              // UpdateItem with its timestamp succeeded
	Alerted               // SNS Publish of its alert succeeded
	stages
)

var stageNames = [...]string{
	"sampled by the device", "sent (PUBLISH, QoS 1)", "accepted by the broker", "archived: s3 action done",
	"streamed: kinesis action done", "acknowledged (PUBACK)", "written: timestream WriteRecords",
	"device state: dynamodb UpdateItem", "alert: sns Publish",
}

// String says what happened at the stage.
func (s Stage) String() string { return stageNames[s] }

// Measure is one metric of a reading.
type Measure struct {
	Name  string  `json:"name"`
	Value float64 `json:"value"`
}

// Note is something out of the ordinary on the way: a refusal, a failed action.
type Note struct {
	At   time.Time `json:"at"`
	Text string    `json:"text"`
}

// Message is one reading and all that is known of it. There may be millions:
// times are numbers, names are shared, and what is rare is behind a pointer.
type Message struct {
	// What points elsewhere comes first: the garbage collector looks no further.
	names   []string // of the metrics, shared with other messages
	values  []float64
	fates   [sinks]*Verdict
	trouble *Trouble
	same    *Message // the one before it with the same thing and timestamp
	Topic   string
	// Key is the S3 key the archive action wrote it under.
	Key string
	ID  ID

	Sum Sum
	// Timestamp is the device's own, in ms since the epoch; 0 when the payload
	// is not a reading.
	Timestamp int64
	at        instants
	points    uint64 // found in the time series: bit i is metric i
	// Ingress counts how often the broker accepted it: QoS 1 may repeat.
	Ingress int32
	order   int32 // on the stream, from 1
	objects int32 // found in the archive
}

// Trouble is what went wrong with a message on its way.
type Trouble struct {
	// Invalid says why the payload is not a reading; such a message is to be
	// dead-lettered by the pipeline, not stored.
	Invalid string
	// Refusal says why the broker did not accept it.
	Refusal string
	// Failure says which rule action failed and why.
	Failure string
	// GivenUp says why the device did not send it.
	GivenUp string
	Notes   []Note

	corrupted string   // a metric that is stored with another value
	alike     *Message // an earlier one of the thing with the same bytes
}

// Trouble is what went wrong with the message so far.
func (m *Message) Trouble() Trouble {
	if m.trouble == nil {
		return Trouble{}
	}
	return *m.trouble
}

// amiss is the message's trouble, to change.
func (m *Message) amiss() *Trouble {
	if m.trouble == nil {
		m.trouble = &Trouble{}
	}
	return m.trouble
}

func (m *Message) invalid() string { return m.Trouble().Invalid }

// The verdicts on almost every message: one copy each.
var (
	isStored     = &Verdict{Fate: Stored}
	isSuperseded = &Verdict{Superseded, "the stored state is newer"}
	isFiltered   = &Verdict{Filtered, "no threshold crossed"}
)

// Fate is what became of the message in a sink; empty before an audit.
func (m *Message) Fate(s Sink) Verdict {
	if m.fates[s] == nil {
		return Verdict{}
	}
	return *m.fates[s]
}

// judge gives the message its fate in a sink.
func (m *Message) judge(s Sink, v Verdict) {
	switch v {
	case *isStored:
		m.fates[s] = isStored
	case *isSuperseded:
		m.fates[s] = isSuperseded
	case *isFiltered:
		m.fates[s] = isFiltered
	default:
		rare := v // only this one is kept
		m.fates[s] = &rare
	}
}

// At is when the message reached a stage; zero when it did not.
func (m *Message) At(s Stage) time.Time {
	if m.at[s] == 0 {
		return time.Time{}
	}
	return time.Unix(0, m.at[s])
}

// Took is the time from the sample to a stage; false when either is missing.
func (m *Message) Took(s Stage) (time.Duration, bool) {
	return time.Duration(m.at[s] - m.at[Sampled]), m.at[s] != 0 && m.at[Sampled] != 0
}

// Has tells whether the message reached a stage.
func (m *Message) Has(s Stage) bool { return m.at[s] != 0 }

// Measures are the metrics of the reading, by name.
func (m *Message) Measures() []Measure {
	list := make([]Measure, len(m.values))
	for i, v := range m.values {
		list[i] = Measure{m.names[i], v}
	}
	return list
}

// maxNotes bounds what a message remembers of trouble on its way.
const maxNotes = 16

func (m *Message) note(at time.Time, text string) {
	if t := m.amiss(); len(t.Notes) < maxNotes {
		t.Notes = append(t.Notes, Note{at, text})
	}
}
