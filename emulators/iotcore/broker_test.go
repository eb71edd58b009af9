package iotcore

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/rule/action"
)

func TestPublishReachesRuleAndSubscriber(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("ToKinesis", "devices/+/telemetry", toKinesis("stream"))
		a := f.dial("a", f.thing("a", allowAll))
		b := f.dial("b", f.thing("b", allowAll))
		require.Equal(t, []byte{1}, b.subscribe(1, "devices/+/telemetry"))
		settle() // the event of the subscription is out
		require.True(t, a.publish("devices/a/telemetry", `{"n":1}`))
		settle()
		require.Equal(t, []string{`kinesis stream a {"n":1}`}, f.targets.took())
		require.Equal(t, []string{`devices/a/telemetry {"n":1}`}, b.got())
		require.Equal(t, 2, f.core.Connected())
		accepted := f.heard(event.Accepted)
		last := accepted[len(accepted)-1]
		require.Equal(t, "devices/a/telemetry", last.Topic)
		require.Equal(t, "a", last.Thing)
		done := f.heard(event.ActionDone)
		require.Len(t, done, 1)
		require.Equal(t, last.Trace, done[0].Trace)
		require.Equal(t, "stream", done[0].Resource)
		require.Equal(t, "b", f.heard(event.Delivered)[0].ClientID)
	})
}

// AWS.md §1: Order at connect: certificate known and ACTIVE → policy.
func TestUnknownAndInactiveCertificatesAreRefused(t *testing.T) {
	inBubble(t, func(f *fixture) {
		other := newFixture(t, Config{})
		defer other.close()
		_, err := f.tryDial("x", other.thing("x", allowAll))
		require.Error(t, err)
		settle()
		require.Contains(t, f.reasons(event.ConnectRefused)[0], "not registered")
	})
}

// lifecycle is the JSON of a presence event.
type lifecycle struct {
	EventType, DisconnectReason, SessionIdentifier string
	VersionNumber                                  *int64
	ClientInitiatedDisconnect                      *bool
}

// AWS.md §1: One connection's connect and disconnect share one `versionNumber`.
func TestPresenceEvents(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("Presence", "$aws/events/presence/+/+", action.Action{Lambda: &action.Lambda{FunctionArn: "f"}})
		cert := f.thing("a", allowAll)
		f.dial("a", cert).disconnect()
		settle()
		f.dial("a", cert).drop()
		settle()
		calls := f.targets.took()
		require.Len(t, calls, 4)
		var events []lifecycle
		for _, call := range calls {
			var e lifecycle
			require.NoError(t, json.Unmarshal([]byte(call[len("lambda f Event "):]), &e))
			events = append(events, e)
		}
		require.Equal(t, "connected", events[0].EventType)
		require.Equal(t, int64(0), *events[0].VersionNumber)
		require.Equal(t, "CLIENT_INITIATED_DISCONNECT", events[1].DisconnectReason)
		require.True(t, *events[1].ClientInitiatedDisconnect)
		require.Equal(t, events[0].SessionIdentifier, events[1].SessionIdentifier)
		require.Equal(t, int64(1), *events[2].VersionNumber)
		require.Equal(t, "CONNECTION_LOST", events[3].DisconnectReason)
		require.Equal(t, int64(1), *events[3].VersionNumber)
	})
}

// AWS.md §1: Keep-alive: 0 → 1200 s; 1–29 → 30; > 1200 → 1200.
func TestKeepAlive(t *testing.T) {
	inBubble(t, func(f *fixture) {
		cert := f.thing("a", allowAll)
		watch := f.dial("w", f.thing("w", allowAll))
		require.NotNil(t, watch.subscribe(1, "wills/#"))
		start := time.Now()
		c := f.dial("a", cert, keepAlive(5), withWill("wills/a", "gone"))
		<-c.done
		// 5 s counts as 30; the connection ends at 1.5 times that.
		require.Equal(t, 45*time.Second, time.Since(start))
		settle()
		require.Equal(t, []string{"wills/a gone"}, watch.got())
		require.Contains(t, f.reasons(event.Disconnected), "MQTT_KEEP_ALIVE_TIMEOUT")
	})
}

func TestSilentConnectionsAreEnded(t *testing.T) {
	inBubble(t, func(f *fixture) {
		start := time.Now()
		raw, err := f.network.Dial(context.Background(), "tcp", endpoint)
		require.NoError(t, err)
		_, err = raw.Read(make([]byte, 1))
		require.Error(t, err)
		require.Equal(t, 30*time.Second, time.Since(start), "without a handshake")

		start = time.Now()
		secure := f.secure(f.thing("a", allowAll))
		require.NoError(t, secure.Handshake())
		_, err = secure.Read(make([]byte, 1))
		require.Error(t, err)
		require.Equal(t, 30*time.Second, time.Since(start), "without a CONNECT")
		settle()
		require.Len(t, f.heard(event.ConnectRefused), 2)
		require.NoError(t, raw.Close())
		_ = secure.Close() // the broker has closed it
	})
}

func TestNoCertificateNoConnection(t *testing.T) {
	inBubble(t, func(f *fixture) {
		_, err := f.tryDial("a", tls.Certificate{})
		require.Error(t, err)
		settle()
		require.Len(t, f.heard(event.ConnectRefused), 1)
	})
}
