package shape_test

import (
	"encoding/base64"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/shape"
)

func TestTopics(t *testing.T) {
	for topic, want := range map[string]struct {
		telemetry, status bool
		thing             string
	}{
		"devices/s1/telemetry":   {true, false, "s1"},
		"devices/s1/status":      {false, true, "s1"},
		"devices/s1/x/telemetry": {false, false, "s1"},
		"devices/telemetry":      {false, false, "telemetry"},
		"other/s1/telemetry":     {false, false, "s1"},
		"devices":                {false, false, ""},
		"":                       {false, false, ""},
	} {
		require.Equal(t, want.telemetry, shape.IsTelemetry(topic), topic)
		require.Equal(t, want.status, shape.IsStatus(topic), topic)
		require.Equal(t, want.thing, shape.Thing(topic), topic)
	}
}

func TestDevice(t *testing.T) {
	thing, ok := shape.Device("DEVICE#s1")
	require.True(t, ok)
	require.Equal(t, "s1", thing)
	_, ok = shape.Device("ALERT#s1")
	require.False(t, ok)
}

func TestRecordWithAndWithoutEnvelope(t *testing.T) {
	inner := base64.StdEncoding.EncodeToString([]byte(`{"deviceId":"forged"}`))
	for name, c := range map[string]struct{ data, thing, payload string }{
		"an envelope":         {`{"thing":"s1","payload":"` + inner + `"}`, "s1", `{"deviceId":"forged"}`},
		"a reading as it is":  {`{"deviceId":"s1"}`, "key", `{"deviceId":"s1"}`},
		"a thing and no body": {`{"thing":"s1"}`, "key", `{"thing":"s1"}`},
		"no Base64":           {`{"thing":"s1","payload":"?"}`, "key", `{"thing":"s1","payload":"?"}`},
		"no JSON":             {"\xff", "key", "\xff"},
	} {
		t.Run(name, func(t *testing.T) {
			thing, payload := shape.Record("key", []byte(c.data))
			require.Equal(t, c.thing, thing)
			require.Equal(t, c.payload, string(payload))
		})
	}
}

func TestAlertsOfBothPipelines(t *testing.T) {
	at := time.Date(2026, 1, 1, 0, 0, 0, int(5*time.Millisecond), time.UTC)
	got, ok := shape.Alert([]byte(`{"kind":"temperature","severity":"CRITICAL","deviceId":"s1","timestamp":"2026-01-01T00:00:00.005Z","message":"hot"}`))
	require.True(t, ok)
	require.Equal(t, ledger.SentAlert{Thing: "s1", Kind: "temperature", Severity: "CRITICAL", Timestamp: at.UnixMilli(), Message: "hot"}, got)
	for _, other := range []string{"", "hello", `{"deviceId":"","timestamp":"2026-01-01T00:00:00Z"}`, `{"deviceId":"s1","timestamp":"yesterday"}`} {
		_, ok := shape.Alert([]byte(other))
		require.False(t, ok, other)
	}
}
