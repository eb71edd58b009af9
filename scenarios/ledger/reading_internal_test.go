package ledger

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

// FuzzRead holds the reading of payloads to encoding/json.
func FuzzRead(f *testing.F) {
	for _, payload := range []string{
		`{"deviceId":"s1","timestamp":1767225600000,"seq":7,"data":{"b":1,"a":-2.5e1,"a":3}}`,
		"{\"deviceId\":\"s\xff\",\"timestamp\":1767225600000,\"data\":{\"a\xff\":1,\"\\u0000\":2}}",
		`{"deviceId":"s1","timestamp":1.5,"data":{"a":1}}`, `{"deviceId":"s1","timestamp":1,"data":{"a":"1"}}`,
		`{"deviceId":"s1","timestamp":1,"data":{"a":1e999}}`, `{"deviceId":"s1","timestamp":1,"data":[1]}`,
		`{"deviceId":null,"timestamp":1,"data":{"a":1}}`, `[]`, `null`, `{`, ``,
	} {
		f.Add([]byte(payload))
	}
	f.Fuzz(func(t *testing.T, payload []byte) {
		var m Message
		New().read(&m, payload)
		ms, data, ok := oracle(payload)
		require.Equal(t, ok, m.invalid() == "", "%q: %s", payload, m.invalid())
		if !ok {
			return
		}
		require.Equal(t, ms, m.Timestamp)
		require.Len(t, m.Measures(), len(data))
		for _, metric := range m.Measures() {
			require.Contains(t, data, metric.Name)
			require.Equal(t, data[metric.Name], metric.Value)
		}
	})
}

// oracle reads a payload by encoding/json. It uses maps, because struct members
// would match in any case of letters.
func oracle(payload []byte) (int64, map[string]float64, bool) {
	var body map[string]json.RawMessage
	var device *string
	var ms *int64
	var values map[string]*float64
	if json.Unmarshal(payload, &body) != nil || json.Unmarshal(body["deviceId"], &device) != nil ||
		json.Unmarshal(body["timestamp"], &ms) != nil || json.Unmarshal(body["data"], &values) != nil {
		return 0, nil, false
	}
	data := map[string]float64{}
	for name, value := range values {
		if value == nil {
			return 0, nil, false
		}
		data[name] = *value
	}
	ok := device != nil && *device != "" && ms != nil && len(data) > 0 && len(data) <= maxMetrics
	if !ok {
		return 0, nil, false
	}
	return *ms, data, true
}

func TestNamesAreNotMixedUp(t *testing.T) {
	l := New()
	for _, payload := range []string{`{"deviceId":"s","timestamp":1,"data":{"a":1,"b":2}}`, `{"deviceId":"s","timestamp":1,"data":{"a\u0000b":1}}`} {
		var m Message
		l.read(&m, []byte(payload))
		require.Empty(t, m.invalid())
		require.Len(t, m.names, len(m.values), payload)
	}
}
