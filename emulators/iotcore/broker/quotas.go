package broker

import (
	"errors"
	"fmt"
	"sync"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
)

// Quotas of rates, applied with Config.Enforce (AWS.md §1,
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits).
const (
	publishesPerSecond = 100       // of a connection, in and out
	bytesPerSecond     = 512 << 10 // of a connection
	connectsPerSecond  = 3000      // of the account
	connectEvery       = time.Second
	retainEvery        = time.Second        // of a topic
	mostDebt           = 4 * bytesPerSecond // of deliveries, which are not delayed themselves
)

// errSpent says that a delivery is over its connection's quota.
var errSpent = fmt.Errorf("quota: more than %d publish requests a second on the connection", publishesPerSecond)

// ErrRetainedSpent says that a topic has had a retained message in this second.
var ErrRetainedSpent = errors.New("quota: more than 1 retained publish request a second on the topic")

// allowance is what a connection has used of its quotas in the present second of
// the clock. AWS does not say how it measures a second.
type allowance struct {
	mu           sync.Mutex
	second       int64
	count, bytes int64
}

// take uses up one publish request of some bytes: over means that it is to be
// discarded, wait how long it is to be delayed. Bytes that are too many are taken
// from the seconds to come.
func (a *allowance) take(now time.Time, bytes int) (over bool, wait time.Duration) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if s := now.Unix(); s > a.second {
		a.bytes = max(0, a.bytes-bytesPerSecond*min(s-a.second, 1<<20))
		a.second, a.count = s, 0
	}
	a.count++
	if a.count > publishesPerSecond {
		return true, 0
	}
	a.bytes = min(a.bytes+int64(bytes), mostDebt)
	if a.bytes <= bytesPerSecond {
		return false, 0
	}
	return false, time.Unix(a.second+(a.bytes-1)/bytesPerSecond, 0).Sub(now)
}

// spend applies the quotas of a connection to a publish that was checked: it
// waits, and reports whether the publish is to be discarded. AWS discards without
// a word: there is no PUBACK.
func (b *Broker) spend(l *link, pk *packets.Packet) (discarded bool) {
	if l.allowance == nil {
		return false
	}
	over, wait := l.allowance.take(time.Now(), len(pk.TopicName)+len(pk.Payload))
	reason := errSpent
	if pk.FixedHeader.Retain && b.retainedJustNow(pk.TopicName) {
		over, reason = true, ErrRetainedSpent
	}
	if over {
		b.emit(event.Event{
			Kind: event.Discarded, ClientID: l.clientID, Thing: l.authority.thing(), Topic: pk.TopicName, QoS: pk.FixedHeader.Qos,
			Payload: pk.Payload, Action: "publish", Reason: reason.Error(),
		})
		return true
	}
	if wait > 0 {
		pause := time.NewTimer(wait)
		defer pause.Stop()
		select {
		case <-pause.C:
		case <-l.cancel:
		}
	}
	return false
}

// spendOut applies the quota to a delivery.
func (l *link) spendOut(bytes int) error {
	if l.allowance == nil {
		return nil
	}
	if over, _ := l.allowance.take(time.Now(), bytes); over {
		return errSpent
	}
	return nil
}

// connectQuota counts CONNECTs of the account and of each client id.
type connectQuota struct {
	enforced bool

	mu     sync.Mutex
	second int64
	count  int
	last   map[string]time.Time // of the present and the last second
	before map[string]time.Time
}

// take tells why a CONNECT is throttled.
func (q *connectQuota) take(id string, now time.Time) error {
	if !q.enforced {
		return nil
	}
	q.mu.Lock()
	defer q.mu.Unlock()
	if s := now.Unix(); s > q.second {
		q.before = q.last
		if s > q.second+1 {
			q.before = nil
		}
		q.second, q.count, q.last = s, 0, map[string]time.Time{}
	}
	earlier, again := q.last[id]
	if !again {
		earlier, again = q.before[id]
	}
	q.last[id] = now
	q.count++
	switch {
	case again && now.Sub(earlier) < connectEvery:
		return errors.New("quota: throttled: a CONNECT of this client id came less than a second before")
	case q.count > connectsPerSecond:
		return fmt.Errorf("quota: throttled: more than %d CONNECTs a second of the account", connectsPerSecond)
	}
	return nil
}
