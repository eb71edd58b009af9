package broker

import (
	"bytes"
	"encoding/binary"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// propertyList is which properties of MQTT 5 a packet has, a bit for each. mochi's decoder
// does not tell a property of 0 from none, nor one that is there twice.
type propertyList uint64

func (l propertyList) has(id byte) bool { return l&(1<<id) != 0 }

// How the value of a property is written (MQTT 5, 2.2.2.2).
const (
	ofByte  = 1
	ofTwo   = 2
	ofFour  = 4
	ofText  = -1 // two bytes of length before it; binary data too
	ofPair  = -2 // two texts
	ofCount = -3 // a variable byte integer
)

var propertyValues = map[byte]int{
	packets.PropPayloadFormat: ofByte, packets.PropMessageExpiryInterval: ofFour, packets.PropContentType: ofText,
	packets.PropResponseTopic: ofText, packets.PropCorrelationData: ofText, packets.PropSubscriptionIdentifier: ofCount,
	packets.PropSessionExpiryInterval: ofFour, packets.PropAuthenticationMethod: ofText, packets.PropAuthenticationData: ofText,
	packets.PropRequestProblemInfo: ofByte, packets.PropWillDelayInterval: ofFour, packets.PropRequestResponseInfo: ofByte,
	packets.PropReceiveMaximum: ofTwo, packets.PropTopicAliasMaximum: ofTwo, packets.PropTopicAlias: ofTwo,
	packets.PropUser: ofPair, packets.PropMaximumPacketSize: ofFour,
}

// listProperties reads the properties that raw begins with, and returns what is behind.
// One that is there twice is an error, but for user properties.
func listProperties(raw []byte) (found propertyList, rest []byte, err error) {
	n, size, err := packets.DecodeLength(bytes.NewReader(raw))
	if err != nil || size+n > len(raw) {
		return 0, nil, packets.ErrMalformedProperties
	}
	own, rest := raw[size:size+n], raw[size+n:]
	for len(own) > 0 {
		id := own[0]
		if found.has(id) && id != packets.PropUser {
			return 0, nil, packets.ErrProtocolViolation
		}
		found |= 1 << id
		n := 1 + valueSize(propertyValues[id], own[1:])
		if n == 1 || n > len(own) {
			return 0, nil, packets.ErrMalformedProperties
		}
		own = own[n:]
	}
	return found, rest, nil
}

// valueSize is how many bytes a value has, or what is no value's: 0, or too many.
func valueSize(kind int, raw []byte) int {
	const length = 2
	switch kind {
	case ofText:
		if len(raw) < length {
			return 0
		}
		return length + int(binary.BigEndian.Uint16(raw))
	case ofPair:
		first := valueSize(ofText, raw)
		if first == 0 || first > len(raw) {
			return first
		}
		return first + max(length, valueSize(ofText, raw[first:]))
	case ofCount:
		_, n, err := packets.DecodeLength(bytes.NewReader(raw))
		if err != nil {
			return 0
		}
		return n
	}
	return kind
}

// mind reads the properties of a packet that was decoded once more: a message expiry
// interval of 0 is one of 1 (https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-message-expiry),
// and a Receive Maximum or Maximum Packet Size of 0 are errors (MQTT 5, 3.1.2.11).
func mind(pk *packets.Packet, body []byte) error {
	switch pk.FixedHeader.Type {
	case packets.Publish:
		const text, id = 2, 2
		at := text + len(pk.TopicName)
		if pk.FixedHeader.Qos > 0 {
			at += id
		}
		found, _, err := listProperties(body[at:])
		if err != nil {
			return err
		}
		return mindMessage(&pk.Properties, found)
	case packets.Connect:
		return mindConnect(pk, body)
	}
	return nil
}

func mindMessage(p *packets.Properties, found propertyList) error {
	if found.has(packets.PropMessageExpiryInterval) {
		p.MessageExpiryInterval = max(p.MessageExpiryInterval, message.MinExpiry)
	}
	if p.PayloadFormat > 1 {
		return packets.ErrProtocolViolation
	}
	return nil
}

func mindConnect(pk *packets.Packet, body []byte) error {
	if pk.ProtocolVersion < 5 {
		return nil
	}
	const text, fixed = 2, 4 // of the name of the protocol; version, flags and keep-alive
	found, rest, err := listProperties(body[text+len(pk.Connect.ProtocolName)+fixed:])
	switch {
	case err != nil:
		return err
	case found.has(packets.PropReceiveMaximum) && pk.Properties.ReceiveMaximum == 0,
		found.has(packets.PropMaximumPacketSize) && pk.Properties.MaximumPacketSize == 0:
		return packets.ErrProtocolViolation
	case !pk.Connect.WillFlag:
		return nil
	}
	if found, _, err = listProperties(rest[text+len(pk.Connect.ClientIdentifier):]); err != nil {
		return err
	}
	return mindMessage(&pk.Connect.WillProperties, found)
}
