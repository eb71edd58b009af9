package broker

import (
	"bytes"
	"strings"
	"testing"

	"github.com/mochi-mqtt/server/v2/packets"
	"github.com/stretchr/testify/require"
)

// connectWith is the body of a CONNECT of MQTT 5 with a will and these properties of both.
func connectWith(own, will string) []byte {
	const willFlag = 4
	var b bytes.Buffer
	b.WriteString("\x00\x04MQTT\x05" + string(rune(willFlag)) + "\x00\x00")
	b.WriteString(string(rune(len(own))) + own + "\x00\x01c")
	b.WriteString(string(rune(len(will))) + will + "\x00\x01t\x00\x01w")
	return b.Bytes()
}

// TestPropertiesOfConnect: zeros that are no absence.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-message-expiry
func TestPropertiesOfConnect(t *testing.T) {
	const text = "\x26\x00\x01k\x00\x02vv" // a user property
	for _, c := range []struct {
		name, own, will string
		expiry          uint32
		err             error
	}{
		{name: "none"},
		{name: "no will expiry", will: text},
		{name: "0 is 1", own: text, will: text + "\x02\x00\x00\x00\x00", expiry: 1},
		{name: "2 is 2", will: "\x02\x00\x00\x00\x02" + text, expiry: 2},
		{name: "receive maximum", own: "\x21\x00\x01" + text + text},
		{name: "no receive maximum", own: text + "\x21\x00\x00", err: packets.ErrProtocolViolation},
		{name: "no packets", own: "\x27\x00\x00\x00\x00", err: packets.ErrProtocolViolation},
		{name: "twice", own: "\x21\x00\x01\x21\x00\x01", err: packets.ErrProtocolViolation},
		{name: "twice in the will", will: "\x01\x01\x01\x00", err: packets.ErrProtocolViolation},
		{name: "no such format", will: "\x01\x02", err: packets.ErrProtocolViolation},
		{name: "over the end", own: "\x03\x00\x02", err: packets.ErrMalformedProperties},
	} {
		body := connectWith(c.own, c.will)
		pk := &packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Connect, Remaining: len(body)}}
		require.ErrorIs(t, decodeGuarded(pk, body), c.err, c.name)
		if c.err == nil {
			require.Equal(t, c.expiry, pk.Connect.WillProperties.MessageExpiryInterval, c.name)
			require.Equal(t, "w", string(pk.Connect.WillPayload), c.name)
		}
	}
}

// TestListProperties: each kind of value is passed over.
func TestListProperties(t *testing.T) {
	all := "\x01\x01\x02\x00\x00\x00\x09\x03\x00\x01t\x08\x00\x01r\x09\x00\x02\xff\x00\x0b\x80\x01\x23\x00\x01\x26\x00\x01k\x00\x00\x26\x00\x00\x00\x01v"
	found, rest, err := listProperties([]byte(string(rune(len(all))) + all + "rest"))
	require.NoError(t, err)
	require.Equal(t, "rest", string(rest))
	for id := range byte(43) {
		require.Equal(t, strings.IndexByte("\x01\x02\x03\x08\x09\x0b\x23\x26", id) >= 0, found.has(id), id)
	}
	for _, bad := range []string{"", "\x05\x01", "\x01\x01", "\x02\x03\x00", "\x04\x03\x00\x02t", "\x04\x26\x00\x01k", "\x02\x0b\x80", "\x02\x04\x00"} {
		_, _, err := listProperties([]byte(bad))
		require.Error(t, err, "%q", bad)
	}
}

func TestBrief(t *testing.T) {
	require.Equal(t, "short", brief("short"))
	long := brief(strings.Repeat("€", 100))
	require.Equal(t, strings.Repeat("€", 85)+"…", long)
}
