package iotcore

import (
	"bufio"
	"errors"
	"io"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
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
)

// breach ends a connection for what the client did.
type breach struct {
	reason disconnectReason
	text   string
}

func (b *breach) Error() string { return b.text }

// will is what the broker publishes when a client is lost.
type will struct {
	topic   string
	payload []byte
	qos     byte
	retain  bool
}

// link is one connection of a client, from the handshake to its end.
type link struct {
	net.Conn             // the TLS connection
	patient     *patient // under TLS; nil where there is none
	reader      *bufio.Reader
	writing     sync.Mutex
	protocol    byte   // of the client: 4 is MQTT 3.1.1
	certificate string // id of the client's certificate
	ip          string // of the peer
	start       time.Time
	cancel      chan struct{}
	done        chan struct{} // closed when nothing of the link is left

	// Set while the CONNECT is handled, before the link is in the session table.
	clientID  string
	clean     bool
	keepAlive uint16 // seconds
	will      *will
	session   *session
	present   bool // the session was there before
	authority *authorizer
	version   int64  // of the presence events
	sessionID string // of the presence events
	refused   bool   // ConnectRefused was told

	allowance *allowance // of the quotas; nil is without

	sent        atomic.Uint64 // messages published
	established atomic.Bool
	quiet       atomic.Bool // no will is published

	mu       sync.Mutex
	reason   disconnectReason
	cause    string
	deadline time.Time // of writes
}

// stop ends the link. The first reason stays.
func (l *link) stop(reason disconnectReason, cause string) {
	l.note(reason, cause)
	_ = l.Conn.Close() // it is being thrown away
}

func (l *link) note(reason disconnectReason, cause string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.reason == "" {
		l.reason, l.cause = reason, cause
	}
}

// ended finds the reason that a link ended for, given the error its reader
// ended with.
func (l *link) ended(err error) (disconnectReason, string) {
	var b *breach
	var timeout net.Error
	var code packets.Code
	switch {
	case errors.As(err, &b):
		l.note(b.reason, b.text)
	case errors.As(err, &timeout) && timeout.Timeout():
		l.note(keepAliveTimeout, "nothing was received for 1.5 times the keep-alive")
	case errors.As(err, &code):
		l.note(clientError, code.Reason)
	case errors.Is(err, io.EOF) || err == nil:
		l.note(connectionLost, "the connection was closed without a DISCONNECT")
	default:
		l.note(connectionLost, err.Error())
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.reason, l.cause
}

// Write bounds the time that a peer which does not read can hold a writer. The
// deadline is moved only when half of it has passed.
func (l *link) Write(p []byte) (int, error) {
	now := time.Now()
	l.mu.Lock()
	if l.deadline.Sub(now) < writeTimeout/2 {
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
