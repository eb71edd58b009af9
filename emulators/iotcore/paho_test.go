package iotcore

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"sync"
	"testing"
	"time"

	paho "github.com/eclipse/paho.mqtt.golang"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
)

// TestPaho is a real client over a real socket.
func TestPaho(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	addr := l.Addr().String()
	taken := &targets{}
	core, err := New(Config{Endpoint: addr, Targets: Targets{Kinesis: taken}})
	require.NoError(t, err)
	f := &fixture{t: t, core: core}
	ctx, stop := context.WithCancel(context.Background())
	var running sync.WaitGroup
	running.Go(func() { require.NoError(t, core.Run(ctx)) })
	running.Go(func() { require.NoError(t, core.Serve(ctx, l)) })
	defer running.Wait()
	defer stop()
	f.rule("R", "devices/+/telemetry", toKinesis("s"))

	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(core.CACertificate())
	client := paho.NewClient(paho.NewClientOptions().
		AddBroker("ssl://" + addr).SetClientID("sensor-001").SetAutoReconnect(false).SetConnectTimeout(5 * time.Second).
		SetTLSConfig(&tls.Config{RootCAs: roots, Certificates: []tls.Certificate{f.thing("sensor-001", sensorPolicy)}}))
	wait := func(token paho.Token) {
		t.Helper()
		require.True(t, token.WaitTimeout(5*time.Second))
		require.NoError(t, token.Error())
	}
	wait(client.Connect())
	commands := make(chan string, 1)
	wait(client.Subscribe("devices/sensor-001/commands", 1, func(_ paho.Client, m paho.Message) { commands <- string(m.Payload()) }))
	wait(client.Publish("devices/sensor-001/telemetry", 1, false, `{"n":1}`))
	f.httpPublish("devices/sensor-001/commands", 1, "reboot")
	select {
	case got := <-commands:
		require.Equal(t, "reboot", got)
	case <-time.After(5 * time.Second):
		t.Fatal("no command came")
	}
	require.Eventually(t, core.Idle, 5*time.Second, time.Millisecond)
	_, err = core.registry.CreatePolicyVersion(ctx, &registry.CreatePolicyVersionInput{PolicyName: "sensor-001", PolicyDocument: allowAll, SetAsDefault: true})
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
	require.Equal(t, []string{`kinesis s sensor-001 {"n":1}`}, taken.took())
	client.Disconnect(100)
	require.Eventually(t, func() bool { return core.Connected() == 0 }, 5*time.Second, time.Millisecond)
}
