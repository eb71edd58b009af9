package mqtt

import (
	"errors"
	"fmt"
	"time"
)

// Options say how to connect.
type Options struct {
	// ClientID is the client identifier; not empty.
	ClientID string
	// KeepAlive is a whole number of seconds up to 65535 s; 0 turns it off. After
	// that time without a packet in either direction the client pings.
	KeepAlive time.Duration
	// CleanSession asks the server to forget an earlier session.
	CleanSession bool
	// Will is published by the server when the connection ends without a DISCONNECT.
	Will *Message
	// Subscriptions are made by Connect, right after CONNACK; a refused one fails it.
	Subscriptions []Subscription
	// Inflight bounds the QoS 1 publishes without a PUBACK; 100 when zero, which is
	// what AWS accepts of one client (AWS.md §1).
	Inflight int
	// MaxPacket bounds an incoming packet, in bytes; 256 KiB when zero.
	MaxPacket int
	// Timeout bounds each wait for the server: CONNACK, PINGRESP, a write, the end
	// of the connection after DISCONNECT; 10 s when zero.
	Timeout time.Duration
	// OnPublish gets each incoming message before its PUBACK is sent, OnAck each
	// PUBACK by packet id. Both are called one at a time by Run and must not wait
	// for the server. The payload belongs to the callee.
	OnPublish func(Message)
	OnAck     func(id uint16)
}

// Message is a publication.
type Message struct {
	Topic   string
	Payload []byte
	// QoS is 0 or 1.
	QoS    byte
	Retain bool
	// Dup marks a QoS 1 message that may have been sent before.
	Dup bool
}

func (m Message) validate() error {
	switch {
	case m.Topic == "" || len(m.Topic) > 65535:
		return fmt.Errorf("a topic has 1 to 65535 bytes, not %d", len(m.Topic))
	case m.QoS > 1:
		return fmt.Errorf("qos %d is not supported: AWS IoT Core has 0 and 1", m.QoS)
	case m.QoS == 0 && m.Dup:
		return errors.New("a qos 0 message cannot be a duplicate")
	}
	return nil
}

// Validate tells what is wrong with the options.
func (o Options) Validate() error {
	if o.ClientID == "" {
		return errors.New("the client id is empty")
	}
	if o.KeepAlive < 0 || o.KeepAlive > 65535*time.Second || o.KeepAlive%time.Second != 0 {
		return fmt.Errorf("keep-alive %s is not a whole number of seconds up to 65535", o.KeepAlive)
	}
	if o.Inflight < 0 || o.Inflight > 65535 {
		return fmt.Errorf("%d messages in flight are not between 0 and 65535", o.Inflight)
	}
	if o.MaxPacket < 0 || o.Timeout < 0 {
		return errors.New("a bound is negative")
	}
	if len(o.Subscriptions) > 0 {
		if _, err := subscribePacket(o.Subscriptions); err != nil {
			return err
		}
	}
	if o.Will != nil {
		if err := o.Will.validate(); err != nil {
			return fmt.Errorf("will: %w", err)
		}
	}
	return nil
}

func (o Options) withDefaults() Options {
	if o.Inflight == 0 {
		o.Inflight = 100
	}
	if o.MaxPacket == 0 {
		o.MaxPacket = 256 << 10
	}
	if o.Timeout == 0 {
		o.Timeout = 10 * time.Second
	}
	if o.OnPublish == nil {
		o.OnPublish = func(Message) {}
	}
	if o.OnAck == nil {
		o.OnAck = func(uint16) {}
	}
	return o
}
