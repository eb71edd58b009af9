package ledger

import (
	"crypto/md5"
	"encoding/json"
	"fmt"
	"math"
	"sort"
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

// Message is one reading and all that is known of it.
type Message struct {
	ID    ID
	Topic string
	Sum   Sum
	// Timestamp is the device's own, in ms since the epoch; 0 when the payload
	// is not a reading.
	Timestamp int64
	Measures  []Measure
	// Invalid says why the payload is not a reading; such a message is to be
	// dead-lettered by the pipeline, not stored.
	Invalid string
	// Ingress counts how often the broker accepted it: QoS 1 may repeat.
	Ingress int
	// Key is the S3 key the archive action wrote it under.
	Key string
	// Refusal says why the broker did not accept it.
	Refusal string
	// Failure says which rule action failed and why.
	Failure string
	// GivenUp says why the device did not send it.
	GivenUp string
	At      [stages]time.Time
	Notes   []Note
	Fates   [sinks]Verdict
	order   int // of acceptance by the broker, from 1
}

// maxNotes bounds what a message remembers of trouble on its way.
const maxNotes = 16

func (m *Message) note(at time.Time, text string) {
	if len(m.Notes) < maxNotes {
		m.Notes = append(m.Notes, Note{at, text})
	}
}

// read fills in timestamp and measures from the payload, or says what is wrong
// with it. It is on purpose not the pipeline's own decoder.
func (m *Message) read(payload []byte) {
	var body struct {
		DeviceID  *string        `json:"deviceId"`
		Timestamp *json.Number   `json:"timestamp"`
		Data      map[string]any `json:"data"`
	}
	if err := json.Unmarshal(payload, &body); err != nil {
		m.Invalid = "not a JSON reading"
		return
	}
	if body.DeviceID == nil || *body.DeviceID == "" {
		m.Invalid = "no deviceId"
		return
	}
	if body.Timestamp == nil {
		m.Invalid = "no timestamp"
		return
	}
	ms, err := body.Timestamp.Int64()
	if err != nil {
		m.Invalid = "timestamp is not an integer of milliseconds"
		return
	}
	if len(body.Data) == 0 {
		m.Invalid = "no data"
		return
	}
	for name, v := range body.Data {
		value, ok := v.(float64)
		if !ok || math.IsNaN(value) || math.IsInf(value, 0) {
			m.Invalid = fmt.Sprintf("metric %q is not a number", name)
			m.Measures = nil
			return
		}
		m.Measures = append(m.Measures, Measure{name, value})
	}
	sort.Slice(m.Measures, func(i, j int) bool { return m.Measures[i].Name < m.Measures[j].Name })
	m.Timestamp = ms
}
