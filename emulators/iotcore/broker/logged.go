package broker

import (
	"net"
	"net/netip"
	"strings"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// peerOf is the peer of a connection. It is a copy, so that messages which are kept
// keep no connection.
func peerOf(l *link) *logging.Peer {
	p := &logging.Peer{Protocol: "MQTT", Principal: l.certificate, IP: l.ip}
	if addr, err := netip.ParseAddrPort(addressOf(l.Conn)); err == nil {
		p.Port = int(addr.Port())
	}
	return p
}

func addressOf(c net.Conn) string {
	if c == nil || c.RemoteAddr() == nil {
		return ""
	}
	return c.RemoteAddr().String()
}

func clientEntry(eventType string, l *link) logging.Entry {
	e := logging.Entry{EventType: eventType, ClientID: l.clientID}
	e.TraceID = message.TraceOf(e)
	return l.from.Fill(e)
}

// subscribed is the entry of a SUBSCRIBE; of MQTT 5 it tells the reason codes.
func subscribed(l *link, pk *packets.Packet, codes []byte) logging.Entry {
	e := clientEntry("Subscribe", l)
	var topics []string
	for i, sub := range pk.Filters {
		topics = append(topics, sub.Filter)
		if l.protocol >= 5 {
			e.Subscriptions = append(e.Subscriptions, logging.Subscription{TopicName: sub.Filter, ReasonCode: int(codes[i])})
		}
	}
	e.TopicName = strings.Join(topics, ",")
	return e
}

// logQueued logs that a message is kept for a client that is away, or not for a reason.
// https://docs.aws.amazon.com/iot/latest/developerguide/cwl-format.html#log-mb-queued
func (b *Broker) logQueued(clientID string, m *message.Message, reason string) {
	if !b.logs.On() {
		return
	}
	b.logs.Write(logging.Entry{
		EventType: "Queued", TraceID: m.Trace, Protocol: "MQTT", TopicName: m.Topic, ClientID: clientID, QoS: "1",
		Failed: reason != "", Details: reason,
	})
}
