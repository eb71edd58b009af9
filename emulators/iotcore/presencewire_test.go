package iotcore

import (
	"crypto/x509"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// A client that subscribes to presence gets these events, with these fields.
// https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html
//
// AWS.md §1: Presence; connected: clientId, timestamp(ms), eventType; disconnected:
// no ipAddress.
func TestPresenceEventsOnTheWire(t *testing.T) {
	inBubble(t, func(f *fixture) {
		watch := f.dial("w", f.thing("w", allowAll))
		watch.subscribe(1, "$aws/events/presence/connected/a", "$aws/events/presence/disconnected/a")
		cert := f.thing("a", allowAll)
		leaf, err := x509.ParseCertificate(cert.Certificate[0])
		require.NoError(t, err)
		began := float64(time.Now().UnixMilli())
		f.dial("a", cert).disconnect()
		settle()
		require.Len(t, watch.got(), 2)
		events := map[string]map[string]any{}
		for _, message := range watch.got() {
			topic, text, _ := strings.Cut(message, " ")
			var event map[string]any
			require.NoError(t, json.Unmarshal([]byte(text), &event))
			events[topic] = event
		}
		connected := events["$aws/events/presence/connected/a"]
		require.NotEmpty(t, connected["sessionIdentifier"])
		require.NotEmpty(t, connected["ipAddress"])
		want := map[string]any{
			"clientId": "a", "timestamp": began, "eventType": "connected", "sessionIdentifier": connected["sessionIdentifier"],
			"principalIdentifier": registry.Fingerprint(leaf.Raw), "ipAddress": connected["ipAddress"], "versionNumber": 0.0,
		}
		require.Equal(t, want, connected)
		delete(want, "ipAddress")
		want["eventType"], want["clientInitiatedDisconnect"], want["disconnectReason"] = "disconnected", true, "CLIENT_INITIATED_DISCONNECT"
		disconnected := events["$aws/events/presence/disconnected/a"]
		want["timestamp"] = disconnected["timestamp"]
		require.Equal(t, want, disconnected)
	})
}

// One filter takes all events, of any kind: $aws/events/# and its levels as +.
// https://docs.aws.amazon.com/iot/latest/developerguide/reserved-topics.html#reserved-topics-event
func TestOneFilterForAllEvents(t *testing.T) {
	for _, filter := range []string{"$aws/events/#", "$aws/events/+/+/a"} {
		inBubble(t, func(f *fixture) {
			watch := f.dial("watch", f.thing("watch", allowAll))
			require.NotNil(t, watch.subscribe(1, filter))
			f.dial("a", f.thing("a", allowAll)).subscribe(1, "a/b")
			settle()
			var topics []string
			for _, got := range watch.got() {
				topic, _, _ := strings.Cut(got, " ")
				if strings.HasSuffix(topic, "/a") {
					topics = append(topics, topic)
				}
			}
			require.Equal(t, []string{"$aws/events/presence/connected/a", "$aws/events/subscriptions/subscribed/a"}, topics)
		})
	}
}
