package broker

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"sync"

	"github.com/mochi-mqtt/server/v2/packets"
)

// read reads a packet that a client may send.
func (l *link) read() (*packets.Packet, error) {
	pk := &packets.Packet{ProtocolVersion: l.protocol}
	first, err := l.reader.ReadByte()
	if err != nil {
		return nil, err
	}
	if err := pk.FixedHeader.Decode(first); err != nil {
		return nil, err
	}
	if pk.FixedHeader.Remaining, _, err = packets.DecodeLength(l.reader); err != nil {
		return nil, err
	}
	if pk.FixedHeader.Remaining >= maxPacket {
		return nil, packets.ErrPacketTooLarge
	}
	body := make([]byte, pk.FixedHeader.Remaining)
	if _, err := io.ReadFull(l.reader, body); err != nil {
		return nil, err
	}
	if l.protocol == 5 || pk.FixedHeader.Type == packets.Connect {
		return pk, decodeGuarded(pk, body)
	}
	return pk, decode(pk, body)
}

// decodeGuarded is decode for what mochi's decoder of MQTT 5 panics at, such as a
// SUBSCRIBE that ends before its options.
func decodeGuarded(pk *packets.Packet, body []byte) (err error) {
	defer func() {
		if recover() != nil {
			err = packets.ErrMalformedPacket
		}
	}()
	if err := decode(pk, body); err != nil {
		return err
	}
	return mind(pk, body)
}

func decode(pk *packets.Packet, body []byte) error {
	switch pk.FixedHeader.Type {
	case packets.Connect:
		return pk.ConnectDecode(body)
	case packets.Publish:
		return pk.PublishDecode(body)
	case packets.Puback:
		return pk.PubackDecode(body)
	case packets.Pubrec:
		return pk.PubrecDecode(body)
	case packets.Pubrel:
		return pk.PubrelDecode(body)
	case packets.Pubcomp:
		return pk.PubcompDecode(body)
	case packets.Subscribe:
		return pk.SubscribeDecode(body)
	case packets.Unsubscribe:
		return pk.UnsubscribeDecode(body)
	case packets.Disconnect:
		return decodeDisconnect(pk, body)
	case packets.Pingreq:
		return nil
	}
	return packets.ErrProtocolViolation
}

// decodeDisconnect reads the reason code, too, where nothing is behind it: "if the Remaining
// Length is less than 2" there are no properties (MQTT 5, 3.14.2.2.1), and mochi takes that
// for less than a code.
func decodeDisconnect(pk *packets.Packet, body []byte) error {
	if pk.ProtocolVersion == 5 && len(body) == 1 {
		pk.ReasonCode = body[0]
		return nil
	}
	return pk.DisconnectDecode(body)
}

// buffers are where packets are put together.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// maxBuffer is the largest that is used again, in bytes.
const maxBuffer = 64 << 10

// errTooLarge is a packet over the maximum packet size of its client.
var errTooLarge = errors.New("the packet is larger than the client takes")

// send writes a packet; several may do at once.
func (l *link) send(pk *packets.Packet) error {
	buf := buffers.Get().(*bytes.Buffer)
	buf.Reset()
	pk.ProtocolVersion = l.protocol
	err := encode(buf, pk)
	if err == nil && l.terms != nil && l.terms.packet > 0 && buf.Len() > int(l.terms.packet) {
		err = errTooLarge
	}
	if err == nil {
		l.writing.Lock()
		_, err = l.Write(buf.Bytes())
		l.writing.Unlock()
	}
	if buf.Cap() <= maxBuffer {
		buffers.Put(buf)
	}
	return err
}

func encode(buf *bytes.Buffer, pk *packets.Packet) error {
	switch pk.FixedHeader.Type {
	case packets.Connack:
		return pk.ConnackEncode(buf)
	case packets.Publish:
		return encodePublish(buf, pk)
	case packets.Puback:
		return pk.PubackEncode(buf)
	case packets.Suback:
		return pk.SubackEncode(buf)
	case packets.Unsuback:
		return pk.UnsubackEncode(buf)
	case packets.Pingresp:
		return pk.PingrespEncode(buf)
	case packets.Disconnect:
		return pk.DisconnectEncode(buf)
	}
	return fmt.Errorf("a broker does not send %s", packets.PacketNames[pk.FixedHeader.Type])
}

// expiresNow stands for a message expiry interval of 0, which mochi's encoder leaves out;
// no message has so long a one.
const expiresNow = math.MaxUint32

func encodePublish(buf *bytes.Buffer, pk *packets.Packet) error {
	err := pk.PublishEncode(buf)
	if err != nil || pk.Properties.MessageExpiryInterval != expiresNow {
		return err
	}
	// Before it are a length, a topic, which is UTF-8, and an id: nothing like it.
	stands := binary.BigEndian.AppendUint32([]byte{packets.PropMessageExpiryInterval}, expiresNow)
	at := bytes.Index(buf.Bytes(), stands)
	clear(buf.Bytes()[at+1 : at+len(stands)])
	return nil
}

// sendConnack answers a CONNECT in the words of the client's protocol; MQTT 5 is
// told the reason for a refusal.
func (l *link) sendConnack(code packets.Code, present bool, reason string) error {
	pk := &packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Connack}, SessionPresent: present}
	if code == packets.CodeSuccess && l.terms != nil {
		pk.Properties = l.terms.announce(l)
		if l.assigned {
			pk.Properties.AssignedClientID = l.clientID
		}
	}
	if code.Code >= packets.ErrUnspecifiedError.Code {
		if l.protocol < 5 {
			old, ok := codes3[code]
			if !ok {
				return nil
			}
			code = old
		}
		pk.Properties.ReasonString = brief(reason)
	}
	pk.ReasonCode = code.Code
	return l.send(pk)
}
