package mqtt

import (
	"errors"
	"fmt"
)

// ErrInflight says that as many publishes as Options.Inflight wait for a PUBACK.
var ErrInflight = errors.New("too many publishes wait for their puback")

// ErrClosed says that the connection has ended.
var ErrClosed = errors.New("mqtt connection is closed")

// ErrPingTimeout says that the server did not answer a ping.
var ErrPingTimeout = errors.New("no answer to a ping")

// ConnectError is a CONNACK that refuses; codes in MQTT 3.1.1, 3.2.2.3.
type ConnectError struct{ Code byte }

// Error implements error.
func (e *ConnectError) Error() string {
	switch e.Code {
	case 1:
		return "connection refused: unacceptable protocol version"
	case 2:
		return "connection refused: client id rejected"
	case 3:
		return "connection refused: server unavailable"
	case 4:
		return "connection refused: bad user name or password"
	case 5:
		return "connection refused: not authorized"
	}
	return fmt.Sprintf("connection refused: code %d", e.Code)
}

// SubscribeError is a SUBACK that refuses a filter.
type SubscribeError struct {
	Filter string
	Code   byte
}

// Error implements error.
func (e *SubscribeError) Error() string {
	return fmt.Sprintf("subscription to %s refused with code 0x%02x", e.Filter, e.Code)
}
