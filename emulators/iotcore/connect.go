package iotcore

import (
	"errors"
	"fmt"
	"time"

	mqtt "github.com/mochi-mqtt/server/v2"
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
func (b *broker) admit(l *link, cl *mqtt.Client, pk packets.Packet) error {
	l.clientID = pk.Connect.ClientIdentifier
	l.clean = pk.Connect.Clean
	l.client.Store(cl)
	l.authority = &authorizer{
		registry: b.registry, identity: b.identity, certificate: l.certificate, clientID: l.clientID,
	}
	if b.connects.enforced {
		l.allowance = &allowance{}
	}
	code, err := b.judge(l, cl, pk)
	if err == nil {
		if err = b.claim(l); err != nil {
			code = unavailable
		}
	}
	if err != nil {
		b.refuse(l, err.Error())
		return errors.Join(err, b.server.SendConnack(cl, code, false, nil))
	}
	l.sessionID = b.newSessionID(l)
	// The will is sent by finish, which knows the reason; mochi must not.
	if pk.Connect.WillFlag {
		will := cl.Properties.Will
		l.will = &will
		cl.Properties.Will = mqtt.Will{}
	}
	cl.State.Keepalive = clampKeepAlive(pk.Connect.Keepalive)
	return nil
}

// judge finds what is wrong with a CONNECT.
func (b *broker) judge(l *link, cl *mqtt.Client, pk packets.Packet) (packets.Code, error) {
	if cl.Properties.ProtocolVersion != 4 {
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
	err := b.permitPublish(l, cl.Properties.Will.TopicName, cl.Properties.Will.Payload, cl.Properties.Will.Retain)
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
