package mqtt

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// Client is one connection. Publish, Subscribe, Disconnect and Close may be called
// by any goroutine while Run runs.
type Client struct {
	// SessionPresent is CONNACK's: the server still had a session.
	SessionPresent bool

	conn    net.Conn
	options Options
	reader  *bufio.Reader // Connect's, then Run's
	patient patient       // inside conn; nil where there is none

	lastRead time.Time // Run's
	pinged   time.Time // Run's: when a ping was sent that waits for its answer
	looking  bool      // Run's: the read deadline is the time to look after the connection

	writing   sync.Mutex // held while a packet is written
	lastWrite time.Time
	failed    error // of an earlier write: a part of a packet may be out

	mu      sync.Mutex
	nextID  uint16
	unacked map[uint16]bool
	subacks map[uint16]chan []byte
	leaving bool
	closed  bool
	endedAt time.Time     // when the connection was found to have ended
	ended   chan struct{} // closed when Run has returned
}

// Publish sends a message and returns its packet id, 0 at QoS 0. It does not wait
// for the PUBACK. With Options.Inflight messages unacknowledged it is ErrInflight,
// and nothing was sent.
func (c *Client) Publish(m Message) (uint16, error) {
	if err := m.validate(); err != nil {
		return 0, fmt.Errorf("publish: %w", err)
	}
	pk := &packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: m.QoS, Retain: m.Retain, Dup: m.Dup},
		TopicName:   m.Topic,
		Payload:     m.Payload,
	}
	id, err := c.take(m.QoS)
	if err != nil {
		return 0, fmt.Errorf("publish to %s: %w", m.Topic, err)
	}
	pk.PacketID = id
	if err := c.write(pk); err != nil {
		return pk.PacketID, fmt.Errorf("publish to %s: %w", m.Topic, err)
	}
	return pk.PacketID, nil
}

// take gives out a packet id for a QoS 1 publish, 0 for one at QoS 0.
func (c *Client) take(qos byte) (uint16, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed && !c.endsNow() || c.leaving {
		return 0, ErrClosed
	}
	if qos == 0 {
		return 0, nil
	}
	if len(c.unacked) >= c.options.Inflight {
		return 0, ErrInflight
	}
	id := c.freeID()
	c.unacked[id] = true
	return id, nil
}

// endsNow tells whether the connection was found to have ended at this instant.
// TCP does not tell a writer so soon: what is published now is written, and gone.
// Otherwise, in virtual time, how much of a burst is written before its end would
// be up to the scheduler. The caller holds c.mu.
func (c *Client) endsNow() bool { return !c.endedAt.IsZero() && !time.Now().After(c.endedAt) }

func (c *Client) gone() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.endsNow()
}

// freeID is the next packet id that nobody waits on; never 0. There is one: the
// ids in use are bounded by Options.Inflight and maxSubscribes.
func (c *Client) freeID() uint16 {
	for {
		c.nextID++
		if c.nextID != 0 && !c.unacked[c.nextID] && c.subacks[c.nextID] == nil {
			return c.nextID
		}
	}
}

// Inflight is the number of publishes without a PUBACK.
func (c *Client) Inflight() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return len(c.unacked)
}

// Disconnect sends DISCONNECT, so that the server drops the will, and lets the
// server close the connection; Run then returns nil, at most Options.Timeout later.
func (c *Client) Disconnect() error {
	c.mu.Lock()
	if c.closed || c.leaving {
		c.mu.Unlock()
		return fmt.Errorf("disconnect %s: %w", c.options.ClientID, ErrClosed)
	}
	c.leaving = true
	c.mu.Unlock()
	if err := c.write(&packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Disconnect}}); err != nil {
		return fmt.Errorf("disconnect %s: %w", c.options.ClientID, err)
	}
	return c.conn.SetReadDeadline(time.Now().Add(c.options.Timeout))
}

// Close ends the connection without a DISCONNECT: the server sends the will. It may
// be called again.
func (c *Client) Close() error {
	c.mu.Lock()
	c.closed = true
	c.mu.Unlock()
	if err := c.conn.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("close %s: %w", c.options.ClientID, err)
	}
	return nil
}

// buffers are where packets are put together, for all clients.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// write sends one packet; after an error the connection is of no use any more.
func (c *Client) write(pk *packets.Packet) error {
	c.writing.Lock()
	defer c.writing.Unlock()
	if c.failed != nil {
		return c.failed
	}
	buf := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(buf)
	buf.Reset()
	if err := encode(buf, pk); err != nil {
		return err
	}
	now := time.Now()
	err := c.conn.SetWriteDeadline(now.Add(c.options.Timeout))
	if err == nil {
		_, err = c.conn.Write(buf.Bytes())
	}
	if err != nil && c.gone() {
		return nil
	}
	if err != nil {
		c.failed = err
		_ = c.conn.Close()
		return err
	}
	c.lastWrite = now
	return nil
}
