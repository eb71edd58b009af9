package iotcore

import (
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// TestPaho is a real client over a real socket.
func TestPaho(t *testing.T) {
	s := newOnSockets(t)
	s.rule("R", "devices/+/telemetry", toKinesis("s"))
	client := paho.NewClient(paho.NewClientOptions().
		AddBroker("ssl://" + s.addr).SetClientID("sensor-001").SetAutoReconnect(false).SetConnectTimeout(5 * time.Second).
		SetTLSConfig(s.tls(s.thing("sensor-001", sensorPolicy))))
	wait := func(token paho.Token) {
		t.Helper()
		require.True(t, token.WaitTimeout(5*time.Second))
		require.NoError(t, token.Error())
	}
	wait(client.Connect())
	commands := make(chan string, 1)
	wait(client.Subscribe("devices/sensor-001/commands", 1, func(_ paho.Client, m paho.Message) { commands <- string(m.Payload()) }))
	wait(client.Publish("devices/sensor-001/telemetry", 1, false, `{"n":1}`))
	s.httpPublish("devices/sensor-001/commands", 1, "reboot")
	select {
	case got := <-commands:
		require.Equal(t, "reboot", got)
	case <-time.After(5 * time.Second):
		t.Fatal("no command came")
	}
	require.Eventually(t, s.core.Idle, 5*time.Second, time.Millisecond)
	_, err := s.core.registry.CreatePolicyVersion(t.Context(), &registry.CreatePolicyVersionInput{PolicyName: "sensor-001", PolicyDocument: allowAll, SetAsDefault: true})
	require.NoError(t, err)
	deltas := make(chan string, 1)
	const shadow = "$aws/things/sensor-001/shadow/name/config/update"
	wait(client.Subscribe(shadow+"/delta", 1, func(_ paho.Client, m paho.Message) { deltas <- string(m.Payload()) }))
	wait(client.Publish(shadow, 1, false, `{"state":{"desired":{"rate":5}}}`))
	select {
	case got := <-deltas:
		require.Contains(t, got, `{"state":{"rate":5},"metadata":{"rate":{"timestamp":`)
	case <-time.After(5 * time.Second):
		t.Fatal("no delta came")
	}
	require.Equal(t, []string{`kinesis s sensor-001 {"n":1}`}, s.taken.took())
	client.Disconnect(100)
	require.Eventually(t, func() bool { return s.core.Connected() == 0 }, 5*time.Second, time.Millisecond)
}
