package iotcore

import (
	mqtt "github.com/mochi-mqtt/server/v2"
	"github.com/mochi-mqtt/server/v2/packets"
)

// hook is how the broker sits in mochi. All its methods run in the goroutine
// that reads the connection.
type hook struct {
	mqtt.HookBase
	broker *broker
}

// ID names the hook in mochi's log.
func (*hook) ID() string { return "iotcore" }

// Provides tells mochi which methods to call.
func (*hook) Provides(b byte) bool {
	switch b {
	case mqtt.OnConnect, mqtt.OnConnectAuthenticate, mqtt.OnACLCheck, mqtt.OnSessionEstablished, mqtt.OnPacketRead, mqtt.OnPublish:
		return true
	}
	return false
}

func linkOf(cl *mqtt.Client) *link { return cl.Net.Conn.(*link) }

// OnConnect decides whether the client may connect; it has sent the CONNACK of
// a refusal.
func (h *hook) OnConnect(cl *mqtt.Client, pk packets.Packet) error {
	return h.broker.admit(linkOf(cl), cl, pk)
}

// OnConnectAuthenticate agrees: OnConnect has decided.
func (*hook) OnConnectAuthenticate(*mqtt.Client, packets.Packet) bool { return true }

// OnACLCheck agrees: publishes were checked by OnPacketRead, deliveries are the
// outbox's.
func (*hook) OnACLCheck(*mqtt.Client, string, bool) bool { return true }

// OnSessionEstablished is called once the CONNACK was written.
func (h *hook) OnSessionEstablished(cl *mqtt.Client, _ packets.Packet) {
	h.broker.establish(linkOf(cl))
}

// OnPacketRead sees every packet before mochi acts on it. Packets that the
// broker handles itself are handed on as an acknowledgement of nothing.
func (h *hook) OnPacketRead(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	l := linkOf(cl)
	if pk.FixedHeader.Type == packets.Connect {
		if l.session != nil {
			return pk, &breach{clientError, "a second CONNECT on one connection"}
		}
		return pk, nil
	}
	switch pk.FixedHeader.Type {
	case packets.Publish:
		if err := h.broker.checkPublish(l, pk); err != nil {
			return pk, err
		}
		if h.broker.spend(l, pk) {
			return nothing, nil
		}
		return pk, nil
	case packets.Subscribe:
		return nothing, h.broker.subscribe(l, cl, pk)
	case packets.Unsubscribe:
		return nothing, h.broker.unsubscribe(l, cl, pk)
	case packets.Puback:
		l.session.outbox.ack(pk.PacketID)
		return nothing, nil
	case packets.Disconnect:
		l.note(clientInitiated, "")
	case packets.Pubrec, packets.Pubrel, packets.Pubcomp:
		return pk, &breach{clientError, "QoS 2 is not available"}
	}
	return pk, nil
}

// nothing is a packet that mochi reads without effect.
var nothing = packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Puback}}

// OnPublish takes an allowed publish. mochi writes the PUBACK when this returns
// and, being told to ignore the message, delivers it to nobody.
func (h *hook) OnPublish(cl *mqtt.Client, pk packets.Packet) (packets.Packet, error) {
	if err := h.broker.publish(linkOf(cl), pk); err != nil {
		return pk, packets.ErrRejectPacket
	}
	return pk, packets.CodeSuccessIgnore
}
