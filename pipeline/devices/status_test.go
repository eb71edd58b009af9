package devices_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/aws/aws-lambda-go/events"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/pipeline/devices"
)

// TestAnswers: the device API shows the newest answer to a command, whatever
// order they come in, and a status that answers nothing leaves it.
func TestAnswers(t *testing.T) {
	cfg := newTable(t)
	handler := devices.NewStatusHandler(cfg, table)
	status := func(at int64, payload string) {
		e := devices.StatusEvent{Thing: "s1", Received: at}
		require.NoError(t, json.Unmarshal([]byte(payload), &e))
		require.NoError(t, handler.Handle(t.Context(), e))
	}
	status(1000, `{"status":"online","command":"reboot","id":"a","result":"done"}`)
	status(3000, `{"status":"online","command":"update_interval","id":7,"result":"refused","detail":"too <fast>"}`)
	status(2000, `{"status":"online","command":"reboot","id":"late","result":"done"}`)
	status(4000, `{"status":"online"}`)
	request := events.APIGatewayV2HTTPRequest{RouteKey: "GET /devices/{deviceId}", PathParameters: map[string]string{"deviceId": "s1"}}
	answer := func() map[string]any {
		var device struct {
			Answer map[string]any `json:"answer"`
		}
		out, err := devices.NewAPI(cfg, table, nil).Handle(t.Context(), request)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal([]byte(out.Body), &device))
		return device.Answer
	}
	require.Equal(t, map[string]any{
		"action": "update_interval", "id": "7", "result": "refused", "detail": "too <fast>", "at": "1970-01-01T00:00:03.000Z",
	}, answer())
	status(5000, `{"status":"online","command":{"a":1},"detail":"`+strings.Repeat("é", 200)+`"}`)
	require.Equal(t, map[string]any{"action": `{"a":1}`, "detail": strings.Repeat("é", 128), "at": "1970-01-01T00:00:05.000Z"}, answer())
}
