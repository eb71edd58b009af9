package telemetry_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/pipeline/telemetry"
)

func TestDecode(t *testing.T) {
	r, err := telemetry.Decode([]byte(`{"deviceId":"s1","timestamp":1767225600000,"seq":7,"data":{"b":2,"a":-1.5e1},"more":{}}`))
	require.NoError(t, err)
	require.Equal(t, telemetry.Reading{DeviceID: "s1", Timestamp: 1767225600000, Seq: 7, Metrics: []telemetry.Metric{{Name: "a", Value: -15}, {Name: "b", Value: 2}}}, r)
}

func TestDecodeTakesTheLastOfANameAndMendsText(t *testing.T) {
	r, err := telemetry.Decode([]byte("{\"deviceId\":\"s\xff\",\"timestamp\":1767225600000,\"data\":{\"a\xff\":1,\"b\":2,\"b\":3}}"))
	require.NoError(t, err)
	require.Equal(t, "s\uFFFD", r.DeviceID)
	require.Equal(t, []telemetry.Metric{{Name: "a\uFFFD", Value: 1}, {Name: "b", Value: 3}}, r.Metrics)
}

func TestDecodeSaysWhatIsWrong(t *testing.T) {
	for _, c := range []struct {
		payload string
		reason  telemetry.Reason
	}{
		{``, telemetry.Undecodable},
		{"\x00\xff", telemetry.Undecodable},
		{`{"deviceId":`, telemetry.Undecodable},
		{`[1]`, telemetry.Invalid},
		{`null`, telemetry.Invalid},
		{`{"timestamp":1767225600000,"data":{"a":1}}`, telemetry.Invalid},
		{`{"deviceId":7,"timestamp":1767225600000,"data":{"a":1}}`, telemetry.Invalid},
		{`{"deviceId":"s","data":{"a":1}}`, telemetry.Invalid},
		{`{"deviceId":"s","timestamp":null,"data":{"a":1}}`, telemetry.Invalid},
		{`{"deviceId":"s","timestamp":1767225600.5,"data":{"a":1}}`, telemetry.Invalid},
		{`{"deviceId":"s","timestamp":1767225600,"data":{"a":1}}`, telemetry.Invalid}, // seconds
		{`{"deviceId":"s","timestamp":1767225600000}`, telemetry.Invalid},
		{`{"deviceId":"s","timestamp":1767225600000,"data":{}}`, telemetry.Invalid},
		{`{"deviceId":"s","timestamp":1767225600000,"data":{"a":"hot"}}`, telemetry.Invalid},
		{`{"deviceId":"s","timestamp":1767225600000,"data":{"a":null}}`, telemetry.Invalid},
		{`{"deviceId":"s","timestamp":1767225600000,"data":{"a":1e999}}`, telemetry.Invalid},
		{`{"deviceId":"s","timestamp":1767225600000,"data":{"":1}}`, telemetry.Invalid},
	} {
		_, err := telemetry.Decode([]byte(c.payload))
		var bad *telemetry.Error
		require.True(t, errors.As(err, &bad), "%s: %v", c.payload, err)
		require.Equal(t, c.reason, bad.Reason, c.payload)
	}
}

func TestOpen(t *testing.T) {
	e, err := telemetry.Open([]byte(`{"payload":"AP8=","thing":"s1","topic":"devices/s1/telemetry","received":1767225600012}`))
	require.NoError(t, err)
	require.Equal(t, []byte{0, 0xff}, e.Payload)
	require.Equal(t, time.Date(2026, 1, 1, 0, 0, 0, 12e6, time.UTC), e.ReceivedAt())
	require.Equal(t, "2026-01-01T00:00:00.012Z", telemetry.ISO(e.ReceivedAt()))
	for _, bad := range []string{``, `[]`, `{"thing":"s1"}`, `{"received":1}`} {
		_, err := telemetry.Open([]byte(bad))
		require.Error(t, err, bad)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"deviceId":"s1","timestamp":1767225600000,"seq":7,"data":{"a":1}}`))
	f.Add([]byte(`{"data":[]}`))
	f.Add([]byte("{\"deviceId\":\"s\xff\",\"timestamp\":1767225600000,\"data\":{\"a\xff\":1,\"a\":2,\"a\":3}}"))
	f.Fuzz(func(t *testing.T, payload []byte) {
		r, err := telemetry.Decode(payload)
		bad, isBad := errors.AsType[*telemetry.Error](err)
		require.Equal(t, json.Valid(payload), !isBad || bad.Reason != telemetry.Undecodable, "what JSON is, encoding/json says")
		if err == nil {
			_, err = json.Marshal(r.Data())
			require.NoError(t, err, "what was decoded can be stored")
			require.NotEmpty(t, r.Metrics)
		}
	})
}
