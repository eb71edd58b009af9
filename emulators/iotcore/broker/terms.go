package broker

import (
	"fmt"
	"strings"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// What the CONNACK of MQTT 5 announces (AWS.md §1,
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-properties).
const (
	maxTopicAlias = 8
	// maxPacket5 has room for the largest payload with the largest properties.
	maxPacket5 = message.MaxPayload + message.MaxUserProperties + message.MaxCorrelationData + 2<<10
	// minPacket5 is the least that a client may take.
	// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits
	minPacket5 = 512
)

// terms are what a client of MQTT 5 and the broker agreed on.
type terms struct {
	window  int    // QoS 1 messages that the client takes without acknowledging
	packet  uint32 // the largest that it takes; 0 is any
	aliases [maxTopicAlias + 1]string
	expiry  time.Duration // of the session
}

// agree reads the terms of a CONNECT. An error is a property that cannot be.
func agree(pk *packets.Packet) (*terms, error) {
	p := &pk.Properties
	t := &terms{
		window: maxUnacknowledged, packet: p.MaximumPacketSize,
		expiry: min(time.Duration(p.SessionExpiryInterval)*time.Second, sessionExpiry),
	}
	if p.ReceiveMaximum > 0 {
		t.window = min(int(p.ReceiveMaximum), maxUnacknowledged)
	}
	if pk.Connect.WillProperties.WillDelayInterval > 0 {
		return nil, fmt.Errorf("a will delay interval is not implemented by Shakedown")
	}
	if p.AuthenticationMethod != "" {
		return nil, fmt.Errorf("enhanced authentication (AUTH) is not supported")
	}
	return t, nil
}

// announce are the properties of the CONNACK.
func (t *terms) announce(l *link) packets.Properties {
	return packets.Properties{
		SessionExpiryInterval: uint32(t.expiry / time.Second), SessionExpiryIntervalFlag: true,
		ServerKeepAlive: l.keepAlive, ServerKeepAliveFlag: true,
		ReceiveMaximum: maxUnacknowledged, TopicAliasMaximum: maxTopicAlias, MaximumPacketSize: maxPacket5,
		MaximumQos: 1, MaximumQosFlag: true, RetainAvailable: 1, RetainAvailableFlag: true,
		WildcardSubAvailable: 1, WildcardSubAvailableFlag: true, SubIDAvailable: 0, SubIDAvailableFlag: true,
		SharedSubAvailable: 1, SharedSubAvailableFlag: true,
	}
}

// resolve puts the topic in place of its alias, and learns aliases.
func (t *terms) resolve(pk *packets.Packet) error {
	p := &pk.Properties
	if !p.TopicAliasFlag {
		return nil
	}
	alias := p.TopicAlias
	p.TopicAlias, p.TopicAliasFlag = 0, false
	switch {
	case alias == 0 || alias > maxTopicAlias:
		return packets.ErrTopicAliasInvalid
	case pk.TopicName != "":
		t.aliases[alias] = pk.TopicName
	case t.aliases[alias] == "":
		return packets.ErrProtocolViolationNoTopic
	default:
		pk.TopicName = t.aliases[alias]
	}
	return nil
}

// depart reads the DISCONNECT of MQTT 5: it may change the session's expiry, and with
// any reason but that all is well the will is sent (MQTT 5, 3.14.4-3).
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt-persistent-sessions
func (b *Broker) depart(l *link, pk *packets.Packet) error {
	if l.terms == nil {
		return nil
	}
	l.willing = pk.ReasonCode != packets.CodeDisconnect.Code
	if !pk.Properties.SessionExpiryIntervalFlag {
		return nil
	}
	asked := min(time.Duration(pk.Properties.SessionExpiryInterval)*time.Second, sessionExpiry)
	if l.terms.expiry == 0 && asked > 0 {
		return packets.ErrProtocolViolation
	}
	b.mu.Lock()
	l.session.lasts = asked
	b.mu.Unlock()
	return nil
}

// farewells are the reason codes of the DISCONNECT that MQTT 5 clients get.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-reason-codes
var farewells = map[disconnectReason]packets.Code{
	authError:        packets.ErrNotAuthorized,
	clientError:      packets.ErrProtocolViolation,
	duplicateID:      packets.ErrSessionTakenOver,
	keepAliveTimeout: packets.ErrKeepAliveTimeout,
	serverInitiated:  packets.ErrServerShuttingDown,
	apiInitiated:     packets.ErrAdministrativeAction,
	webSocketExpired: packets.ErrMaxConnectTime,
	overQuota:        packets.ErrQuotaExceeded,
}

// farewell tells a client of MQTT 5 why its connection ends, if it still reads.
func (l *link) farewell(reason disconnectReason, code byte, cause string) {
	if l.protocol < 5 || !l.established.Load() {
		return
	}
	if code == 0 {
		known, ok := farewells[reason]
		if !ok {
			return
		}
		code = known.Code
	}
	l.mu.Lock()
	l.leaving = true
	_ = l.Conn.SetWriteDeadline(time.Now().Add(farewellTimeout)) // a closed connection fails in Write
	l.mu.Unlock()
	pk := &packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Disconnect}, ReasonCode: code}
	pk.Properties.ReasonString = brief(cause)
	_ = l.send(pk) // the connection is being thrown away
}

// brief is a reason as clients are told it: a packet of minPacket5 has room for it, whatever
// topic is in it.
func brief(reason string) string {
	const most = 256
	if len(reason) <= most {
		return reason
	}
	return strings.ToValidUTF8(reason[:most], "") + "…"
}
