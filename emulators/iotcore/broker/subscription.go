package broker

import "github.com/mochi-mqtt/server/v2/packets"

// subscription is what a client asked for with a topic filter, packed: there may
// be very many. QoS is in the two lowest bits.
type subscription byte

const (
	noLocal           subscription = 1 << 2 // of MQTT 5: not the client's own messages
	retainAsPublished subscription = 1 << 3 // of MQTT 5
)

func (s subscription) qos() byte { return byte(s & 3) }

func subscriptionOf(sub packets.Subscription) subscription {
	s := subscription(sub.Qos)
	if sub.NoLocal {
		s |= noLocal
	}
	if sub.RetainAsPublished {
		s |= retainAsPublished
	}
	return s
}

// and joins two subscriptions of one client that a message matches: it gets one
// copy with the higher QoS.
func (s subscription) and(other subscription) subscription {
	joined := subscription(max(s.qos(), other.qos()))
	joined |= (s | other) & retainAsPublished
	return joined | s&other&noLocal
}
