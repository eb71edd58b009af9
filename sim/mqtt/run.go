package mqtt

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// Run reads until the connection ends, answers, pings, and closes the connection.
// It returns nil after Disconnect, ErrClosed after Close, ctx's error when ctx is
// done (the connection is then cut without DISCONNECT), else why the connection
// ended. It is called once.
func (c *Client) Run(ctx context.Context) error {
	stop := c.closeAfter(ctx)
	for {
		ready, err := c.turn()
		if err != nil {
			return c.over(ctx, !stop(), err)
		}
		if !ready {
			c.patient.WaitRead()
		}
	}
}

// Start is Run for one of very many clients, nearly all of which wait: where the
// connection allows it, no goroutine waits with the large stack of one that has read,
// the connection calls instead. It returns at once; ended is called with what Run
// returns.
func (c *Client) Start(ctx context.Context, ended func(error)) {
	stop := c.closeAfter(ctx)
	var read func()
	read = func() {
		for {
			ready, err := c.turn()
			if err != nil {
				ended(c.over(ctx, !stop(), err))
				return
			}
			if !ready {
				c.patient.WhenReadable(read)
				return
			}
		}
	}
	go read()
}

// closeAfter closes the connection when ctx is done, unless stop is called before.
func (c *Client) closeAfter(ctx context.Context) (stop func() bool) {
	return context.AfterFunc(ctx, func() { _ = c.Close() })
}

// over ends what is left of the connection and says why it ended.
func (c *Client) over(ctx context.Context, cut bool, err error) error {
	c.mu.Lock()
	leaving, closed := c.leaving, c.closed
	if !closed {
		c.closed, c.endedAt = true, time.Now()
	}
	c.mu.Unlock()
	_ = c.conn.Close()
	close(c.ended)
	switch {
	case leaving:
		return nil
	case cut:
		return ctx.Err()
	case closed:
		return ErrClosed
	}
	return fmt.Errorf("mqtt connection of %s: %w", c.options.ClientID, err)
}

// turn reads a packet and acts on it. It reports false when there is none to read
// yet, which only a patient connection tells.
func (c *Client) turn() (ready bool, err error) {
	if ready, err := c.ready(); !ready || err != nil {
		return false, err
	}
	pk, err := decode(c.reader, c.options.MaxPacket)
	if err != nil {
		return false, err
	}
	c.lastRead = time.Now()
	c.pinged = time.Time{}
	return true, c.handle(pk)
}

func (c *Client) handle(pk *packets.Packet) error {
	switch pk.FixedHeader.Type {
	case packets.Publish:
		return c.receive(pk)
	case packets.Puback:
		c.mu.Lock()
		known := c.unacked[pk.PacketID]
		delete(c.unacked, pk.PacketID)
		c.mu.Unlock()
		if known {
			c.options.OnAck(pk.PacketID)
		}
	case packets.Suback:
		c.mu.Lock()
		answer := c.subacks[pk.PacketID]
		delete(c.subacks, pk.PacketID)
		c.mu.Unlock()
		if answer != nil {
			answer <- pk.ReasonCodes
		}
	case packets.Connack:
		return errors.New("the server sent a second CONNACK")
	}
	return nil
}

func (c *Client) receive(pk *packets.Packet) error {
	h := pk.FixedHeader
	if h.Qos > 1 {
		return fmt.Errorf("the server sent a message on %s at qos %d", pk.TopicName, h.Qos)
	}
	c.options.OnPublish(Message{Topic: pk.TopicName, Payload: pk.Payload, QoS: h.Qos, Retain: h.Retain, Dup: h.Dup})
	if h.Qos == 0 {
		return nil
	}
	return c.write(&packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Puback}, PacketID: pk.PacketID})
}

// ready tells when a packet has begun to arrive. Meanwhile it keeps the connection
// alive: the read deadline is the time to look, so no goroutine and no timer of ours
// is needed. False says to wait, and then to ask again.
func (c *Client) ready() (bool, error) {
	for {
		if err := c.lookOut(); err != nil {
			return false, err
		}
		ready, err := c.try()
		if err == nil && !ready {
			return false, nil
		}
		c.looking = false
		switch {
		case err == nil:
			return true, c.setReadDeadline(time.Now().Add(c.options.Timeout))
		case !errors.Is(err, os.ErrDeadlineExceeded):
			return false, err
		case c.isLeaving():
			return false, errors.New("the server did not close the connection")
		}
		// A publish at this very instant makes the ping superfluous: let it come first.
		time.Sleep(time.Nanosecond)
	}
}

// lookOut sets the time to look, unless it is set.
func (c *Client) lookOut() error {
	if c.looking {
		return nil
	}
	deadline, err := c.nextLook()
	if err != nil {
		return err
	}
	c.looking = true
	return c.setReadDeadline(deadline)
}

func (c *Client) try() (ready bool, err error) {
	if c.patient != nil {
		return c.patient.Try(c.peek)
	}
	err = c.peek()
	return err == nil, err
}

func (c *Client) isLeaving() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.leaving
}

// setReadDeadline leaves alone the deadline that Disconnect has set.
func (c *Client) setReadDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.leaving {
		return nil
	}
	return c.conn.SetReadDeadline(t)
}

// nextLook pings when it is time and says when to look again; never when zero.
func (c *Client) nextLook() (time.Time, error) {
	if c.options.KeepAlive == 0 || c.isLeaving() {
		return time.Time{}, nil
	}
	now := time.Now()
	if !c.pinged.IsZero() {
		end := c.pinged.Add(c.options.Timeout)
		if !now.Before(end) {
			return end, ErrPingTimeout
		}
		return end, nil
	}
	c.writing.Lock()
	quiet := c.lastWrite
	c.writing.Unlock()
	if c.lastRead.Before(quiet) {
		quiet = c.lastRead
	}
	if due := quiet.Add(c.options.KeepAlive); now.Before(due) {
		return due, nil
	}
	if err := c.write(&packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Pingreq}}); err != nil {
		return now, err
	}
	c.pinged = now
	return now.Add(c.options.Timeout), nil
}

func (c *Client) peek() error {
	_, err := c.reader.Peek(1)
	return err
}

// patient is a connection under TLS whose reader can wait outside of TLS.
type patient interface {
	Try(try func() error) (ready bool, err error)
	WaitRead()
	WhenReadable(f func())
}

// patientIn finds the patient connection inside others; nil where there is none.
func patientIn(conn net.Conn) patient {
	for {
		switch one := conn.(type) {
		case patient:
			return one
		case interface{ NetConn() net.Conn }:
			conn = one.NetConn()
		default:
			return nil
		}
	}
}
