package broker

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
)

// Retained is the retained message of a topic.
type Retained struct {
	*message.Message
	At time.Time
}

// retain keeps the message as its topic's; an empty payload deletes it.
func (b *Broker) retain(m *message.Message) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if len(m.Payload) == 0 {
		delete(b.retained, m.Topic)
		return
	}
	b.retained[m.Topic] = Retained{m, time.Now()}
}

// CheckRetain tells why a message cannot be retained.
func (b *Broker) CheckRetain(name string, payload []byte) error {
	if topic.IsReserved(name) { // AWS.md §1
		return fmt.Errorf("topic %s: a message to a reserved topic cannot be retained", name)
	}
	if len(payload) == 0 {
		return nil // it deletes
	}
	b.mu.RLock()
	_, known := b.retained[name]
	full := !known && len(b.retained) >= maxRetained
	b.mu.RUnlock()
	if full && !b.forgetExpired() {
		return ErrRetainedFull
	}
	return nil
}

// ErrRetainedFull says that nothing more is retained, for which AWS throttles.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt-retain-using
var ErrRetainedFull = fmt.Errorf("quota: there are %d retained messages, the most the broker keeps", maxRetained)

// forgetExpired makes room for retained messages, and reports whether there is some.
func (b *Broker) forgetExpired() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	now := time.Now()
	maps.DeleteFunc(b.retained, func(_ string, k Retained) bool { return k.Expired(now) })
	return len(b.retained) < maxRetained
}

// Retained finds a topic's retained message, unless it expired.
func (b *Broker) Retained(topic string) (Retained, bool) {
	b.mu.RLock()
	defer b.mu.RUnlock()
	k, ok := b.retained[topic]
	return k, ok && !k.Expired(time.Now())
}

// retainedJustNow tells whether the topic's retained message is so new that AWS
// takes no other.
func (b *Broker) retainedJustNow(topic string) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	k, ok := b.retained[topic]
	return ok && time.Since(k.At) < retainEvery
}

// CheckRetainRate tells why the topic takes no other retained message now: only with
// Config.Enforce.
func (b *Broker) CheckRetainRate(topic string) error {
	if b.connects.enforced && b.retainedJustNow(topic) {
		return ErrRetainedSpent
	}
	return nil
}

// AllRetained are the retained messages that have not expired, by topic.
func (b *Broker) AllRetained() []Retained {
	b.mu.RLock()
	defer b.mu.RUnlock()
	now := time.Now()
	var all []Retained
	for _, k := range b.retained {
		if !k.Expired(now) {
			all = append(all, k)
		}
	}
	slices.SortFunc(all, func(a, b Retained) int { return strings.Compare(a.Topic, b.Topic) })
	return all
}
