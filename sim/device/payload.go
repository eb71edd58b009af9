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

// reading is the telemetry payload; now is the device's clock, at the true time.
func reading(thing string, seq uint64, at, now time.Time, signals sensor.Suite) []byte {
	b := append(make([]byte, 0, 192), `{"deviceId":`...)
	b = appendQuoted(b, thing)
	b = append(b, `,"timestamp":`...)
	b = strconv.AppendInt(b, now.UnixMilli(), 10)
	b = append(b, `,"seq":`...)
	b = strconv.AppendUint(b, seq, 10)
	b = append(b, `,"data":{`...)
	for i, s := range signals {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendQuoted(b, s.Name)
		b = append(b, ':')
		b = strconv.AppendFloat(b, s.Model.At(at), 'f', -1, 64)
	}
	return append(b, '}', '}')
}

// will is what the broker says of a device that was lost.
var will = []byte(`{"status":"offline"}`)

// status is the status payload; without a command the last four are absent.
type status struct {
	Status    string          `json:"status"`
	Timestamp int64           `json:"timestamp"`
	Seq       uint64          `json:"seq"`
	Command   string          `json:"command,omitempty"`
	ID        json.RawMessage `json:"id,omitempty"`
	Result    string          `json:"result,omitempty"`
	Detail    string          `json:"detail,omitempty"`
}
