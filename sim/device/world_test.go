package device_test

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/sim/device"
	"github.com/shakedown-iot/shakedown/sim/memnet"
	"github.com/shakedown-iot/shakedown/sim/mqtt/mqtttest"
	"github.com/shakedown-iot/shakedown/sim/sensor"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a broker with devices, and everything that they and it have seen.
type world struct {
	t       *testing.T
	net     memnet.Network
	broker  *mqtttest.Broker
	ctx     context.Context
	stop    context.CancelFunc // of the devices
	wait    sync.WaitGroup
	brokers sync.WaitGroup
	unplug  context.CancelFunc // of the broker

	mu     sync.Mutex
	events map[string][]device.Event
	got    []mqtttest.Publish
}

func newWorld(t *testing.T) *world {
	w := &world{t: t, events: map[string][]device.Event{}}
	w.ctx, w.stop = context.WithCancel(t.Context())
	w.plug()
	return w
}

// plug starts the broker.
func (w *world) plug() {
	l, err := w.net.Listen("broker:1883")
	require.NoError(w.t, err)
	w.broker = mqtttest.New(l, func(p mqtttest.Publish) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.got = append(w.got, p)
	})
	ctx, cancel := context.WithCancel(context.WithoutCancel(w.ctx))
	w.unplug = cancel
	b := w.broker
	w.brokers.Go(func() { _ = b.Run(ctx) })
}

// inWorld runs f in a bubble; f may leave devices running.
func inWorld(t *testing.T, f func(t *testing.T, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t)
		defer w.end()
		f(t, w)
	})
}

func (w *world) end() {
	w.stop()
	w.wait.Wait()
	w.unplug()
	w.brokers.Wait()
}

// start runs a device with a constant sensor and a reading each 10 s.
func (w *world) start(name string, change func(*device.Config)) *device.Device {
	suite, err := sensor.NewSuite(map[string]sensor.Spec{"temperature": {Base: 20}}, 1, time.Now())
	require.NoError(w.t, err)
	c := device.Config{
		Thing: name, Interval: 10 * time.Second, Signals: suite, Seed: 1,
		Dial: func(ctx context.Context) (net.Conn, error) { return w.net.Dial(ctx, "tcp", "broker:1883") },
		Events: func(e device.Event) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.events[name] = append(w.events[name], e)
		},
	}
	if change != nil {
		change(&c)
	}
	d := device.New(c)
	w.wait.Go(func() { require.NoError(w.t, d.Run(w.ctx)) })
	return d
}

// of are the events of one kind of a thing.
func (w *world) of(thing string, kind device.EventKind) (list []device.Event) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, e := range w.events[thing] {
		if e.Kind == kind {
			list = append(list, e)
		}
	}
	return list
}

// on are the messages that reached the broker on a topic.
func (w *world) on(topic string) (list []mqtttest.Publish) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, p := range w.got {
		if p.Topic == topic {
			list = append(list, p)
		}
	}
	return list
}

func (w *world) telemetry(thing string) []mqtttest.Publish {
	return w.on("devices/" + thing + "/telemetry")
}

// statuses are the decoded messages on the status topic.
func (w *world) statuses(thing string) (list []map[string]any) {
	for _, p := range w.on("devices/" + thing + "/status") {
		var s map[string]any
		require.NoError(w.t, json.Unmarshal(p.Payload, &s))
		list = append(list, s)
	}
	return list
}

func (w *world) command(thing, payload string) {
	require.NoError(w.t, w.broker.Server.Publish("devices/"+thing+"/commands", []byte(payload), false, 1))
}

// hash covers every event of every device, and what the broker got from each at
// which instant, wills apart: whether and when the test's broker sends that of a
// session that is taken over is up to the scheduler.
func (w *world) hash() string {
	var lines []string
	for thing, events := range w.events {
		for i, e := range events {
			lines = append(lines, fmt.Sprintf("%s %04d %d %s %d %s %s %v %s %d", thing, i, e.At.UnixNano(), e.Kind, e.Seq, e.Topic, e.Payload, e.Err, e.Command, e.Attempt))
		}
	}
	for _, p := range w.got {
		if p.Will {
			continue
		}
		lines = append(lines, fmt.Sprintf("%s got %d %s %s", p.ClientID, p.At.UnixNano(), p.Topic, p.Payload))
	}
	slices.Sort(lines)
	h := sha256.New()
	for _, l := range lines {
		_, _ = fmt.Fprintln(h, l)
	}
	return hex.EncodeToString(h.Sum(nil))
}
