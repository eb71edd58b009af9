package broker

import (
	"errors"
	"io"
	"sync/atomic"
	"time"

	"github.com/gorilla/websocket"
)

// wsConn is a WebSocket as a net.Conn: the bytes of binary messages one after the
// other, each Write a message. There is one reader and, under the link's lock, one
// writer.
type wsConn struct {
	*websocket.Conn
	message  io.Reader // the one being read
	deadline atomic.Int64
}

// Read implements net.Conn.
func (c *wsConn) Read(p []byte) (int, error) {
	for {
		if c.message != nil {
			n, err := c.message.Read(p)
			if err == io.EOF {
				c.message, err = nil, nil
			}
			if n > 0 || err != nil {
				return n, err
			}
		}
		kind, message, err := c.NextReader()
		if err != nil {
			return 0, closing(err)
		}
		if kind != websocket.BinaryMessage { // MQTT 5, 6.0.0-1
			return 0, &breach{reason: clientError, text: "a message of the WebSocket is not binary"}
		}
		c.message = message
	}
}

// closing tells a Close frame, which is as good as a DISCONNECT, from a connection
// that was lost.
// https://docs.aws.amazon.com/iot/latest/developerguide/life-cycle-events.html
func closing(err error) error {
	var end *websocket.CloseError
	switch {
	case !errors.As(err, &end):
		return err
	case end.Code == websocket.CloseAbnormalClosure:
		return io.EOF
	}
	return &breach{reason: clientInitiated, text: "the client closed the WebSocket"}
}

// Write implements net.Conn.
func (c *wsConn) Write(p []byte) (int, error) {
	if at := c.deadline.Load(); at != 0 {
		_ = c.Conn.SetWriteDeadline(time.Unix(0, at)) // only keeps it
	}
	if err := c.WriteMessage(websocket.BinaryMessage, p); err != nil {
		return 0, err
	}
	return len(p), nil
}

// SetWriteDeadline implements net.Conn; it is for the writes to come.
func (c *wsConn) SetWriteDeadline(t time.Time) error {
	at := int64(0)
	if !t.IsZero() {
		at = t.UnixNano()
	}
	c.deadline.Store(at)
	return nil
}

// SetDeadline implements net.Conn.
func (c *wsConn) SetDeadline(t time.Time) error {
	_ = c.SetWriteDeadline(t)
	return c.SetReadDeadline(t)
}
