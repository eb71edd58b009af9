package broker

import (
	"bytes"
	"net"
	"testing"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
	"github.com/stretchr/testify/require"
)

// written is a connection that keeps what was written.
type written struct {
	net.Conn
	bytes.Buffer
}

func (w *written) Write(p []byte) (int, error)      { return w.Buffer.Write(p) }
func (w *written) Read(p []byte) (int, error)       { return w.Buffer.Read(p) }
func (w *written) SetWriteDeadline(time.Time) error { return nil }

// TestThrottledPuback: in MQTT 5 the PUBACK says it, and the connection stays.
func TestThrottledPuback(t *testing.T) {
	conn := &written{}
	l, err := &link{Conn: conn, protocol: 5}, &breach{reason: overQuota}
	require.Equal(t, err, l.refusePublish(&packets.Packet{}, err), "QoS 0 has no PUBACK")
	require.NoError(t, l.refusePublish(&packets.Packet{FixedHeader: packets.FixedHeader{Qos: 1}, PacketID: 7}, err))
	require.Equal(t, []byte{0x40, 3, 0, 7, 0x97}, conn.Bytes()[:5])
}
