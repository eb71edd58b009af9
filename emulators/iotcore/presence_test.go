package iotcore

import (
	"crypto/tls"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

// TestDisconnectReasons is the table of AWS.md §1, "disconnectReason | will sent":
// each reason by the thing that causes it, its event and whether the will is sent.
// WEBSOCKET_TTL_EXPIRATION has TestWebSocketExpires. Nothing here makes
// SERVER_ERROR and THROTTLED, and there are no custom authorizers.
// AWS.md §1: disconnect at 1.5 ×; disconnected: no ipAddress; adds
// clientInitiatedDisconnect, disconnectReason; CLIENT_INITIATED_DISCONNECT no;
// AUTH_ERROR; CLIENT_ERROR, CONNECTION_LOST, DUPLICATE_CLIENTID,
// MQTT_KEEP_ALIVE_TIMEOUT; SERVER_INITIATED_DISCONNECT.
func TestDisconnectReasons(t *testing.T) {
	tests := map[string]struct {
		end  func(f *fixture, c *client, cert tls.Certificate)
		will bool
	}{
		"CLIENT_INITIATED_DISCONNECT": {func(_ *fixture, c *client, _ tls.Certificate) { c.disconnect() }, false},
		"AUTH_ERROR": {func(f *fixture, c *client, _ tls.Certificate) {
			f.detach("a")
			c.publish("t", "forbidden")
		}, true},
		"CLIENT_ERROR": {func(_ *fixture, c *client, _ tls.Certificate) {
			c.publish("t", strings.Repeat("x", message.MaxPayload+1))
		}, true},
		"CONNECTION_LOST":         {func(_ *fixture, c *client, _ tls.Certificate) { c.drop() }, true},
		"DUPLICATE_CLIENTID":      {func(f *fixture, _ *client, cert tls.Certificate) { f.dial("a", cert) }, true},
		"MQTT_KEEP_ALIVE_TIMEOUT": {func(*fixture, *client, tls.Certificate) { time.Sleep(46 * time.Second) }, true},
		"SERVER_INITIATED_DISCONNECT": {func(f *fixture, _ *client, _ tls.Certificate) {
			f.unserve()
		}, true},
		"API_INITIATED_DISCONNECT": {func(f *fixture, _ *client, _ tls.Certificate) { f.core.Disconnect("a") }, true},
	}
	for reason, test := range tests {
		t.Run(reason, func(t *testing.T) {
			inBubble(t, func(f *fixture) {
				f.rule("Presence", "$aws/events/presence/disconnected/a", action.Action{Lambda: &action.Lambda{FunctionArn: "f"}})
				f.rule("Will", "will", toKinesis("wills"))
				cert := f.thing("a", allowAll)
				connected := f.dial("a", cert, keepAlive(30), withWill("will", "gone"))
				test.end(f, connected, cert)
				settle()
				var event map[string]any
				wills := 0
				for _, call := range f.targets.took() {
					if text, ok := strings.CutPrefix(call, "lambda f Event "); ok {
						require.NoError(t, json.Unmarshal([]byte(text), &event))
					} else {
						wills++
					}
				}
				require.Equal(t, reason, event["disconnectReason"])
				require.Equal(t, reason == "CLIENT_INITIATED_DISCONNECT", event["clientInitiatedDisconnect"])
				require.Equal(t, "disconnected", event["eventType"])
				require.NotContains(t, event, "ipAddress")
				require.Equal(t, float64(0), event["versionNumber"])
				require.Equal(t, test.will, wills == 1)
			})
		})
	}
}

// AWS.md §1: connect_failed carries `connectFailureReason: AUTHORIZATION_FAILED`,
// `ipAddress`, no `versionNumber`; a will the policy forbids fails the connect the
// same way.
// AWS.md §1: …/connect_failed/<clientId>.
func TestConnectFailed(t *testing.T) {
	tests := map[string]struct {
		id   string
		with connectOption
	}{
		"connect": {"b", func(*packets.Packet) {}},
		"will":    {"a", withWill("forbidden", "w")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(f *fixture) {
				f.rule("Failed", "$aws/events/presence/connect_failed/+", action.Action{Lambda: &action.Lambda{FunctionArn: "f"}})
				cert := f.thing("a", `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"iot:Connect","Resource":"arn:aws:iot:us-east-1:000000000000:client/a"}]}`)
				_, err := f.tryDial(test.id, cert, test.with)
				require.ErrorIs(t, err, errRefused)
				settle()
				var event map[string]any
				require.NoError(t, json.Unmarshal([]byte(strings.TrimPrefix(f.targets.took()[0], "lambda f Event ")), &event))
				require.Equal(t, "AUTHORIZATION_FAILED", event["connectFailureReason"])
				require.Equal(t, test.id, event["clientId"])
				require.Contains(t, event, "ipAddress")
				require.NotContains(t, event, "versionNumber")
			})
		})
	}
}

// AWS.md §1: it grows per connection, may skip, resets to 0 after ~1 h offline.
func TestVersionNumberStartsAgain(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("Connected", "$aws/events/presence/connected/+", action.Action{Lambda: &action.Lambda{FunctionArn: "f"}})
		cert := f.thing("a", allowAll)
		for _, pause := range []time.Duration{59 * time.Minute, 61 * time.Minute, 0} {
			f.dial("a", cert).disconnect()
			time.Sleep(pause)
		}
		settle()
		var versions []int64
		for _, call := range f.targets.took() {
			var e lifecycle
			require.NoError(t, json.Unmarshal([]byte(strings.TrimPrefix(call, "lambda f Event ")), &e))
			versions = append(versions, *e.VersionNumber)
		}
		require.Equal(t, []int64{0, 1, 0}, versions)
	})
}

// AWS.md §1: Client id: `#` or `+` in it → no lifecycle events.
func TestClientsWithWildcardsHaveNoLifecycleEvents(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("Presence", "$aws/events/presence/#", action.Action{Lambda: &action.Lambda{FunctionArn: "f"}})
		f.rule("Topics", "$aws/events/subscriptions/#", action.Action{Lambda: &action.Lambda{FunctionArn: "f"}})
		c := f.dial("a+b", f.thing("a", allowAll))
		c.subscribe(1, "t")
		c.disconnect()
		settle()
		require.Empty(t, f.targets.took())
		require.Len(t, f.heard(event.Disconnected), 1)
	})
}
