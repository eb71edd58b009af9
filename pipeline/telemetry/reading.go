// Package telemetry is the wire schema of a device's readings, and of the
// envelope in which the rule TelemetryToKinesis puts them on the stream.
//
//	device:  {"deviceId":"sensor-001","timestamp":1767225600000,"data":{"temperature":21.5},"seq":7}
//	stream:  {"payload":"<base64 of the above>","thing":"sensor-001","topic":"devices/…","received":1767225600012}
//
// The envelope's thing comes from the topic, which the broker's policy guards;
// the payload's deviceId is what the device says of itself and is not believed.
package telemetry

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// Reading is one telemetry message.
type Reading struct {
	DeviceID string
	// Timestamp is the device's clock, in ms since the epoch.
	Timestamp int64
	// Metrics are the numbers of data, sorted by name.
	Metrics []Metric
	// Seq is the device's own count; zero when it does not count.
	Seq uint64
}

// Metric is one measured value.
type Metric struct {
	Name  string
	Value float64
}

// Limits of a reading: what Timestream takes (256 bytes for a measure name), and
// a clock between the years 2000 and 9999.
const (
	maxMetrics = 100
	maxName    = 256
	minTime    = 946684800000
	maxTime    = 253402300799999
)

// Reason says why bytes are no reading.
type Reason string

// The reasons.
const (
	Undecodable Reason = "undecodable" // not JSON
	Invalid     Reason = "invalid"     // JSON, but not a reading
)

// Error says why and what.
type Error struct {
	Reason Reason
	Detail string
}

// Error implements error.
func (e *Error) Error() string { return string(e.Reason) + ": " + e.Detail }

func invalid(format string, args ...any) error {
	return &Error{Invalid, fmt.Sprintf(format, args...)}
}

// Decode reads a reading. Members it does not know are ignored; a wrong type is
// an *Error. It looks at each member once: every message comes through here twice,
// for its storage and for its alerts.
func Decode(payload []byte) (Reading, error) {
	body, ok := parse(payload)
	if !ok {
		return Reading{}, &Error{Undecodable, "the payload is not JSON"}
	}
	if !body.IsObject() {
		return Reading{}, invalid("the payload is not a reading: it is no object")
	}
	var device, timestamp, data, seq gjson.Result
	body.ForEach(func(name, value gjson.Result) bool {
		switch name.Str {
		case "deviceId":
			device = value
		case "timestamp":
			timestamp = value
		case "data":
			data = value
		case "seq":
			seq = value
		}
		return true
	})
	var r Reading
	if r.DeviceID = device.Str; device.Type != gjson.String || r.DeviceID == "" {
		return Reading{}, invalid("deviceId is not a text")
	}
	var err error
	if r.Timestamp, err = strconv.ParseInt(timestamp.Raw, 10, 64); err != nil {
		return Reading{}, invalid("timestamp is not an integer of milliseconds")
	}
	if r.Timestamp < minTime || r.Timestamp > maxTime {
		return Reading{}, invalid("timestamp %d is not between the years 2000 and 9999", r.Timestamp)
	}
	if r.Seq, err = strconv.ParseUint(seq.Raw, 10, 64); err != nil {
		r.Seq = 0
	}
	return r, r.metrics(data)
}

// parse reads JSON. Bytes that are no UTF-8 become U+FFFD, as with encoding/json.
func parse(text []byte) (gjson.Result, bool) {
	if !Valid(text) {
		return gjson.Result{}, false
	}
	if !utf8.Valid(text) {
		return gjson.Parse(string([]rune(string(text)))), true
	}
	return gjson.ParseBytes(text), true
}

// maxNested is up to how many bytes gjson is asked whether they are JSON: it goes
// into an array within an array by a call within a call, and six million of them
// are the end of a process. encoding/json knows a bound, and takes four times as long.
const maxNested = 256 << 10

// Valid tells whether a text is JSON.
func Valid(text []byte) bool {
	if len(text) > maxNested {
		return json.Valid(text)
	}
	return gjson.ValidBytes(text)
}

func (r *Reading) metrics(data gjson.Result) error {
	if data.Type != gjson.Null && !data.IsObject() {
		return invalid("data is not an object")
	}
	var err error
	data.ForEach(func(name, value gjson.Result) bool {
		err = r.metric(name.Str, value)
		return err == nil
	})
	if err != nil {
		return err
	}
	if n := len(r.Metrics); n == 0 {
		return invalid("data has no metrics")
	}
	slices.SortFunc(r.Metrics, func(a, b Metric) int { return strings.Compare(a.Name, b.Name) })
	return nil
}

// metric adds a value. The last one of a name counts.
func (r *Reading) metric(name string, value gjson.Result) error {
	if value.Type != gjson.Number || math.IsInf(value.Num, 0) {
		return invalid("metric %.64q is not a number", name)
	}
	if name == "" || len(name) > maxName {
		return invalid("a metric's name has %d bytes, not 1 to %d", len(name), maxName)
	}
	for i := range r.Metrics {
		if r.Metrics[i].Name == name {
			r.Metrics[i].Value = value.Num
			return nil
		}
	}
	if len(r.Metrics) == maxMetrics {
		return invalid("data has more than %d metrics", maxMetrics)
	}
	r.Metrics = append(r.Metrics, Metric{name, value.Num})
	return nil
}

// Metric returns the value of a metric.
func (r Reading) Metric(name string) (float64, bool) {
	for _, m := range r.Metrics {
		if m.Name == name {
			return m.Value, true
		}
	}
	return 0, false
}

// Data are the metrics as a map.
func (r Reading) Data() map[string]float64 {
	data := make(map[string]float64, len(r.Metrics))
	for _, m := range r.Metrics {
		data[m.Name] = m.Value
	}
	return data
}

// Envelope is what the rule puts around a payload.
type Envelope struct {
	Payload []byte
	// Thing is the second level of the topic: the device's identity.
	Thing string
	Topic string
	// Received is the cloud's clock at the rule, in ms since the epoch.
	Received int64
}

// Open reads an envelope.
func Open(data []byte) (Envelope, error) {
	var e Envelope
	body, ok := parse(data)
	ok = ok && body.IsObject()
	body.ForEach(func(name, value gjson.Result) bool {
		var err error
		switch name.Str {
		case "payload":
			e.Payload, err = base64.StdEncoding.DecodeString(value.Str)
			ok = ok && err == nil && value.Type == gjson.String
		case "thing":
			e.Thing, ok = value.Str, ok && value.Type == gjson.String
		case "topic":
			e.Topic, ok = value.Str, ok && value.Type == gjson.String
		case "received":
			e.Received, err = strconv.ParseInt(value.Raw, 10, 64)
			ok = ok && err == nil
		}
		return ok
	})
	if !ok {
		return Envelope{}, &Error{Undecodable, "the record is not an envelope of the rule TelemetryToKinesis"}
	}
	if e.Thing == "" || e.Received <= 0 {
		return e, &Error{Undecodable, "the envelope has no thing or no time"}
	}
	return e, nil
}

// ReceivedAt is Received as a time.
func (e Envelope) ReceivedAt() time.Time { return time.UnixMilli(e.Received).UTC() }

// ISO is the one form of times in items and alerts: RFC 3339 with milliseconds,
// as JavaScript's toISOString, which sorts as text.
func ISO(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
