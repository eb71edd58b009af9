package mqtt_test

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"github.com/shakedown-iot/shakedown/sim/memnet"
	"github.com/shakedown-iot/shakedown/sim/mqtt"
	"github.com/shakedown-iot/shakedown/sim/mqtt/mqtttest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// world is a broker and its clients in one bubble.
type world struct {
	*mqtttest.Broker
	t    *testing.T
	net  memnet.Network
	wait sync.WaitGroup

	mu  sync.Mutex
	got []mqtttest.Publish
}

// inWorld runs f in a bubble with a broker and stops everything afterwards.
func inWorld(t *testing.T, f func(t *testing.T, w *world)) {
	synctest.Test(t, func(t *testing.T) {
		w := &world{t: t}
		l, err := w.net.Listen("broker:1883")
		require.NoError(t, err)
		w.Broker = mqtttest.New(l, func(p mqtttest.Publish) {
			w.mu.Lock()
			defer w.mu.Unlock()
			w.got = append(w.got, p)
		})
		ctx, cancel := context.WithCancel(t.Context())
		w.wait.Go(func() { _ = w.Broker.Run(ctx) })
		f(t, w)
		cancel()
		w.wait.Wait()
	})
}

func (w *world) dial() net.Conn {
	conn, err := w.net.Dial(w.t.Context(), "tcp", "broker:1883")
	require.NoError(w.t, err)
	return conn
}

// client connects and runs; what Run returns comes on the channel.
func (w *world) client(o mqtt.Options) (*mqtt.Client, <-chan error) {
	c, err := mqtt.Connect(w.t.Context(), w.dial(), o)
	require.NoError(w.t, err)
	done := make(chan error, 1)
	w.wait.Go(func() { done <- c.Run(w.t.Context()) })
	return c, done
}

func (w *world) published() []mqtttest.Publish {
	w.mu.Lock()
	defer w.mu.Unlock()
	return append([]mqtttest.Publish(nil), w.got...)
}

func TestPublishAndSubscribe(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		incoming := make(chan mqtt.Message, 1)
		acked := make(chan uint16, 1)
		c, done := w.client(mqtt.Options{
			ClientID: "one", KeepAlive: time.Minute, CleanSession: true,
			OnPublish:     func(m mqtt.Message) { incoming <- m },
			OnAck:         func(id uint16) { acked <- id },
			Subscriptions: []mqtt.Subscription{{Filter: "first", QoS: 1}},
		})
		require.NoError(t, w.Server.Publish("first", []byte("1"), false, 1))
		require.Equal(t, mqtt.Message{Topic: "first", Payload: []byte("1"), QoS: 1}, <-incoming)
		codes, err := c.Subscribe(t.Context(), mqtt.Subscription{Filter: "echo/#", QoS: 1}, mqtt.Subscription{Filter: "b", QoS: 0})
		require.NoError(t, err)
		require.Equal(t, []byte{1, 0}, codes)

		id, err := c.Publish(mqtt.Message{Topic: "echo/1", Payload: []byte("hi"), QoS: 1})
		require.NoError(t, err)
		require.Equal(t, id, <-acked)
		require.Equal(t, mqtt.Message{Topic: "echo/1", Payload: []byte("hi"), QoS: 1}, <-incoming)
		id, err = c.Publish(mqtt.Message{Topic: "b", Payload: []byte("lo")})
		require.NoError(t, err)
		require.Zero(t, id)
		require.Equal(t, byte(0), (<-incoming).QoS)
		synctest.Wait()
		require.Zero(t, c.Inflight())
		cl, _ := w.Server.Clients.Get("one")
		require.Zero(t, cl.State.Inflight.Len(), "the client acknowledged what it received")

		require.NoError(t, c.Disconnect())
		require.NoError(t, <-done)
		_, err = c.Publish(mqtt.Message{Topic: "x"})
		require.ErrorIs(t, err, mqtt.ErrClosed)
		require.ErrorIs(t, c.Disconnect(), mqtt.ErrClosed)
	})
}

func TestWillOnlyWithoutDisconnect(t *testing.T) {
	for name, tc := range map[string]struct {
		end  func(*mqtt.Client) error
		will bool
		run  error
	}{
		"disconnect": {(*mqtt.Client).Disconnect, false, nil},
		"close":      {(*mqtt.Client).Close, true, mqtt.ErrClosed},
	} {
		t.Run(name, func(t *testing.T) {
			inWorld(t, func(t *testing.T, w *world) {
				c, done := w.client(mqtt.Options{ClientID: "one", CleanSession: true,
					Will: &mqtt.Message{Topic: "status", Payload: []byte("offline"), QoS: 1}})
				require.NoError(t, tc.end(c))
				require.ErrorIs(t, <-done, tc.run)
				synctest.Wait()
				got := w.published()
				if !tc.will {
					require.Empty(t, got)
					return
				}
				require.Len(t, got, 1)
				require.Equal(t, "offline", string(got[0].Payload))
				require.True(t, got[0].Will)
			})
		})
	}
}

func TestRefusals(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.Deny = "secret"
		c, done := w.client(mqtt.Options{ClientID: "one", CleanSession: true})
		_, err := c.Subscribe(t.Context(), mqtt.Subscription{Filter: "ok"}, mqtt.Subscription{Filter: "secret", QoS: 1})
		var se *mqtt.SubscribeError
		require.ErrorAs(t, err, &se)
		require.Equal(t, "secret", se.Filter)
		require.NoError(t, c.Disconnect())
		require.NoError(t, <-done)

		w.Refuse.Store(true)
		_, err = mqtt.Connect(t.Context(), w.dial(), mqtt.Options{ClientID: "two", CleanSession: true})
		var ce *mqtt.ConnectError
		require.ErrorAs(t, err, &ce)
		require.Contains(t, []byte{4, 5}, ce.Code)

		w.Refuse.Store(false)
		_, err = mqtt.Connect(t.Context(), w.dial(), mqtt.Options{ClientID: "two", CleanSession: true,
			Subscriptions: []mqtt.Subscription{{Filter: "secret", QoS: 1}}})
		require.ErrorAs(t, err, &se)
	})
}

func TestInflightIsBounded(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		w.Mute.Store(true)
		c, done := w.client(mqtt.Options{ClientID: "one", CleanSession: true, Inflight: 2})
		for range 2 {
			_, err := c.Publish(mqtt.Message{Topic: "a", QoS: 1})
			require.NoError(t, err)
		}
		_, err := c.Publish(mqtt.Message{Topic: "a", QoS: 1})
		require.ErrorIs(t, err, mqtt.ErrInflight)
		require.Equal(t, 2, c.Inflight())
		require.NoError(t, c.Close())
		require.ErrorIs(t, <-done, mqtt.ErrClosed)
	})
}

// TestKeepAlive lets an idle client live for a day, then stops the broker from
// answering: the client finds out one ping later.
func TestKeepAlive(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		c, done := w.client(mqtt.Options{ClientID: "one", CleanSession: true, KeepAlive: 30 * time.Second})
		time.Sleep(24 * time.Hour)
		require.Empty(t, done)
		require.NoError(t, c.Disconnect())
		require.NoError(t, <-done)
	})
	synctest.Test(t, func(t *testing.T) {
		near, far := memnet.Pipe()
		go func() { _, _ = far.Write([]byte{0x20, 2, 0, 0}) }() // CONNACK, then silence
		c, err := mqtt.Connect(t.Context(), near, mqtt.Options{ClientID: "one", KeepAlive: 30 * time.Second})
		require.NoError(t, err)
		start := time.Now()
		require.ErrorIs(t, c.Run(t.Context()), mqtt.ErrPingTimeout)
		require.InDelta(t, 40*time.Second, time.Since(start), 1e3)
	})
}

func TestConnectIsBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		near, _ := memnet.Pipe()
		start := time.Now()
		_, err := mqtt.Connect(t.Context(), near, mqtt.Options{ClientID: "one", Timeout: 3 * time.Second})
		require.ErrorContains(t, err, "timeout")
		require.Equal(t, 3*time.Second, time.Since(start))

		near, _ = memnet.Pipe()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		_, err = mqtt.Connect(ctx, near, mqtt.Options{ClientID: "one"})
		require.ErrorIs(t, err, context.DeadlineExceeded)
	})
}

func TestRunEndsWithItsContext(t *testing.T) {
	inWorld(t, func(t *testing.T, w *world) {
		c, err := mqtt.Connect(t.Context(), w.dial(), mqtt.Options{ClientID: "one", CleanSession: true})
		require.NoError(t, err)
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		require.ErrorIs(t, c.Run(ctx), context.DeadlineExceeded)
		_, err = c.Subscribe(t.Context(), mqtt.Subscription{Filter: "a"})
		require.Error(t, err)
	})
}

func TestBadOptions(t *testing.T) {
	for name, o := range map[string]mqtt.Options{
		"client id":  {},
		"keep-alive": {ClientID: "a", KeepAlive: 1500 * time.Millisecond},
		"in flight":  {ClientID: "a", Inflight: -1},
		"will: qos":  {ClientID: "a", Will: &mqtt.Message{Topic: "t", QoS: 2}},
	} {
		require.ErrorContains(t, o.Validate(), name)
	}
	require.NoError(t, mqtt.Options{ClientID: strings.Repeat("x", 128)}.Validate())
}
