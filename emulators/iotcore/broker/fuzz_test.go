package broker

import (
	"bufio"
	"bytes"
	"testing"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
)

// FuzzRead: whatever a client sends, it is read as packets or refused; what a
// CONNECT and a PUBLISH hold is judged without a panic.
func FuzzRead(f *testing.F) {
	for _, pk := range []packets.Packet{
		{FixedHeader: packets.FixedHeader{Type: packets.Connect}, ProtocolVersion: 4, Connect: packets.ConnectParams{ProtocolName: []byte("MQTT"), ClientIdentifier: "a", Keepalive: 60, Clean: true}},
		{FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: 1}, ProtocolVersion: 4, TopicName: "a/b", PacketID: 7, Payload: []byte("{}")},
		{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}, ProtocolVersion: 4, PacketID: 8, Filters: packets.Subscriptions{{Filter: "a/#", Qos: 1}}},
	} {
		var buf bytes.Buffer
		var err error
		switch pk.FixedHeader.Type {
		case packets.Connect:
			err = pk.ConnectEncode(&buf)
		case packets.Publish:
			err = pk.PublishEncode(&buf)
		case packets.Subscribe:
			err = pk.SubscribeEncode(&buf)
		}
		if err != nil {
			f.Fatal(err)
		}
		f.Add(buf.Bytes())
	}
	f.Add([]byte{0xe0, 0})
	f.Add([]byte{0x82, 6, 0, 1, 0, 0, 1, 0x61}) // MQTT 5, without options
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, protocol := range []byte{4, 5} {
			readAll(&link{reader: bufio.NewReaderSize(bytes.NewReader(text), 16), protocol: protocol, terms: &terms{}})
		}
	})
}

func readAll(l *link) {
	for {
		pk, err := l.read()
		if err != nil {
			return
		}
		_ = checkConnect(pk)
		_, _ = agree(pk)
		_ = l.terms.resolve(pk)
		_ = topic.Check(pk.TopicName)
		_ = message.CheckProperties(propertiesOf(&pk.Properties))
		_ = pk.PublishValidate(0)
		_ = pk.SubscribeValidate()
	}
}
