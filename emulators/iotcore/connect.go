package iotcore

import (
	"errors"
	"fmt"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// Return codes of a refused CONNECT, which mochi translates to the protocol of
// the client. AWS documents the one for a policy's refusal as 5 and as 7
// (AWS.md §1); in MQTT 3.1.1 this is 5.
var (
	notAuthorized = packets.ErrBadUsernameOrPassword
	badClientID   = packets.ErrClientIdentifierNotValid
	badProtocol   = packets.ErrUnsupportedProtocolVersion
	unavailable   = packets.ErrServerUnavailable
)

// admit decides about a CONNECT, in AWS's order: certificate, then policy. An
// error means that the refusal was sent.
func (b *broker) admit(l *link, pk *packets.Packet) error {
	l.clientID = pk.Connect.ClientIdentifier
	l.clean = pk.Connect.Clean
	l.authority = &authorizer{
		registry: b.registry, identity: b.identity, certificate: l.certificate, clientID: l.clientID,
	}
	if b.connects.enforced {
		l.allowance = &allowance{}
	}
	code, err := b.judge(l, pk)
	if err == nil {
		if err = b.claim(l); err != nil {
			code = unavailable
		}
	}
	if err != nil {
		b.refuse(l, err.Error())
		return errors.Join(err, l.sendConnack(code, false))
	}
	l.sessionID = b.newSessionID(l)
	if c := pk.Connect; c.WillFlag {
		l.will = &will{topic: c.WillTopic, payload: c.WillPayload, qos: c.WillQos, retain: c.WillRetain}
	}
	l.keepAlive = clampKeepAlive(pk.Connect.Keepalive)
	return nil
}

// judge finds what is wrong with a CONNECT.
func (b *broker) judge(l *link, pk *packets.Packet) (packets.Code, error) {
	if l.protocol != 4 {
		return badProtocol, errors.New("only MQTT 3.1.1 is implemented by Shakedown, not 5")
	}
	if err := checkClientID(l.clientID); err != nil {
		return badClientID, err
	}
	if err := b.connects.take(l.clientID, time.Now()); err != nil {
		return unavailable, err
	}
	if err := b.registry.Check(l.certificate, time.Now()); err != nil {
		return notAuthorized, err
	}
	if !l.authority.allows("iot:Connect", "client/"+l.clientID) {
		b.announceRefused(l)
		return notAuthorized, fmt.Errorf("no policy allows iot:Connect on client/%s", l.clientID)
	}
	if !pk.Connect.WillFlag {
		return packets.CodeSuccess, nil
	}
	err := b.permitPublish(l, pk.Connect.WillTopic, pk.Connect.WillPayload, pk.Connect.WillRetain)
	var denied *denial
	if errors.As(err, &denied) {
		b.announceRefused(l)
	}
	if err != nil {
		return notAuthorized, fmt.Errorf("will: %w", err)
	}
	return packets.CodeSuccess, nil
}

// establish is called once the client was told that it is connected.
func (b *broker) establish(l *link) {
	l.established.Store(true)
	b.connected.Add(1)
	b.emit(Event{Kind: Connected, ClientID: l.clientID, Thing: l.authority.thing(), Resource: l.certificate})
	b.announceConnected(l)
	l.session.outbox.attach(l)
}
