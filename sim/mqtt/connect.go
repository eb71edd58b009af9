package mqtt

import (
	"bufio"
	"context"
	"fmt"
	"net"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// readBuffer is small because there may be very many connections, in bytes.
const readBuffer = 256

// Connect sends CONNECT on conn and waits for CONNACK and for the SUBACK of
// Options.Subscriptions, at most Options.Timeout. A refusal is a *ConnectError. It closes conn on error; afterwards conn belongs to
// the Client, whose Run has to be called.
func Connect(ctx context.Context, conn net.Conn, o Options) (*Client, error) {
	if err := o.Validate(); err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("connect: %w", err)
	}
	o = o.withDefaults()
	c := &Client{conn: conn, options: o, patient: patientIn(conn), reader: bufio.NewReaderSize(conn, readBuffer),
		unacked: map[uint16]bool{}, ended: make(chan struct{})}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) })
	err := c.handshake()
	if !stop() {
		err = ctx.Err()
	}
	if err != nil {
		_ = conn.Close()
		return nil, fmt.Errorf("connect as %s: %w", o.ClientID, err)
	}
	return c, nil
}

func (c *Client) handshake() error {
	if err := c.write(c.connectPacket()); err != nil {
		return err
	}
	if err := c.conn.SetReadDeadline(time.Now().Add(c.options.Timeout)); err != nil {
		return err
	}
	pk, err := decode(c.reader, c.options.MaxPacket)
	if err != nil {
		return err
	}
	if pk.FixedHeader.Type != packets.Connack {
		return fmt.Errorf("the server sent %s before CONNACK", packets.PacketNames[pk.FixedHeader.Type])
	}
	if pk.ReasonCode != 0 {
		return &ConnectError{pk.ReasonCode}
	}
	c.SessionPresent = pk.SessionPresent
	if len(c.options.Subscriptions) > 0 {
		if err := c.firstSubscribe(); err != nil {
			return err
		}
	}
	c.lastRead = time.Now()
	return nil
}

// firstSubscribe subscribes before Run reads; other packets are handled as Run would.
func (c *Client) firstSubscribe() error {
	pk, err := subscribePacket(c.options.Subscriptions)
	if err != nil {
		return err
	}
	c.mu.Lock()
	pk.PacketID = c.freeID()
	c.mu.Unlock()
	if err := c.write(pk); err != nil {
		return err
	}
	for {
		answer, err := decode(c.reader, c.options.MaxPacket)
		if err != nil {
			return fmt.Errorf("suback: %w", err)
		}
		if answer.FixedHeader.Type == packets.Suback && answer.PacketID == pk.PacketID {
			return granted(c.options.Subscriptions, answer.ReasonCodes)
		}
		if err := c.handle(answer); err != nil {
			return err
		}
	}
}

func (c *Client) connectPacket() *packets.Packet {
	o := c.options
	pk := &packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Connect},
		Connect: packets.ConnectParams{
			ProtocolName:     []byte("MQTT"),
			ClientIdentifier: o.ClientID,
			Keepalive:        uint16(o.KeepAlive / time.Second),
			Clean:            o.CleanSession,
		},
	}
	if w := o.Will; w != nil {
		pk.Connect.WillFlag = true
		pk.Connect.WillTopic = w.Topic
		pk.Connect.WillPayload = w.Payload
		pk.Connect.WillQos = w.QoS
		pk.Connect.WillRetain = w.Retain
	}
	return pk
}
