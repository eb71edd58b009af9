package broker

import (
	"bufio"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/logging"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/registry"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// disconnectReason is AWS's word for why a connection ended.
// https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html
type disconnectReason string

const (
	clientInitiated  disconnectReason = "CLIENT_INITIATED_DISCONNECT"
	apiInitiated     disconnectReason = "API_INITIATED_DISCONNECT"
	serverInitiated  disconnectReason = "SERVER_INITIATED_DISCONNECT"
	authError        disconnectReason = "AUTH_ERROR"
	clientError      disconnectReason = "CLIENT_ERROR"
	connectionLost   disconnectReason = "CONNECTION_LOST"
	duplicateID      disconnectReason = "DUPLICATE_CLIENTID"
	keepAliveTimeout disconnectReason = "MQTT_KEEP_ALIVE_TIMEOUT"
	serverError      disconnectReason = "SERVER_ERROR"
	overQuota        disconnectReason = "THROTTLED"
	webSocketExpired disconnectReason = "WEBSOCKET_TTL_EXPIRATION"
)

// breach ends a connection for what the client did.
type breach struct {
	reason disconnectReason
	text   string
	code   byte // of MQTT 5; 0 is the reason's
}

func (b *breach) Error() string { return b.text }

// publication is what a client publishes, or has published when it is lost: its will.
type publication struct {
	properties *sql.Properties
	expiry     time.Duration // of the message; 0 is never
	topic      string
	payload    []byte
	qos        byte
	retain     bool
}

// link is one connection of a client, from the handshake to its end.
type link struct {
	net.Conn             // the TLS connection
	patient     *patient // under TLS; nil where there is none
	listening   bool     // the reader's: the keep-alive runs
	reader      *bufio.Reader
	writing     sync.Mutex
	protocol    byte        // of the client: 4 is MQTT 3.1.1
	terms       *terms      // of MQTT 5; nil for 3.1.1
	certificate string      // id of the client's certificate, or its access key
	iam         bool        // by a signed URL, without a certificate
	limit       *time.Timer // of a WebSocket's life
	ip          string      // of the peer
	domain      string      // that the client asked TLS for
	start       time.Time
	cancel      chan struct{}
	done        chan struct{} // closed when nothing of the link is left

	// Set while the CONNECT is handled, before the link is in the session table.
	clientID     string
	from         *logging.Peer // as log entries have it
	assigned     bool          // by the broker
	clean        bool
	keepAlive    uint16 // seconds
	asked        uint16 // seconds of keep-alive in the CONNECT
	will         *publication
	session      *session
	present      bool // the session was there before
	authority    *authorizer
	exclusive    string                 // the thing whose certificate is for it alone
	version      int64                  // of the presence events
	sessionID    string                 // of the presence events
	refused      bool                   // ConnectRefused was told
	introduction *registry.Introduction // of a client whose certificate was registered for connecting
	willing      bool                   // the client left asking for its will

	allowance *allowance // of the quotas; nil is without

	sent        atomic.Uint64 // messages published
	established atomic.Bool
	quiet       atomic.Bool // no will is published

	mu       sync.Mutex
	reason   disconnectReason
	cause    string
	deadline time.Time // of writes
	leaving  bool      // the deadline stays
}

// stop ends the link. The first reason stays.
func (l *link) stop(reason disconnectReason, cause string) {
	if l.note(reason, cause) {
		l.farewell(reason, 0, cause)
	}
	_ = l.Conn.Close() // it is being thrown away
}

// note keeps the first reason, and reports whether this is it.
func (l *link) note(reason disconnectReason, cause string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reason != "" {
		return false
	}
	l.reason, l.cause = reason, cause
	return true
}

// ended finds the reason that a link ended for, given the error its reader
// ended with, and tells a client of MQTT 5.
func (l *link) ended(err error) (disconnectReason, string) {
	reason, cause, code := diagnose(err)
	if l.note(reason, cause) {
		l.farewell(reason, code, cause)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reason, l.cause
}

// diagnose finds the reason for a reader's error, and the reason code of MQTT 5 if
// it is a special one.
func diagnose(err error) (reason disconnectReason, cause string, code byte) {
	var b *breach
	var timeout net.Error
	var c packets.Code
	switch {
	case errors.As(err, &b):
		return b.reason, b.text, b.code
	case errors.As(err, &timeout) && timeout.Timeout():
		return keepAliveTimeout, "nothing was received for 1.5 times the keep-alive", 0
	case errors.As(err, &c):
		return clientError, c.Reason, c.Code
	case errors.Is(err, io.EOF) || err == nil:
		return connectionLost, "the connection was closed without a DISCONNECT", 0
	}
	return connectionLost, err.Error(), 0
}

// Write bounds the time that a peer which does not read can hold a writer. The
// deadline is moved only when half of it has passed.
func (l *link) Write(p []byte) (int, error) {
	now := time.Now()
	l.mu.Lock()
	if !l.leaving && l.deadline.Sub(now) < writeTimeout/2 {
		l.deadline = now.Add(writeTimeout)
		_ = l.Conn.SetWriteDeadline(l.deadline) // a closed connection fails in Write
	}
	l.mu.Unlock()
	n, err := l.Conn.Write(p)
	if err != nil {
		// After a timeout a TLS connection cannot be written again.
		_ = l.Conn.Close()
	}
	return n, err
}
