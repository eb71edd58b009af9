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
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"time"
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
// an *Error.
func Decode(payload []byte) (Reading, error) {
	var body struct {
		DeviceID  json.RawMessage            `json:"deviceId"`
		Timestamp json.RawMessage            `json:"timestamp"`
		Data      map[string]json.RawMessage `json:"data"`
		Seq       json.RawMessage            `json:"seq"`
	}
	if !json.Valid(payload) {
		return Reading{}, &Error{Undecodable, "the payload is not JSON"}
	}
	if err := json.Unmarshal(payload, &body); err != nil {
		return Reading{}, invalid("the payload is not a reading: %s", err)
	}
	var r Reading
	if json.Unmarshal(body.DeviceID, &r.DeviceID) != nil || r.DeviceID == "" {
		return Reading{}, invalid("deviceId is not a text")
	}
	if json.Unmarshal(body.Timestamp, &r.Timestamp) != nil || bytes.Equal(body.Timestamp, []byte("null")) {
		return Reading{}, invalid("timestamp is not an integer of milliseconds")
	}
	if r.Timestamp < minTime || r.Timestamp > maxTime {
		return Reading{}, invalid("timestamp %d is not between the years 2000 and 9999", r.Timestamp)
	}
	if json.Unmarshal(body.Seq, &r.Seq) != nil {
		r.Seq = 0
	}
	return r, r.metrics(body.Data)
}

func (r *Reading) metrics(data map[string]json.RawMessage) error {
	if len(data) == 0 || len(data) > maxMetrics {
		return invalid("data has %d metrics, not 1 to %d", len(data), maxMetrics)
	}
	for name, raw := range data {
		var value float64
		if json.Unmarshal(raw, &value) != nil || bytes.Equal(raw, []byte("null")) || math.IsInf(value, 0) {
			return invalid("metric %.64q is not a number", name)
		}
		if name == "" || len(name) > maxName {
			return invalid("a metric's name has %d bytes, not 1 to %d", len(name), maxName)
		}
		r.Metrics = append(r.Metrics, Metric{name, value})
	}
	sort.Slice(r.Metrics, func(i, j int) bool { return r.Metrics[i].Name < r.Metrics[j].Name })
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
	Payload []byte `json:"payload"`
	// Thing is the second level of the topic: the device's identity.
	Thing string `json:"thing"`
	Topic string `json:"topic"`
	// Received is the cloud's clock at the rule, in ms since the epoch.
	Received int64  `json:"received"`
	Trace    string `json:"trace,omitempty"`
}

// Open reads an envelope.
func Open(data []byte) (Envelope, error) {
	var e Envelope
	if err := json.Unmarshal(data, &e); err != nil {
		return e, &Error{Undecodable, "the record is not an envelope of the rule TelemetryToKinesis"}
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
