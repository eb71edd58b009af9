package mqtt

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"
)

// maxSubscribes bounds the SUBSCRIBE packets without a SUBACK.
const maxSubscribes = 16

// Subscription is a topic filter and the highest QoS wanted, 0 or 1.
type Subscription struct {
	Filter string
	QoS    byte
}

// Subscribe asks for messages and waits for the SUBACK, at most Options.Timeout.
// It returns the granted QoS of each filter, and a *SubscribeError for the first
// one that was refused (0x80).
func (c *Client) Subscribe(ctx context.Context, subs ...Subscription) ([]byte, error) {
	pk, err := subscribePacket(subs)
	if err != nil {
		return nil, err
	}
	codes, err := c.subscribe(ctx, pk)
	if err != nil {
		return nil, fmt.Errorf("subscribe to %s: %w", subs[0].Filter, err)
	}
	return codes, granted(subs, codes)
}

func subscribePacket(subs []Subscription) (*packets.Packet, error) {
	if len(subs) == 0 {
		return nil, errors.New("subscribe: no filter")
	}
	pk := &packets.Packet{FixedHeader: packets.FixedHeader{Type: packets.Subscribe, Qos: 1}}
	for _, s := range subs {
		if s.Filter == "" || len(s.Filter) > 65535 || s.QoS > 1 {
			return nil, fmt.Errorf("subscribe to %q at qos %d: a filter and qos 0 or 1 are needed", s.Filter, s.QoS)
		}
		pk.Filters = append(pk.Filters, packets.Subscription{Filter: s.Filter, Qos: s.QoS})
	}
	return pk, nil
}

// granted looks through the codes of a SUBACK for a refusal.
func granted(subs []Subscription, codes []byte) error {
	if len(codes) != len(subs) {
		return fmt.Errorf("subscribe to %s: %d codes for %d filters", subs[0].Filter, len(codes), len(subs))
	}
	for i, code := range codes {
		if code > 2 {
			return &SubscribeError{subs[i].Filter, code}
		}
	}
	return nil
}

func (c *Client) subscribe(ctx context.Context, pk *packets.Packet) ([]byte, error) {
	answer := make(chan []byte, 1)
	c.mu.Lock()
	if len(c.subacks) >= maxSubscribes {
		c.mu.Unlock()
		return nil, fmt.Errorf("%d others wait for their suback", maxSubscribes)
	}
	pk.PacketID = c.freeID()
	if c.subacks == nil {
		c.subacks = map[uint16]chan []byte{}
	}
	c.subacks[pk.PacketID] = answer
	c.mu.Unlock()
	defer func() {
		c.mu.Lock()
		delete(c.subacks, pk.PacketID)
		c.mu.Unlock()
	}()
	if err := c.write(pk); err != nil {
		return nil, err
	}
	timeout := time.NewTimer(c.options.Timeout)
	defer timeout.Stop()
	select {
	case codes := <-answer:
		return codes, nil
	case <-c.ended:
		return nil, ErrClosed
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-timeout.C:
		return nil, fmt.Errorf("no suback within %s", c.options.Timeout)
	}
}
