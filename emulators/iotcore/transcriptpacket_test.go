package iotcore

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
)

// packetOf makes a packet of a transcript's words: its name, then
//
//	CONNECT     v= clean id= keepalive= will=topic:payload willqos= willretain willexpiry= expiry= window= packet= willdelay=
//	PUBLISH     topic= payload= size= qos= id= dup retain alias= expiry= type= response= correlation= user=key:value utf8
//	SUBSCRIBE   id= filter=… qos= subid= nolocal retained handling=
//	UNSUBSCRIBE id= filter=…
//	PUBACK      id=
//	DISCONNECT  code= expiry=
//
// In a value x*100 is a hundred times x.
func packetOf(words []string, version byte) (packets.Packet, error) {
	f := fields{}
	for _, word := range words[1:] {
		name, value, _ := strings.Cut(word, "=")
		f[name] = append(f[name], repeated.ReplaceAllStringFunc(value, repeat))
	}
	pk := packets.Packet{ProtocolVersion: version, PacketID: uint16(f.number("id"))}
	for kind, name := range packets.PacketNames {
		if strings.EqualFold(name, words[0]) {
			pk.FixedHeader.Type = kind
		}
	}
	switch pk.FixedHeader.Type {
	case packets.Connect:
		f.connect(&pk)
	case packets.Publish:
		f.publish(&pk)
	case packets.Subscribe, packets.Unsubscribe:
		f.subscribe(&pk)
	case packets.Disconnect:
		pk.ReasonCode = byte(f.number("code"))
	case packets.Reserved:
		return pk, fmt.Errorf("%s is no packet", words[0])
	}
	if f.has("expiry") && pk.FixedHeader.Type != packets.Publish {
		pk.Properties.SessionExpiryInterval, pk.Properties.SessionExpiryIntervalFlag = uint32(f.number("expiry")), true
	}
	return pk, nil
}

var repeated = regexp.MustCompile(`.\*\d+`)

func repeat(x string) string {
	n, _ := strconv.Atoi(x[2:]) // digits, of our own making
	return strings.Repeat(x[:1], n)
}

func (f fields) connect(pk *packets.Packet) {
	pk.PacketID, pk.ProtocolVersion = 0, 4
	if f.has("v") {
		pk.ProtocolVersion = byte(f.number("v"))
	}
	pk.Properties.ReceiveMaximum, pk.Properties.MaximumPacketSize = uint16(f.number("window")), uint32(f.number("packet"))
	c := &pk.Connect
	c.ProtocolName, c.Clean, c.ClientIdentifier = []byte("MQTT"), f.has("clean"), f.text("id")
	c.Keepalive = uint16(f.number("keepalive"))
	if f.has("will") {
		topic, payload, _ := strings.Cut(f.text("will"), ":")
		c.WillFlag, c.WillTopic, c.WillPayload = true, topic, []byte(payload)
		c.WillQos, c.WillRetain = byte(f.number("willqos")), f.has("willretain")
		c.WillProperties.MessageExpiryInterval = uint32(f.number("willexpiry"))
		c.WillProperties.WillDelayInterval = uint32(f.number("willdelay"))
	}
}

func (f fields) publish(pk *packets.Packet) {
	pk.FixedHeader.Qos, pk.FixedHeader.Retain, pk.FixedHeader.Dup = byte(f.number("qos")), f.has("retain"), f.has("dup")
	pk.TopicName, pk.Payload = f.text("topic"), []byte(f.text("payload"))
	if f.has("size") {
		pk.Payload = bytes.Repeat([]byte("x"), f.number("size"))
	}
	p := &pk.Properties
	p.TopicAlias, p.TopicAliasFlag = uint16(f.number("alias")), f.has("alias")
	p.MessageExpiryInterval, p.ContentType, p.ResponseTopic = uint32(f.number("expiry")), f.text("type"), f.text("response")
	p.CorrelationData, p.PayloadFormatFlag = []byte(f.text("correlation")), f.has("utf8")
	if p.PayloadFormatFlag {
		p.PayloadFormat = 1
	}
	for _, user := range f["user"] {
		key, value, _ := strings.Cut(user, ":")
		p.User = append(p.User, packets.UserProperty{Key: key, Val: value})
	}
	pk.Mods.AllowResponseInfo = true
}

func (f fields) subscribe(pk *packets.Packet) {
	pk.FixedHeader.Qos = 1
	for _, filter := range f["filter"] {
		pk.Filters = append(pk.Filters, packets.Subscription{
			Filter: filter, Qos: byte(f.number("qos")), NoLocal: f.has("nolocal"), RetainAsPublished: f.has("retained"),
			RetainHandling: byte(f.number("handling")), Identifier: f.number("subid"),
		})
	}
	if f.has("subid") {
		pk.Properties.SubscriptionIdentifier = []int{f.number("subid")}
	}
}

// encodeAny encodes what a client sends, right or wrong.
func encodeAny(b *bytes.Buffer, pk *packets.Packet) error {
	switch pk.FixedHeader.Type {
	case packets.Connect:
		return pk.ConnectEncode(b)
	case packets.Publish:
		return pk.PublishEncode(b)
	case packets.Puback:
		return pk.PubackEncode(b)
	case packets.Pubrel:
		return pk.PubrelEncode(b)
	case packets.Subscribe:
		return pk.SubscribeEncode(b)
	case packets.Unsubscribe:
		return pk.UnsubscribeEncode(b)
	case packets.Pingreq:
		return pk.PingreqEncode(b)
	case packets.Disconnect:
		return pk.DisconnectEncode(b)
	}
	return fmt.Errorf("no encoder of %s", packets.PacketNames[pk.FixedHeader.Type])
}

// readPacketOf reads what a broker sends.
func readPacketOf(r *bufio.Reader, version byte) (packets.Packet, error) {
	pk := packets.Packet{ProtocolVersion: version}
	first, err := r.ReadByte()
	if err != nil {
		return pk, err
	}
	if err := pk.FixedHeader.Decode(first); err != nil {
		return pk, err
	}
	if pk.FixedHeader.Remaining, _, err = packets.DecodeLength(r); err != nil {
		return pk, err
	}
	body := make([]byte, pk.FixedHeader.Remaining)
	if _, err := io.ReadFull(r, body); err != nil {
		return pk, err
	}
	switch pk.FixedHeader.Type {
	case packets.Connack:
		err = pk.ConnackDecode(body)
	case packets.Publish:
		err = pk.PublishDecode(body)
	case packets.Puback:
		err = pk.PubackDecode(body)
	case packets.Suback:
		err = pk.SubackDecode(body)
	case packets.Unsuback:
		err = pk.UnsubackDecode(body)
	case packets.Disconnect:
		err = pk.DisconnectDecode(body)
	}
	return pk, err
}

// describe shows a packet of the broker.
func describe(pk *packets.Packet) string {
	words := []string{strings.ToUpper(packets.PacketNames[pk.FixedHeader.Type])}
	add := func(when bool, format string, args ...any) {
		if when {
			words = append(words, fmt.Sprintf(format, args...))
		}
	}
	acks := []byte{packets.Connack, packets.Puback, packets.Disconnect}
	add(pk.FixedHeader.Type == packets.Publish, "topic=%s qos=%d", pk.TopicName, pk.FixedHeader.Qos)
	add(pk.PacketID > 0, "id=%d", pk.PacketID)
	add(slices.Contains(acks, pk.FixedHeader.Type), "code=0x%02x", pk.ReasonCode)
	add(len(pk.ReasonCodes) > 0, "codes=% x", pk.ReasonCodes)
	add(pk.SessionPresent, "present")
	add(pk.FixedHeader.Retain, "retain")
	add(pk.FixedHeader.Dup, "dup")
	short := len(pk.Payload) <= 100 || topic.IsEvent(pk.TopicName)
	add(!short, "size=%d", len(pk.Payload))
	add(short && len(pk.Payload) > 0, "payload=%s", pk.Payload)
	p := pk.Properties
	add(p.MessageExpiryInterval > 0, "expiry=%d", p.MessageExpiryInterval)
	add(p.SessionExpiryIntervalFlag, "session=%d", p.SessionExpiryInterval)
	add(p.ServerKeepAliveFlag, "keepalive=%d", p.ServerKeepAlive)
	add(p.ReceiveMaximum > 0, "window=%d aliases=%d packet=%d", p.ReceiveMaximum, p.TopicAliasMaximum, p.MaximumPacketSize)
	add(p.MaximumQosFlag, "maxqos=%d retain=%d wildcard=%d subid=%d shared=%d", p.MaximumQos, p.RetainAvailable, p.WildcardSubAvailable, p.SubIDAvailable, p.SharedSubAvailable)
	add(p.AssignedClientID != "", "assigned=%s", p.AssignedClientID)
	add(p.ContentType != "", "type=%s", p.ContentType)
	add(p.ResponseTopic != "", "response=%s", p.ResponseTopic)
	add(len(p.CorrelationData) > 0, "correlation=%s", p.CorrelationData)
	add(p.PayloadFormat == 1, "utf8")
	for _, u := range p.User {
		add(true, "user=%s:%s", u.Key, u.Val)
	}
	add(p.ReasonString != "", "(%s)", p.ReasonString)
	return strings.Join(words, " ")
}
