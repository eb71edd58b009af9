package broker

import (
	"fmt"
	"strings"
	"time"
)

// Limits of the broker (AWS.md §1,
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html).
const (
	maxClientID                   = 128
	maxSubscriptions              = 50
	maxFiltersPerSubscribe        = 8
	maxUnacknowledged             = 100
	defaultKeepAlive       uint16 = 1200
	minKeepAlive           uint16 = 30
	sessionExpiry                 = time.Hour
)

// Limits that AWS does not state; they bound memory and waiting.
const (
	maxConnections  = 500_000
	readBuffer      = 256     // of each connection, in bytes: there may be very many
	maxStored       = 1000    // undelivered QoS 1 messages of one session
	maxRetained     = 100_000 // retained messages
	maxPacket       = 256 << 10
	farewellTimeout = time.Second
	connectTimeout  = 30 * time.Second // handshake, then CONNECT
	writeTimeout    = 10 * time.Second
	closeGrace      = 10 * time.Second
)

// clampKeepAlive is AWS's: 0 means 1200 s, less than 30 s means 30 s, more than
// 1200 s means 1200 s.
func clampKeepAlive(seconds uint16) uint16 {
	if seconds == 0 {
		return defaultKeepAlive
	}
	return min(max(seconds, minKeepAlive), defaultKeepAlive)
}

// GeneratedID begins the client ids that the broker gives to clients without one. AWS says
// so of MQTT 5, and names no difference from MQTT 3.1.1's 3.1.3-6, by which a server may.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt-differences
const GeneratedID = "$GEN/"

// checkClientID tells why a client may not have this id.
func checkClientID(id string) error {
	switch {
	case len(id) > maxClientID:
		return fmt.Errorf("client id of %d bytes; the limit is %d", len(id), maxClientID)
	case strings.HasPrefix(id, "$"):
		return fmt.Errorf("client id %s: a leading $ is reserved", id)
	}
	return nil
}
