package broker

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
)

// denial is a policy's refusal.
type denial struct{ action, resource string }

func (d *denial) Error() string {
	return fmt.Sprintf("no policy allows %s on %s", d.action, d.resource)
}

// permitPublish checks limits and then policies.
func (b *Broker) permitPublish(l *link, name string, payload []byte, retain bool) error {
	if err := topic.Check(name); err != nil {
		return err
	}
	if err := message.CheckPayload(payload); err != nil {
		return err
	}
	actions := []string{"iot:Publish", "iot:RetainPublish"}
	if !retain {
		actions = actions[:1]
	} else if err := b.CheckRetain(name, payload); err != nil {
		return err
	}
	for _, action := range actions {
		if !l.authority.allows(action, "topic", name) {
			return &denial{action, "topic/" + name}
		}
	}
	return nil
}

// checkPublish decides about a PUBLISH; an error disconnects the client.
func (b *Broker) checkPublish(l *link, pk *packets.Packet, properties *sql.Properties) error {
	e := event.Event{
		ClientID: l.clientID, Thing: l.authority.thing(),
		Topic: pk.TopicName, QoS: pk.FixedHeader.Qos, Payload: pk.Payload, From: l.from,
	}
	if pk.FixedHeader.Qos > 1 {
		return b.reject(e, "publish", "QoS 2 is not available", packets.ErrQosNotSupported)
	}
	if err := message.CheckProperties(properties); err != nil {
		code := packets.ErrQuotaExceeded
		if strings.ContainsAny(properties.ResponseTopic, "+#") {
			code = packets.ErrTopicNameInvalid
		}
		return b.reject(e, "publish", err.Error(), code)
	}
	err := b.permitPublish(l, pk.TopicName, pk.Payload, pk.FixedHeader.Retain)
	if err == nil {
		return nil
	}
	if d, ok := err.(*denial); ok {
		return b.deny(e, d)
	}
	if err == ErrRetainedFull {
		_ = b.reject(e, "publish", err.Error(), packets.ErrQuotaExceeded)
		return &breach{reason: overQuota, text: err.Error()}
	}
	return b.reject(e, "publish", err.Error(), refusalOf(pk))
}

// refusalOf is the reason code for a PUBLISH that limits forbid.
func refusalOf(pk *packets.Packet) packets.Code {
	switch {
	case len(pk.Payload) > message.MaxPayload:
		return packets.ErrPacketTooLarge
	case topic.Check(pk.TopicName) != nil || strings.HasPrefix(pk.TopicName, "$"):
		return packets.ErrTopicNameInvalid
	}
	return packets.ErrQuotaExceeded
}

// reject tells why a packet is refused; code is MQTT 5's.
func (b *Broker) reject(e event.Event, action, reason string, code packets.Code) error {
	e.Kind, e.Action, e.Reason = event.Rejected, action, reason
	b.emit(e)
	return &breach{clientError, reason, code.Code}
}

// deny disconnects, as AWS does with MQTT 3.1.1 clients (AWS.md §1).
func (b *Broker) deny(e event.Event, d *denial) error {
	e.Kind, e.Action, e.Reason = event.Denied, d.action, d.Error()
	b.emit(e)
	return &breach{reason: authError, text: d.Error()}
}

// publish takes a PUBLISH that was checked.
func (b *Broker) publish(l *link, pk *packets.Packet, properties *sql.Properties) error {
	m := b.said(l, publication{
		topic: pk.TopicName, payload: pk.Payload, qos: pk.FixedHeader.Qos, retain: pk.FixedHeader.Retain,
		properties: properties, expiry: expiryOf(&pk.Properties),
	})
	err := b.Accept(l.cancel, m)
	if err != nil {
		l.stop(serverInitiated, err.Error())
		return err
	}
	if topic.IsReserved(m.Topic) {
		b.PublishServed(l.cancel, m)
	}
	return nil
}

func (b *Broker) publishWill(l *link) {
	if l.will == nil {
		return
	}
	// The expiry of a will begins with the disconnect.
	_ = b.Accept(l.cancel, b.said(l, *l.will)) // a stopping core has told of the drop
}

// said is the message that a client publishes now.
func (b *Broker) said(l *link, p publication) *message.Message {
	m := &message.Message{
		Topic: p.topic, Payload: p.payload, QoS: p.qos, Retain: p.retain,
		MQTT: true, ClientID: l.clientID, Thing: l.authority.thing(), Principal: l.certificate,
		SourceIP: l.ip, From: l.from, Trace: b.trace(l), Source: l.clientID, Properties: p.properties,
	}
	if p.expiry > 0 {
		m.Expires = time.Now().Add(p.expiry)
	}
	return m
}

// Accept hands a message to the rules, then to subscribers. An error means that
// it went nowhere.
func (b *Broker) Accept(cancel <-chan struct{}, m *message.Message) error {
	if err := b.enter(cancel, m); err != nil {
		e := m.Event(event.Dropped)
		e.Action, e.Reason = "publish", err.Error()
		b.emit(e)
		return err
	}
	b.Deliver(m)
	return nil
}

// PublishServed hands on what services publish about a message that was accepted.
func (b *Broker) PublishServed(cancel <-chan struct{}, m *message.Message) {
	for _, answer := range b.respond(m) {
		if answer.Only != "" {
			b.Deliver(answer)
			continue
		}
		if b.Accept(cancel, answer) != nil {
			return // the core is stopping, and has told of the drop
		}
	}
}

// trace makes the trace id of the next message of a connection.
func (b *Broker) trace(l *link) string {
	return message.DeriveUUID(b.salt, l.clientID, uint64(l.version), uint64(l.start.UnixNano()), l.sent.Add(1))
}

// newSessionID makes the sessionIdentifier of the presence events.
func (b *Broker) newSessionID(l *link) string {
	id := message.DeriveUUID("session", b.salt, l.clientID, uint64(l.version), strconv.FormatInt(l.start.UnixNano(), 10))
	return strings.ReplaceAll(id, "-", "")
}
