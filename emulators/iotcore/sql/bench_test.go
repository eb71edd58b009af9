package sql_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// telemetry is a typical payload.
const telemetry = `{"deviceId":"sensor-001","timestamp":1767225600000,"seq":7,"temperature":41.53,"data":{"temperature":21.53,"humidity":50.1,"pressure":1013.2,"battery_pct":87.5}}`

func benchmark(b *testing.B, statement, payload string) {
	s, err := sql.Parse(statement)
	require.NoError(b, err)
	m := message(payload)
	b.ReportAllocs()
	b.SetBytes(int64(len(payload)))
	for b.Loop() {
		if _, err := s.Eval(m); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkDecode is a payload decoded and little else.
func BenchmarkDecode(b *testing.B) {
	benchmark(b, `SELECT * FROM 'x' WHERE nosuch = 1`, telemetry)
}

// BenchmarkEval is a typical statement.
func BenchmarkEval(b *testing.B) {
	benchmark(b, `SELECT *, topic(2) AS id, timestamp() AS ts FROM 'x' WHERE temperature > 30`, telemetry)
}

// BenchmarkEncode needs nothing of the payload but its bytes.
func BenchmarkEncode(b *testing.B) {
	benchmark(b, `SELECT encode(*, 'base64') AS data, topic(2) AS t, timestamp() AS ts FROM 'a/+/b'`, telemetry)
}

// BenchmarkRegexp has a pattern that is compiled once.
func BenchmarkRegexp(b *testing.B) {
	benchmark(b, `SELECT regexp_replace(deviceId, 'sensor-0*(\d+)', '$1') AS n FROM 'x' WHERE regexp_matches(deviceId, '^sensor-')`, telemetry)
}

// BenchmarkWhere is a rule that does not fire, as most do not.
func BenchmarkWhere(b *testing.B) {
	benchmark(b, `SELECT * FROM 'devices/+/telemetry' WHERE data.temperature > 40`, telemetry)
}
