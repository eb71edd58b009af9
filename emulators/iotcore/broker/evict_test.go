package broker

import (
	"net"
	"testing"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
	"github.com/stretchr/testify/require"
)

// TestEvictionWinsOverExpiry: the DISCONNECT of MQTT 5 may ask for another expiry of
// the session, but not when the API has ended it meanwhile.
func TestEvictionWinsOverExpiry(t *testing.T) {
	b := New(Config{})
	here, there := net.Pipe()
	defer there.Close()
	l := &link{Conn: here, clientID: "a", terms: &terms{expiry: time.Minute}}
	require.NoError(t, b.claim(l))
	require.True(t, b.Evict("a", true, false))
	require.NoError(t, b.depart(l, &packets.Packet{Properties: packets.Properties{SessionExpiryInterval: 600, SessionExpiryIntervalFlag: true}}))
	b.release(l)
	require.False(t, b.Evict("a", true, false), "no session is left")
}
