package device

import (
	"encoding/json"
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// appendQuoted appends a JSON string.
func appendQuoted(b []byte, s string) []byte {
	for _, c := range []byte(s) {
		if c < ' ' || c > '~' || c == '"' || c == '\\' {
			quoted, _ := json.Marshal(s) // a string can always be marshalled
			return append(b, quoted...)
		}
	}
	return append(append(append(b, '"'), s...), '"')
}

// measure asks each sensor. It reuses last, the values before, which is empty the
// first time.
func measure(signals sensor.Suite, at time.Time, sense Sense, last []float64) []float64 {
	first := len(last) == 0
	if first {
		last = make([]float64, len(signals))
	}
	for i, s := range signals {
		v := s.Model.At(at)
		if first {
			last[i] = v
		}
		if sense != nil {
			v = sense(s.Name, at, v, last[i])
		}
		last[i] = v
	}
	return last
}

// reading is the telemetry payload; clock is the device's.
func reading(thing string, seq uint64, clock time.Time, signals sensor.Suite, values []float64) []byte {
	b := append(make([]byte, 0, 192), `{"deviceId":`...)
	b = appendQuoted(b, thing)
	b = append(b, `,"timestamp":`...)
	b = strconv.AppendInt(b, clock.UnixMilli(), 10)
	b = append(b, `,"seq":`...)
	b = strconv.AppendUint(b, seq, 10)
	b = append(b, `,"data":{`...)
	for i, s := range signals {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(b, s.Name)
		b = append(b, ':')
		b = strconv.AppendFloat(b, values[i], 'f', -1, 64)
	}
	return append(b, '}', '}')
}

// will is what the broker says of a device that was lost.
var will = []byte(`{"status":"offline"}`)

// status is the status payload. Command to Detail answer a command, Sensor and
// Reason tell of sensors that could not be read; they are absent else.
type status struct {
	Status    string          `json:"status"`
	Timestamp int64           `json:"timestamp"`
	Seq       uint64          `json:"seq"`
	Command   string          `json:"command,omitempty"`
	ID        json.RawMessage `json:"id,omitempty"`
	Result    string          `json:"result,omitempty"`
	Detail    string          `json:"detail,omitempty"`
	Sensor    string          `json:"sensor,omitempty"`
	Reason    string          `json:"reason,omitempty"`
}
