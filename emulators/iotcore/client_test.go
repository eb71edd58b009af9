package iotcore

import (
	"bufio"
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
	"github.com/stretchr/testify/require"
)

// client is an MQTT 3.1.1 client for tests: it does what it is told, right or
// wrong.
type client struct {
	conn   net.Conn
	code   byte // of the CONNACK
	resume bool // session present
	done   chan struct{}

	mu       sync.Mutex
	nextID   uint16
	acks     map[uint16]chan packets.Packet
	received []packets.Packet
	mute     bool // do not acknowledge
	err      error
	compared int // of received, by requireHeard
}

type connectOption func(*packets.Packet)

func withWill(topic, payload string) connectOption {
	return func(pk *packets.Packet) {
		pk.Connect.WillFlag, pk.Connect.WillTopic, pk.Connect.WillPayload = true, topic, []byte(payload)
	}
}

func persistent(pk *packets.Packet) { pk.Connect.Clean = false }

func keepAlive(seconds uint16) connectOption {
	return func(pk *packets.Packet) { pk.Connect.Keepalive = seconds }
}

// errRefused is a CONNECT answered by another code than 0.
var errRefused = errors.New("connect refused")

// dial connects with a certificate; it fails the test unless the CONNACK says yes.
func (f *fixture) dial(id string, cert tls.Certificate, options ...connectOption) *client {
	c, err := f.tryDial(id, cert, options...)
	require.NoError(f.t, err)
	return c
}

func (f *fixture) dialAt(addr, id string, cert tls.Certificate, options ...connectOption) *client {
	c, err := f.tryDialAt(addr, id, cert, options...)
	require.NoError(f.t, err)
	return c
}

func (f *fixture) tryDial(id string, cert tls.Certificate, options ...connectOption) (*client, error) {
	return f.tryDialAt(endpoint, id, cert, options...)
}

func (f *fixture) tryDialAt(addr, id string, cert tls.Certificate, options ...connectOption) (*client, error) {
	conn := f.secureAt(addr, cert)
	c := &client{conn: conn, done: make(chan struct{}), acks: map[uint16]chan packets.Packet{}}
	pk := packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Connect}, ProtocolVersion: 4,
		Connect: packets.ConnectParams{
			ProtocolName: []byte("MQTT"), Clean: true, ClientIdentifier: id, Keepalive: 1200,
		},
	}
	for _, o := range options {
		o(&pk)
	}
	if err := c.write(pk); err != nil {
		_ = conn.NetConn().Close()
		return nil, err
	}
	r := bufio.NewReader(conn)
	ack, err := readPacketOf(r, 4)
	if err != nil {
		_ = conn.NetConn().Close()
		return nil, err
	}
	c.code, c.resume = ack.ReasonCode, ack.SessionPresent
	if c.code != 0 {
		_ = conn.NetConn().Close()
		return c, errRefused
	}
	f.clients.Go(func() { c.read(r) })
	return c, nil
}

func (f *fixture) secure(cert tls.Certificate) *tls.Conn { return f.secureAt(endpoint, cert) }

// secureAt is a connection before its handshake.
func (f *fixture) secureAt(addr string, cert tls.Certificate) *tls.Conn {
	raw, err := f.network.Dial(context.Background(), "tcp", addr)
	require.NoError(f.t, err)
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(f.core.CACertificate())
	return tls.Client(raw, &tls.Config{RootCAs: roots, ServerName: "broker", Certificates: []tls.Certificate{cert}})
}

func (c *client) write(pk packets.Packet) error {
	if pk.ProtocolVersion == 0 {
		pk.ProtocolVersion = 4
	}
	var b bytes.Buffer
	if err := encodeAny(&b, &pk); err != nil {
		return err
	}
	_, err := c.conn.Write(b.Bytes())
	return err
}

func (c *client) read(r *bufio.Reader) {
	defer close(c.done)
	for {
		pk, err := readPacketOf(r, 4)
		c.mu.Lock()
		if err != nil {
			c.err = err
			c.mu.Unlock()
			_ = c.conn.Close()
			return
		}
		mute := c.mute
		if pk.FixedHeader.Type == packets.Publish {
			c.received = append(c.received, pk)
		} else if ack := c.acks[pk.PacketID]; ack != nil {
			ack <- pk
		}
		c.mu.Unlock()
		if pk.FixedHeader.Type == packets.Publish && pk.FixedHeader.Qos == 1 && !mute {
			_ = c.write(packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Puback}, PacketID: pk.PacketID})
		}
	}
}

// call writes a packet with an id and waits for its acknowledgement; false
// means that the connection ended.
func (c *client) call(pk packets.Packet) (packets.Packet, bool) {
	c.mu.Lock()
	c.nextID++
	pk.PacketID = c.nextID
	ack := make(chan packets.Packet, 1)
	c.acks[pk.PacketID] = ack
	c.mu.Unlock()
	if err := c.write(pk); err != nil {
		return packets.Packet{}, false
	}
	select {
	case got := <-ack:
		return got, true
	case <-c.done:
		return packets.Packet{}, false
	}
}

// publish publishes at QoS 1 and tells whether the PUBACK came.
func (c *client) publish(topic, payload string) bool {
	_, ok := c.call(packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: 1}, TopicName: topic, Payload: []byte(payload),
	})
	return ok
}

func (c *client) retain(topic, payload string) bool {
	_, ok := c.call(packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: 1, Retain: true}, TopicName: topic, Payload: []byte(payload),
	})
	return ok
}

// subscribe returns the codes of the SUBACK, nil if the connection ended.
func (c *client) subscribe(qos byte, filters ...string) []byte {
	pk := packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}}
	for _, f := range filters {
		pk.Filters = append(pk.Filters, packets.Subscription{Filter: f, Qos: qos})
	}
	ack, _ := c.call(pk)
	return ack.ReasonCodes
}

func (c *client) unsubscribe(filter string) bool {
	_, ok := c.call(packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Unsubscribe, Qos: 1},
		Filters:     packets.Subscriptions{{Filter: filter}},
	})
	return ok
}

func (c *client) disconnect() {
	_ = c.write(packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Disconnect}})
	<-c.done
}

// drop cuts the connection without a DISCONNECT.
func (c *client) drop() {
	_ = c.conn.Close()
	<-c.done
}

func (c *client) isClosed() bool {
	select {
	case <-c.done:
		return true
	default:
		return false
	}
}

// got are the payloads received so far, each with its topic.
func (c *client) got() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var out []string
	for _, pk := range c.received {
		out = append(out, pk.TopicName+" "+string(pk.Payload))
	}
	return out
}

// header is the fixed header of the nth message received.
func (c *client) header(n int) packets.FixedHeader {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.received[n].FixedHeader
}

// stopAcknowledging leaves messages unacknowledged from now on.
func (c *client) stopAcknowledging() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.mute = true
}

func settle() { time.Sleep(time.Second) }
