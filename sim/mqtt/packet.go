package mqtt

import (
	"bufio"
	"bytes"
	"fmt"
	"io"

	"github.com/mochi-mqtt/server/v2/packets"
)

// version is MQTT 3.1.1's protocol level.
const version = 4

// encode writes the packets that a client sends.
func encode(buf *bytes.Buffer, pk *packets.Packet) error {
	pk.ProtocolVersion = version
	switch pk.FixedHeader.Type {
	case packets.Connect:
		return pk.ConnectEncode(buf)
	case packets.Publish:
		return pk.PublishEncode(buf)
	case packets.Puback:
		return pk.PubackEncode(buf)
	case packets.Subscribe:
		return pk.SubscribeEncode(buf)
	case packets.Pingreq:
		return pk.PingreqEncode(buf)
	case packets.Disconnect:
		return pk.DisconnectEncode(buf)
	}
	return fmt.Errorf("a client does not send %s", packets.PacketNames[pk.FixedHeader.Type])
}

// decode reads one packet that a server may send, of at most limit bytes.
func decode(r *bufio.Reader, limit int) (*packets.Packet, error) {
	pk := &packets.Packet{ProtocolVersion: version}
	first, err := r.ReadByte()
	if err != nil {
		return nil, err
	}
	if err := pk.FixedHeader.Decode(first); err != nil {
		return nil, fmt.Errorf("fixed header 0x%02x: %w", first, err)
	}
	name := packets.PacketNames[pk.FixedHeader.Type]
	if pk.FixedHeader.Remaining, _, err = packets.DecodeLength(r); err != nil {
		return nil, fmt.Errorf("length of %s: %w", name, err)
	}
	if pk.FixedHeader.Remaining > limit {
		return nil, fmt.Errorf("%s of %d bytes exceeds %d", name, pk.FixedHeader.Remaining, limit)
	}
	body := make([]byte, pk.FixedHeader.Remaining)
	if _, err := io.ReadFull(r, body); err != nil {
		return nil, fmt.Errorf("body of %s: %w", name, err)
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
	case packets.Pingresp:
	default:
		err = fmt.Errorf("a server does not send it to this client")
	}
	if err != nil {
		return nil, fmt.Errorf("packet %s: %w", name, err)
	}
	return pk, nil
}
