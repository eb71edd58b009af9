package iotcore

import (
	"context"
	"crypto/x509"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/iot"
	"github.com/aws/aws-sdk-go-v2/service/iot/types"
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

// "thingName will only be included if the client is connecting using the exclusive thing
// feature."
// https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html
func TestLifecycleEventsNameTheExclusiveThing(t *testing.T) {
	inBubble(t, func(f *fixture) {
		c := iot.NewFromConfig(awsConfig(f.core.Control()))
		watch := f.dial("w", f.thing("w", allowAll))
		cert := f.thing("lamp", allowAll)
		watch.subscribe(1, "$aws/events/presence/+/id", "$aws/events/subscriptions/+/id")
		for _, kind := range []types.ThingPrincipalType{types.ThingPrincipalTypeNonExclusiveThing, types.ThingPrincipalTypeExclusiveThing} {
			arn := "arn:aws:iot:us-east-1:000000000000:cert/" + registry.Fingerprint(cert.Certificate[0])
			succeeds(t)(c.AttachThingPrincipal(context.Background(), &iot.AttachThingPrincipalInput{ThingName: aws.String("lamp"), Principal: &arn, ThingPrincipalType: kind}))
			device := f.dial("id", cert)
			device.subscribe(1, "a")
			device.disconnect()
			settle()
		}
		got := watch.got()
		require.Len(t, got, 6)
		for i, event := range got {
			require.Equal(t, i >= 3, strings.Contains(event, `"thingName":"lamp"`), event)
		}
	})
}
