package iotcore

import (
	"context"
	"strings"
	"testing"

	"github.com/mochi-mqtt/server/v2/packets"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// sensorPolicy is the policy of the source (seed, step 1) for our account.
const sensorPolicy = `{"Version":"2012-10-17","Statement":[
 {"Effect":"Allow","Action":"iot:Connect","Resource":"arn:aws:iot:us-east-1:000000000000:client/${iot:Connection.Thing.ThingName}"},
 {"Effect":"Allow","Action":"iot:Publish","Resource":["arn:aws:iot:us-east-1:000000000000:topic/devices/${iot:Connection.Thing.ThingName}/telemetry","arn:aws:iot:us-east-1:000000000000:topic/devices/${iot:Connection.Thing.ThingName}/status"]},
 {"Effect":"Allow","Action":"iot:Subscribe","Resource":"arn:aws:iot:us-east-1:000000000000:topicfilter/devices/${iot:Connection.Thing.ThingName}/commands"},
 {"Effect":"Allow","Action":"iot:Receive","Resource":"arn:aws:iot:us-east-1:000000000000:topic/devices/${iot:Connection.Thing.ThingName}/commands"}]}`

func TestSourcePolicyLetsAThingDoItsOwn(t *testing.T) {
	inBubble(t, func(f *fixture) {
		c := f.dial("sensor-001", f.thing("sensor-001", sensorPolicy))
		require.Equal(t, []byte{1}, c.subscribe(1, "devices/sensor-001/commands"))
		require.True(t, c.publish("devices/sensor-001/telemetry", "{}"))
		require.True(t, c.publish("devices/sensor-001/status", "{}"))
		f.httpPublish("devices/sensor-001/commands", 1, "reboot")
		settle()
		require.Equal(t, []string{"devices/sensor-001/commands reboot"}, c.got())
		require.Empty(t, f.heard(event.Denied))
	})
}

// AWS.md §1: A publish or subscribe the policy forbids disconnects the client (MQTT
// 3.1.1); retaining needs `iot:RetainPublish`.
// AWS.md §1: iot:Publish on topic/; iot:Subscribe on topicfilter/.
func TestPolicyDisconnectsWhatItForbids(t *testing.T) {
	tests := map[string]struct {
		do     func(*client) bool
		action string
	}{
		"publish":   {func(c *client) bool { return c.publish("devices/sensor-002/telemetry", "{}") }, "iot:Publish"},
		"retain":    {func(c *client) bool { return c.retain("devices/sensor-001/telemetry", "{}") }, "iot:RetainPublish"},
		"subscribe": {func(c *client) bool { return c.subscribe(1, "devices/#") != nil }, "iot:Subscribe"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(f *fixture) {
				c := f.dial("sensor-001", f.thing("sensor-001", sensorPolicy))
				require.False(t, test.do(c))
				settle()
				require.True(t, c.isClosed())
				require.Equal(t, test.action, f.heard(event.Denied)[0].Action)
				require.Equal(t, []string{"AUTH_ERROR"}, f.reasons(event.Disconnected))
				for _, e := range f.heard(event.Accepted) {
					require.Contains(t, e.Topic, "$aws/events/", "only lifecycle events were accepted")
				}
			})
		})
	}
}

// AWS.md §1: an unauthorised connect is refused.
// AWS.md §1: Policies; The MQTT 3.1.1 refusal.
func TestConnectNeedsPolicyAndThing(t *testing.T) {
	inBubble(t, func(f *fixture) {
		f.rule("Failed", "$aws/events/presence/connect_failed/+", toKinesis("failed"))
		cert := f.thing("sensor-001", sensorPolicy)
		c, err := f.tryDial("sensor-002", cert)
		require.ErrorIs(t, err, errRefused)
		require.Equal(t, byte(5), c.code)
		// A variable of the thing does not resolve when the client id is not its name.
		require.Contains(t, f.reasons(event.ConnectRefused)[0], "iot:Connect on client/sensor-002")
		_, err = f.tryDial("bare", f.thing("bare", ""))
		require.ErrorIs(t, err, errRefused)
		settle()
		require.Len(t, f.targets.took(), 2)
		require.Contains(t, f.targets.took()[0], `"connectFailureReason":"AUTHORIZATION_FAILED"`)
		require.NotContains(t, f.targets.took()[0], "versionNumber")
	})
}

// AWS.md §1: a will the policy forbids fails the connect the same way.
func TestForbiddenWillRefusesConnect(t *testing.T) {
	inBubble(t, func(f *fixture) {
		cert := f.thing("sensor-001", sensorPolicy)
		_, err := f.tryDial("sensor-001", cert, withWill("devices/sensor-002/status", "gone"))
		require.ErrorIs(t, err, errRefused)
		f.dial("sensor-001", cert, withWill("devices/sensor-001/status", "gone"))
	})
}

// AWS.md §1: `iot:Receive` on `topic/…` (checked at every delivery).
// AWS.md §1: iot:Receive on topic/… (checked at every delivery), iot:RetainPublish.
func TestReceiveIsCheckedAtEveryDelivery(t *testing.T) {
	const sendOnly = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":["iot:Connect","iot:Subscribe"],"Resource":"*"},
 {"Effect":"Allow","Action":"iot:Receive","Resource":"arn:aws:iot:us-east-1:000000000000:topic/open"}]}`
	inBubble(t, func(f *fixture) {
		c := f.dial("a", f.thing("a", sendOnly))
		require.Equal(t, []byte{1, 1}, c.subscribe(1, "open", "closed"))
		f.httpPublish("closed", 1, "x")
		f.httpPublish("open", 1, "y")
		settle()
		require.Equal(t, []string{"open y"}, c.got())
		denied := f.heard(event.Denied)
		require.Len(t, denied, 1)
		require.Equal(t, "iot:Receive", denied[0].Action)
		require.Equal(t, "a", denied[0].ClientID)
	})
}

func TestPolicyChangeActsOnALiveConnection(t *testing.T) {
	inBubble(t, func(f *fixture) {
		cert := f.thing("a", allowAll)
		c := f.dial("a", cert)
		require.True(t, c.publish("t", "1"))
		f.detach("a")
		require.False(t, c.publish("t", "2"))
	})
}

func TestRevocationDisconnects(t *testing.T) {
	inBubble(t, func(f *fixture) {
		cert := f.thing("a", allowAll)
		c := f.dial("a", cert)
		id := registry.Fingerprint(cert.Certificate[0])
		_, err := f.core.registry.UpdateCertificate(context.Background(), &registry.UpdateCertificateInput{CertificateID: id, NewStatus: registry.Revoked})
		require.NoError(t, err)
		settle()
		require.True(t, c.isClosed())
		require.Equal(t, []string{"AUTH_ERROR"}, f.reasons(event.Disconnected))
		_, err = f.tryDial("a", cert)
		require.Error(t, err)
		settle()
		require.Contains(t, f.reasons(event.ConnectRefused)[0], "is REVOKED")
	})
}

// AWS.md §1: Payload: 128 KiB: rejected, disconnectReason `CLIENT_ERROR`; Topic:
// 256 bytes UTF-8, 7 slashes: disconnect; No QoS 2.
func TestLimitsDisconnect(t *testing.T) {
	big := string(make([]byte, message.MaxPayload+1))
	long := "t/" + strings.Repeat("x", 256)
	tests := map[string]struct {
		do     func(*client) bool
		reason string
	}{
		"payload":        {func(c *client) bool { return c.publish("t", big) }, "payload of 131073 bytes"},
		"packet":         {func(c *client) bool { return c.publish("t", big+big) }, "packet too large"},
		"topic length":   {func(c *client) bool { return c.publish(long, "") }, "topic of 258 bytes"},
		"slashes":        {func(c *client) bool { return c.publish("1/2/3/4/5/6/7/8/9", "") }, "more than 7 slashes"},
		"reserved":       {func(c *client) bool { return c.publish("$aws/things/a/shadow/update/delta", "") }, "reserved"},
		"basic ingest":   {func(c *client) bool { return c.publish("$aws/rules/a-b/t", "") }, "not the name of a rule"},
		"nul":            {func(c *client) bool { return c.publish("a\x00b", "") }, "malformed packet"},
		"dollar":         {func(c *client) bool { return c.publish("$SYS/x", "") }, "reserved"},
		"wildcard topic": {func(c *client) bool { return c.publish("a/+", "") }, "wildcard"},
		"jobs filter":    {func(c *client) bool { return c.subscribe(1, "$aws/things/a/jobs/#") != nil }, "reserved topics"},
		"retain":         {func(c *client) bool { return c.retain("$aws/things/a/shadow/get", "") }, "cannot be retained"},
		"shared":         {func(c *client) bool { return c.subscribe(1, "$share//t") != nil }, "share name"},
		"qos 2 filter":   {func(c *client) bool { return c.subscribe(2, "t") != nil }, "QoS 2"},
		"bad filter":     {func(c *client) bool { return c.subscribe(1, "a/#/b") != nil }, "# must be the last"},
		"qos 2": {func(c *client) bool {
			_, ok := c.call(packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: 2}, TopicName: "t"})
			return ok
		}, "QoS 2"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(f *fixture) {
				c := f.dial("a", f.thing("a", allowAll))
				require.False(t, test.do(c))
				settle()
				require.True(t, c.isClosed())
				require.Len(t, f.heard(event.Rejected), 1)
				require.Contains(t, f.reasons(event.Rejected)[0], test.reason)
				require.Equal(t, []string{"CLIENT_ERROR"}, f.reasons(event.Disconnected))
			})
		})
	}
}

// AWS.md §1: Topic: 256 bytes UTF-8, 7 slashes.
func TestBoundsThatStillPass(t *testing.T) {
	inBubble(t, func(f *fixture) {
		c := f.dial("a", f.thing("a", allowAll))
		require.True(t, c.publish("1/2/3/4/5/6/7/8", string(make([]byte, message.MaxPayload))))
	})
}

// AWS.md §1: Client id: 128 bytes; a leading `$` is reserved.
func TestConnectRefusals(t *testing.T) {
	tests := map[string]struct {
		id   string
		with connectOption
		code byte
	}{
		"empty id":    {id: "", code: 2, with: persistent},
		"long id":     {id: strings.Repeat("x", 129), code: 2},
		"reserved id": {id: "$a", code: 2},
		"mqtt 3.1": {id: "a", code: 1, with: func(pk *packets.Packet) {
			pk.ProtocolVersion, pk.Connect.ProtocolName = 3, []byte("MQIsdp")
		}},
		"will to reserved topic":  {id: "a", code: 5, with: withWill("$aws/x", "gone")},
		"will asks for keys":      {id: "a", code: 5, with: withWill(createKeysTopic, "{}")},
		"will asks for provision": {id: "a", code: 5, with: withWill(provisionTopic, "{}")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			inBubble(t, func(f *fixture) {
				var options []connectOption
				if test.with != nil {
					options = append(options, test.with)
				}
				c, err := f.tryDial(test.id, f.thing("a", allowAll), options...)
				require.ErrorIs(t, err, errRefused)
				require.Equal(t, test.code, c.code)
				settle()
				require.Len(t, f.heard(event.ConnectRefused), 1)
			})
		})
	}
}
