package broker

import (
	"errors"
	"fmt"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// connect takes the CONNECT of a link and answers it. An error ends the link.
func (b *Broker) connect(l *link) error {
	pk, err := l.read()
	if err != nil {
		return fmt.Errorf("read connection: %w", err)
	}
	if pk.FixedHeader.Type != packets.Connect {
		return packets.ErrProtocolViolationRequireFirstConnect
	}
	l.protocol = pk.ProtocolVersion
	if code := checkConnect(pk); code != packets.CodeSuccess {
		if err := l.sendConnack(code, false, code.Reason); err != nil {
			return fmt.Errorf("refuse the connection: %w", err)
		}
		return code
	}
	if err := b.admit(l, pk); err != nil {
		return err
	}
	if err := l.sendConnack(packets.CodeSuccess, l.present, ""); err != nil {
		return fmt.Errorf("accept the connection: %w", err)
	}
	b.establish(l)
	return nil
}

// checkConnect tells whether a CONNECT is well formed. A will and a password may be
// empty, which mochi has not: such a will, with the retain flag, deletes a retained message.
func checkConnect(pk *packets.Packet) packets.Code {
	filled := *pk
	if c := &filled.Connect; c.WillFlag && len(c.WillPayload) == 0 {
		c.WillPayload = []byte{0}
	}
	if c := &filled.Connect; c.PasswordFlag && len(c.Password) == 0 {
		c.Password = []byte{0}
	}
	if code := filled.ConnectValidate(); code != packets.CodeSuccess {
		return code
	}
	switch {
	case pk.ProtocolVersion < 5 && !pk.Connect.Clean && pk.Connect.ClientIdentifier == "":
		return badClientID // MQTT 3.1.1, 3.1.3-8
	case pk.ProtocolVersion < 4:
		return packets.ErrUnsupportedProtocolVersion
	case pk.Connect.WillQos > 1:
		return packets.ErrQosNotSupported
	}
	return packets.CodeSuccess
}

// next reads a packet and acts on it; false is after the last.
func (b *Broker) next(l *link) (more bool, err error) {
	pk, err := l.read()
	if err != nil {
		return false, err
	}
	switch pk.FixedHeader.Type {
	case packets.Publish:
		err = b.hearPublish(l, pk)
	case packets.Puback:
		l.session.outbox.ack(pk.PacketID)
	case packets.Pingreq:
		err = l.send(&packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Pingresp}})
	case packets.Subscribe:
		err = b.subscribe(l, pk)
	case packets.Unsubscribe:
		err = b.unsubscribe(l, pk)
	case packets.Disconnect:
		if err := b.depart(l, pk); err != nil {
			return false, err
		}
		l.note(clientInitiated, "")
		return false, nil
	case packets.Connect:
		err = &breach{reason: clientError, text: "a second CONNECT on one connection"}
	case packets.Pubrec, packets.Pubrel, packets.Pubcomp:
		err = &breach{reason: clientError, text: "QoS 2 is not available"}
	default:
		err = packets.ErrProtocolViolation
	}
	return err == nil, err
}

// hearPublish takes a PUBLISH. The PUBACK is written once the rules queue has the
// message.
func (b *Broker) hearPublish(l *link, pk *packets.Packet) error {
	if l.terms != nil {
		if err := l.terms.resolve(pk); err != nil {
			return err
		}
	}
	properties := propertiesOf(&pk.Properties) // nil in MQTT 3.1.1
	if err := b.checkPublish(l, pk, properties); err != nil {
		return l.refusePublish(pk, err)
	}
	if b.spend(l, pk) {
		return l.refuseOver(pk)
	}
	if code := pk.PublishValidate(0); code != packets.CodeSuccess {
		return code
	}
	if err := b.publish(l, pk, properties); err != nil {
		return nil // the link was stopped
	}
	if pk.FixedHeader.Qos == 0 {
		return nil
	}
	return l.sendPuback(pk.PacketID, 0)
}

func (l *link) sendPuback(id uint16, code byte) error {
	return l.send(&packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Puback}, PacketID: id, ReasonCode: code})
}

// refusePublish answers a PUBLISH that a policy or a quota forbids where MQTT 5 has an
// answer; else err ends the connection.
func (l *link) refusePublish(pk *packets.Packet, err error) error {
	var b *breach
	if l.protocol < 5 || pk.FixedHeader.Qos != 1 || !errors.As(err, &b) || b.reason != authError && b.reason != overQuota {
		return err
	}
	return l.sendPuback(pk.PacketID, farewells[b.reason].Code)
}

// refuseOver answers a PUBLISH over a quota: MQTT 3.1.1 has no answer.
func (l *link) refuseOver(pk *packets.Packet) error {
	if l.protocol < 5 || pk.FixedHeader.Qos != 1 {
		return nil
	}
	return l.sendPuback(pk.PacketID, packets.ErrQuotaExceeded.Code)
}

// ready tells when a packet has begun to arrive; an error ends the link, also when
// 1.5 times the keep-alive has passed without (MQTT 3.1.1, 3.1.2-24). False says to
// wait, and then to ask again.
func (l *link) ready() (bool, error) {
	if !l.listening {
		patience := time.Duration(l.keepAlive) * time.Second * 3 / 2
		if err := l.Conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			return false, err
		}
	}
	ready, err := true, error(nil)
	if l.patient == nil {
		err = l.peek()
	} else {
		ready, err = l.patient.try(l.peek)
	}
	l.listening = err == nil && !ready
	return ready && err == nil, err
}

func (l *link) peek() error {
	_, err := l.reader.Peek(1)
	return err
}
