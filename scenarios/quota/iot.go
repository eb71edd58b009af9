package quota

import (
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// messageUnit is what IoT Core bills a message, a rule and an action in.
// https://aws.amazon.com/iot-core/pricing/ (5 KB increments)
const messageUnit = 5 << 10

// account is what is counted over all clients.
type account struct {
	rules, actions atomic.Int64

	mu            sync.Mutex
	connects      meter
	publishes     meter
	deliveries    meter
	evaluations   meter
	subscriptions meter
	open, most    int64
	oversized     int // the largest payload that was rejected
	tooSoon       int64

	rejectedPayloads, rejectedTopics int64
	discarded                        int64
}

// Connect enters a CONNECT that came to a decision, accepted or not.
func (c *Counter) Connect(id string, accepted bool, at time.Time) {
	if !c.counting() {
		return
	}
	l := c.lane(id)
	soon := false
	if known := l.client(id); known != nil {
		soon = known.last != 0 && at.UnixNano()-known.last < int64(c.quotas.SecondsBetweenConnect*float64(time.Second))
		known.last = at.UnixNano()
		if accepted {
			known.open++
			known.connected -= c.held(at)
		}
	}
	l.messages++ // a CONNECT is metered
	l.mu.Unlock()
	c.account.mu.Lock()
	defer c.account.mu.Unlock()
	c.rate(&c.account.connects, at, 1, 0, c.quotas.Connects, 0)
	if accepted {
		c.account.open++
		c.account.most = max(c.account.most, c.account.open)
	}
	if soon {
		c.account.tooSoon++
	}
}

// Disconnect enters the end of a connection.
func (c *Counter) Disconnect(id string, at time.Time) {
	if !c.counting() {
		return
	}
	if !c.leave(id, at) {
		return
	}
	c.account.mu.Lock()
	defer c.account.mu.Unlock()
	c.account.open--
}

// leave ends a connection that is known of.
func (c *Counter) leave(id string, at time.Time) bool {
	l := c.lane(id)
	defer l.mu.Unlock()
	known := l.client(id)
	if known == nil || known.open == 0 {
		return false
	}
	known.open--
	known.connected += c.held(at)
	return true
}

// Subscribe enters a SUBSCRIBE: it is metered as one message, and each of its topic
// filters counts for the account.
// https://aws.amazon.com/iot-core/pricing/additional-details/
func (c *Counter) Subscribe(id string, filters []string, at time.Time) {
	if !c.counting() {
		return
	}
	size := 0
	for _, f := range filters {
		size += len(f)
	}
	l := c.lane(id)
	l.messages += units(size, messageUnit)
	l.mu.Unlock()
	c.account.mu.Lock()
	defer c.account.mu.Unlock()
	c.rate(&c.account.subscriptions, at, int64(len(filters)), 0, c.quotas.AccountSubscriptions, 0)
}

// Publish enters a message from a client.
func (c *Counter) Publish(id, topic string, payload int, at time.Time) {
	if !c.counting() {
		return
	}
	c.message(id, topic, payload, 0, at)
	c.account.mu.Lock()
	defer c.account.mu.Unlock()
	c.rate(&c.account.publishes, at, 1, int64(payload), c.quotas.AccountPublishes, 0)
}

// Deliver enters a message to a client. A PUBACK from a device is metered, too.
// https://aws.amazon.com/iot-core/pricing/additional-details/
func (c *Counter) Deliver(id, topic string, payload int, qos byte, at time.Time) {
	if !c.counting() {
		return
	}
	c.message(id, topic, payload, int64(min(qos, 1)), at)
	c.account.mu.Lock()
	defer c.account.mu.Unlock()
	c.rate(&c.account.deliveries, at, 1, int64(payload), c.quotas.AccountDeliveries, 0)
}

func (c *Counter) message(id, topic string, payload int, acks int64, at time.Time) {
	l := c.lane(id)
	defer l.mu.Unlock()
	size := payload + len(topic)
	l.messages += units(size, messageUnit) + acks
	l.largest, l.longest = max(l.largest, payload), max(l.longest, len(topic))
	if n := strings.Count(topic, "/"); n > l.slashes {
		l.slashes = n
	}
	if id == "" {
		return // published over HTTP
	}
	if known := l.client(id); known != nil {
		c.rate(&known.meter, at, 1, int64(size), c.quotas.ConnectionPublishes, c.quotas.ConnectionBytes)
	}
}

// Reject enters a message that the broker refused for its form. What is wrong with it
// besides its size and its topic is no quota's.
func (c *Counter) Reject(topic string, payload int) {
	if !c.counting() {
		return
	}
	a := &c.account
	a.mu.Lock()
	defer a.mu.Unlock()
	switch {
	case payload > c.quotas.Payload:
		a.rejectedPayloads++
		a.oversized = max(a.oversized, payload)
	case len(topic) > c.quotas.Topic || strings.Count(topic, "/") > c.quotas.Slashes:
		a.rejectedTopics++
	}
}

// Discard enters a publish that an enforcing broker threw away.
func (c *Counter) Discard() {
	if !c.counting() {
		return
	}
	c.account.mu.Lock()
	defer c.account.mu.Unlock()
	c.account.discarded++
}

// Rule enters a message that a rule's topic filter matched: it is metered whether
// or not its WHERE holds.
func (c *Counter) Rule(payload int, at time.Time) {
	if !c.counting() {
		return
	}
	c.account.rules.Add(units(payload, messageUnit))
	c.account.mu.Lock()
	defer c.account.mu.Unlock()
	c.rate(&c.account.evaluations, at, 1, 0, c.quotas.AccountRules, 0)
}

// Action enters an action that a rule executed.
func (c *Counter) Action(payload int) {
	if !c.counting() {
		return
	}
	c.account.actions.Add(units(payload, messageUnit))
}
