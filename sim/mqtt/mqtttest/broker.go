// Package mqtttest is an MQTT broker (mochi) for tests of clients: it serves a
// net.Listener, works in a synctest bubble, and shows what arrives.
package mqtttest

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"sync/atomic"
	"time"

	mochi "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// Broker is a mochi broker without its housekeeping goroutine.
type Broker struct {
	// Server is the broker itself; Server.Publish sends a message to the clients.
	Server *mochi.Server
	// Mute makes the broker swallow publishes without a PUBACK.
	Mute atomic.Bool
	// Refuse makes the broker refuse connections with return code 5.
	Refuse atomic.Bool
	// Deny makes the broker refuse this topic filter in SUBACK.
	Deny string

	listener net.Listener
}

// Publish is one message as it reached the broker. Dup is the client's flag.
type Publish struct {
	At       time.Time
	ClientID string
	Topic    string
	Payload  []byte
	QoS      byte
	Dup      bool
	// Will tells that the broker sent it for a client that was lost.
	Will bool
}

// New makes a broker for the listener. tap gets every message; it may be nil.
func New(l net.Listener, tap func(Publish)) *Broker {
	if tap == nil {
		tap = func(Publish) {}
	}
	b := &Broker{listener: l}
	b.Server = mochi.New(&mochi.Options{InlineClient: true, Logger: slog.New(slog.DiscardHandler)})
	if err := b.Server.AddHook(&hook{broker: b, tap: tap}, nil); err != nil {
		panic(err) // only a hook with a bad configuration is refused
	}
	return b
}

// Run serves until ctx is done, then closes the listener and every connection.
func (b *Broker) Run(ctx context.Context) error {
	stop := context.AfterFunc(ctx, func() { _ = b.listener.Close() })
	defer stop()
	for {
		conn, err := b.listener.Accept()
		if err != nil {
			break
		}
		b.Server.Listeners.ClientsWg.Add(1)
		go func() {
			defer b.Server.Listeners.ClientsWg.Done()
			_ = b.Server.EstablishConnection("test", conn)
		}()
	}
	for _, cl := range b.Server.Clients.GetAll() {
		cl.Stop(errors.New("broker stops"))
	}
	b.Server.Listeners.ClientsWg.Wait()
	return b.Server.Close()
}

type hook struct {
	mochi.HookBase
	broker *Broker
	tap    func(Publish)
}

func (h *hook) ID() string { return "mqtttest" }

func (h *hook) Provides(b byte) bool {
	return bytes.Contains([]byte{mochi.OnConnectAuthenticate, mochi.OnACLCheck, mochi.OnPublish, mochi.OnWillSent}, []byte{b})
}

func (h *hook) OnConnectAuthenticate(*mochi.Client, packets.Packet) bool {
	return !h.broker.Refuse.Load()
}

func (h *hook) OnACLCheck(_ *mochi.Client, topic string, write bool) bool {
	return write || topic != h.broker.Deny
}

func (h *hook) OnPublish(cl *mochi.Client, pk packets.Packet) (packets.Packet, error) {
	if cl.Net.Inline {
		return pk, nil
	}
	if h.broker.Mute.Load() {
		return pk, packets.ErrRejectPacket
	}
	h.tap(Publish{time.Now(), cl.ID, pk.TopicName, pk.Payload, pk.FixedHeader.Qos, pk.FixedHeader.Dup, false})
	return pk, nil
}

func (h *hook) OnWillSent(cl *mochi.Client, pk packets.Packet) {
	h.tap(Publish{time.Now(), cl.ID, pk.TopicName, pk.Payload, pk.FixedHeader.Qos, false, true})
}
