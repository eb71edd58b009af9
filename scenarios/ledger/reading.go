package ledger

import (
	"encoding/json"
	"fmt"
	"math"
	"sort"
	"strings"
)

// maxMetrics bounds the metrics of a reading, which are marked in 64 bits.
const maxMetrics = 64

// read fills in timestamp and metrics from the payload, or says what is wrong
// with it. It is on purpose not the pipeline's own decoder.
func (l *Ledger) read(m *Message, payload []byte) {
	var body struct {
		DeviceID  *string        `json:"deviceId"`
		Timestamp *json.Number   `json:"timestamp"`
		Data      map[string]any `json:"data"`
	}
	if err := json.Unmarshal(payload, &body); err != nil {
		m.amiss().Invalid = "not a JSON reading"
		return
	}
	if body.DeviceID == nil || *body.DeviceID == "" {
		m.amiss().Invalid = "no deviceId"
		return
	}
	if body.Timestamp == nil {
		m.amiss().Invalid = "no timestamp"
		return
	}
	ms, err := body.Timestamp.Int64()
	if err != nil {
		m.amiss().Invalid = "timestamp is not an integer of milliseconds"
		return
	}
	if len(body.Data) == 0 || len(body.Data) > maxMetrics {
		m.amiss().Invalid = "no data"
		return
	}
	names := make([]string, 0, len(body.Data))
	for name := range body.Data {
		names = append(names, name)
	}
	sort.Strings(names)
	values := l.floats(len(names))
	for i, name := range names {
		value, ok := body.Data[name].(float64)
		if !ok || math.IsNaN(value) || math.IsInf(value, 0) {
			m.amiss().Invalid = fmt.Sprintf("metric %q is not a number", name)
			return
		}
		values[i] = value
	}
	m.names, m.values, m.Timestamp = l.shared(names), values, ms
}

// shared is one copy of a list of names, for all messages that have it.
func (l *Ledger) shared(names []string) []string {
	key := strings.Join(names, "\x00")
	if _, ok := l.names[key]; !ok {
		l.names[key] = names
	}
	return l.names[key]
}

// index is the place of a metric in the reading, or -1.
func (m *Message) index(metric string) int {
	for i, name := range m.names {
		if name == metric {
			return i
		}
	}
	return -1
}

func (m *Message) measure(name string) (float64, bool) {
	if i := m.index(name); i >= 0 {
		return m.values[i], true
	}
	return 0, false
}
