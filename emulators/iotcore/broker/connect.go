package broker

import (
	"errors"
	"fmt"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
)

// Reason codes of a refused CONNECT, in MQTT 5.
var (
	notAuthorized = packets.ErrNotAuthorized
	badClientID   = packets.ErrClientIdentifierNotValid
	badWillTopic  = packets.ErrTopicNameInvalid
	throttled     = packets.ErrQuotaExceeded
	unavailable   = packets.ErrServerUnavailable
	notSupported  = packets.ErrImplementationSpecificError
)

// codes3 are the return codes of MQTT 3.1.1 for those of MQTT 5; of others the
// client is not told. AWS documents the one for a policy's refusal as 5 and as 7
// (AWS.md §1).
var codes3 = map[packets.Code]packets.Code{
	packets.ErrUnsupportedProtocolVersion: packets.Err3UnsupportedProtocolVersion,
	notAuthorized:                         packets.Err3NotAuthorized,
	badWillTopic:                          packets.Err3NotAuthorized,
	badClientID:                           packets.Err3ClientIdentifierNotValid,
	throttled:                             packets.Err3ServerUnavailable,
	unavailable:                           packets.Err3ServerUnavailable,
}

// admit decides about a CONNECT, in AWS's order: certificate, then policy. An
// error means that the refusal was sent.
func (b *Broker) admit(l *link, pk *packets.Packet) error {
	l.clientID = pk.Connect.ClientIdentifier
	l.clean, l.asked = pk.Connect.Clean, pk.Connect.Keepalive
	l.from = peerOf(l)
	if l.clientID == "" { // the session is clean in MQTT 3.1.1: see checkConnect
		l.clientID = GeneratedID + message.DeriveUUID("client id", b.salt, b.generated.Add(1))
		l.assigned = true
	}
	l.authority = &authorizer{
		registry: b.registry, identity: b.identity, certificate: l.certificate, iam: l.iam, clientID: l.clientID,
		ip: l.ip, domain: l.domain,
	}
	l.exclusive = b.registry.ExclusiveThing(l.certificate)
	if b.connects.enforced {
		l.allowance = &allowance{}
	}
	l.sessionID = b.newSessionID(l) // of a refused connection
	code, err := b.judge(l, pk)
	if err == nil && l.protocol == 5 {
		if l.terms, err = agree(pk); err != nil {
			code = notSupported
		}
	}
	if err == nil {
		if err = b.claim(l); err != nil {
			code = unavailable
		}
	}
	if err == nil && !l.iam {
		// Its status may have changed before there was a link to disconnect.
		if err = b.registry.Check(l.certificate, time.Now()); err != nil {
			code = notAuthorized
		}
	}
	if err != nil {
		b.refuse(l, err.Error())
		return errors.Join(err, l.sendConnack(code, false, err.Error()))
	}
	l.sessionID = b.newSessionID(l)
	if c := pk.Connect; c.WillFlag {
		l.will = &publication{
			topic: c.WillTopic, payload: c.WillPayload, qos: c.WillQos, retain: c.WillRetain,
			properties: propertiesOf(&c.WillProperties), expiry: expiryOf(&c.WillProperties),
		}
	}
	l.keepAlive = clampKeepAlive(l.asked)
	return nil
}

// judge finds what is wrong with a CONNECT.
func (b *Broker) judge(l *link, pk *packets.Packet) (packets.Code, error) {
	if err := checkClientID(l.clientID); err != nil && !l.assigned {
		return badClientID, err
	}
	if size := pk.Properties.MaximumPacketSize; size > 0 && size < minPacket5 {
		return throttled, fmt.Errorf("a maximum packet size of %d bytes; the least is %d", size, minPacket5)
	}
	if err := b.connects.take(l.clientID, time.Now()); err != nil {
		return throttled, err
	}
	if l.introduction != nil {
		return notAuthorized, refused(l.introduction)
	}
	if err := b.registry.Check(l.certificate, time.Now()); err != nil && !l.iam {
		return notAuthorized, err
	}
	if !l.authority.allowsConnect(attributesOf(l, pk), pk.Connect.WillTopic) {
		b.announceRefused(l)
		return notAuthorized, fmt.Errorf("no policy allows iot:Connect on client/%s", l.clientID)
	}
	if !pk.Connect.WillFlag {
		return packets.CodeSuccess, nil
	}
	if err := errors.Join(message.CheckProperties(propertiesOf(&pk.Connect.WillProperties)), message.CheckPayload(pk.Connect.WillPayload)); err != nil {
		return throttled, fmt.Errorf("will: %w", err)
	}
	if err := topic.CheckOffMQTT(pk.Connect.WillTopic); err != nil {
		return badWillTopic, fmt.Errorf("will: %w", err)
	}
	err := b.permitPublish(l, pk.Connect.WillTopic, pk.Connect.WillPayload, pk.Connect.WillRetain)
	var denied *denial
	if errors.As(err, &denied) {
		b.announceRefused(l)
		return notAuthorized, fmt.Errorf("will: %w", err)
	}
	switch err {
	case nil:
		return packets.CodeSuccess, nil
	case ErrRetainedFull:
		return throttled, fmt.Errorf("will: %w", err)
	}
	return badWillTopic, fmt.Errorf("will: %w", err)
}

// attributesOf are what a CONNECT asks for besides, in the words of policies.
func attributesOf(l *link, pk *packets.Packet) (attributes []string) {
	lasts := !pk.Connect.Clean
	if l.protocol == 5 {
		lasts = pk.Properties.SessionExpiryInterval > 0
	}
	if lasts {
		attributes = append(attributes, "PersistentConnect")
	}
	if pk.Connect.WillFlag {
		attributes = append(attributes, "LastWill")
	}
	return attributes
}

// establish is called once the client was told that it is connected.
func (b *Broker) establish(l *link) {
	l.established.Store(true)
	b.connected.Add(1)
	b.emit(event.Event{Kind: event.Connected, ClientID: l.clientID, Thing: l.authority.thing(), Resource: l.certificate, From: l.from})
	b.announceConnected(l)
	l.session.outbox.attach(l)
	b.collect(l.session)
}
