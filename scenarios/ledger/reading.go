package ledger

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/tidwall/gjson"
)

// maxMetrics bounds the metrics of a reading, which are marked in 64 bits.
const maxMetrics = 64

// read fills in timestamp and metrics from the payload, or says what is wrong
// with it. It is on purpose not the pipeline's own decoder.
func (l *Ledger) read(m *Message, payload []byte) {
	if err := l.readInto(m, payload); err != "" {
		m.amiss().Invalid = err
	}
}

func (l *Ledger) readInto(m *Message, payload []byte) (invalid string) {
	if !valid(payload) {
		return notReading
	}
	text := string(payload)
	if !utf8.ValidString(text) {
		text = string([]rune(text)) // U+FFFD for each byte that is none, as encoding/json has it
	}
	body := gjson.Parse(text)
	if !body.IsObject() {
		return notReading
	}
	var device, timestamp, data gjson.Result
	body.ForEach(func(name, value gjson.Result) bool {
		switch name.Str {
		case "deviceId":
			device = value
		case "timestamp":
			timestamp = value
		case "data":
			data = value
		}
		return true
	})
	if device.Type != gjson.String || device.Str == "" {
		return "no deviceId"
	}
	if timestamp.Type != gjson.Number {
		return "no timestamp"
	}
	ms, err := strconv.ParseInt(timestamp.Raw, 10, 64)
	if err != nil {
		return "timestamp is not an integer of milliseconds"
	}
	metrics, invalid := measures(data)
	if invalid == "" {
		m.names, m.values, m.Timestamp = l.shared(metrics), l.floats(len(metrics)), ms
		for i, metric := range metrics {
			m.values[i] = metric.Value
		}
	}
	return invalid
}

// maxNested is up to how many bytes gjson is asked whether they are JSON: it goes
// into an array within an array by a call within a call. AWS IoT takes no more.
const maxNested = 128 << 10

func valid(payload []byte) bool {
	if len(payload) > maxNested {
		return json.Valid(payload)
	}
	return gjson.ValidBytes(payload)
}

const notReading = "not a JSON reading"

// measures are the metrics of a reading's data, by name; the last of a name counts.
func measures(data gjson.Result) (list []Measure, invalid string) {
	if !data.IsObject() {
		return nil, "no data"
	}
	list = make([]Measure, 0, 8)
	data.ForEach(func(name, value gjson.Result) bool {
		if value.Type != gjson.Number || math.IsInf(value.Num, 0) {
			invalid = fmt.Sprintf("metric %q is not a number", name.Str)
			return false
		}
		i, there := slices.BinarySearchFunc(list, name.Str, func(m Measure, name string) int { return strings.Compare(m.Name, name) })
		if there {
			list[i].Value = value.Num
			return true
		}
		list = slices.Insert(list, i, Measure{name.Str, value.Num})
		return len(list) <= maxMetrics
	})
	if invalid == "" && (len(list) == 0 || len(list) > maxMetrics) {
		invalid = "no data"
	}
	return list, invalid
}

// shared is one list of the metrics' names for all messages that have them.
func (l *Ledger) shared(metrics []Measure) []string {
	l.key = l.key[:0]
	for _, m := range metrics {
		l.key = append(binary.AppendUvarint(l.key, uint64(len(m.Name))), m.Name...)
	}
	if names, ok := l.names[string(l.key)]; ok {
		return names
	}
	names := make([]string, len(metrics))
	for i, m := range metrics {
		names[i] = strings.Clone(m.Name) // not the payload with it
	}
	l.names[string(l.key)] = names
	return names
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
