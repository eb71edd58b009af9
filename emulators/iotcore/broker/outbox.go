package broker

import (
	"errors"
	"slices"
	"sync"
	"time"

	"github.com/mochi-mqtt/server/v2/packets"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// outbox is the outgoing half of a session. mochi's own keeps no order among
// messages of one second and drops without telling, so it is not used.
//
//	push ─> waiting (QoS 1) ─> window (sent, unacknowledged, at most 100) ─> ack
//	  └──── QoS 0 ──────────────────────────────────────────────> written or dropped
//
// A link that attaches gets the window again, as much of it as it takes at once, and then
// what waits; where quotas are enforced, slowly (see stored.go). Within one
// connection nothing is sent twice. What is not acknowledged in time is dropped.
type outbox struct {
	clientID string
	emit     func(event.Event)

	mu      sync.Mutex
	link    *link
	ended   string // why the session did; then nothing is taken any more
	waiting []outgoing
	window  []outgoing
	stored  []outgoing  // of the connections before, while they are sent slowly
	pace    *time.Timer // sends the next of them
	again   *time.Timer // sends what was over a quota
	lastID  uint16
	// queued logs a message that is kept, or not for a reason, while no link is there.
	queued func(clientID string, m *message.Message, reason string)
}

type outgoing struct {
	message *message.Message
	qos     byte
	retain  bool
	group   string    // the filter of the shared subscription that it is of, or empty
	id      uint16    // once sent
	sent    time.Time // first, also on another connection
}

// push sends a message, or keeps it until it can be sent. The session may have ended
// since it was found for the message.
func (o *outbox) push(out outgoing) {
	if !o.take(out) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.tell(event.Dropped, out, o.ended)
	}
}

// take is push; false is that the session has ended, and nobody was told.
func (o *outbox) take(out outgoing) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.ended != "" {
		return false
	}
	if out.qos == 0 {
		o.sendOnce(out)
		return true
	}
	reason := ""
	if len(o.waiting) >= maxStored && !o.dropExpired() {
		reason = "the session holds the most messages it can"
	}
	if o.link == nil {
		o.queued(o.clientID, out.message, reason)
	}
	if reason != "" {
		o.tell(event.Dropped, out, reason)
		return true
	}
	o.waiting = append(o.waiting, out)
	o.pump()
	return true
}

// dropExpired makes room among what waits, and reports whether there is some.
func (o *outbox) dropExpired() bool {
	now := time.Now()
	o.waiting = slices.DeleteFunc(o.waiting, func(out outgoing) bool {
		over := out.message.Expired(now)
		if over {
			o.tell(event.Dropped, out, "the message expired")
		}
		return over
	})
	return len(o.waiting) < maxStored
}

func (o *outbox) sendOnce(out outgoing) {
	if o.link == nil {
		o.tell(event.Dropped, out, "QoS 0 and the subscriber is not connected")
		return
	}
	if !o.mayReceive(out) {
		return
	}
	if err := o.spend(out); err != nil {
		o.tell(event.Discarded, out, err.Error())
		return
	}
	if err := o.write(out); err != nil {
		o.tell(event.Dropped, out, "write: "+err.Error())
		return
	}
	o.tell(event.Delivered, out, "")
}

// spend applies the quota of rates to a delivery.
func (o *outbox) spend(out outgoing) error {
	return o.link.spendOut(len(out.message.Topic) + len(out.message.Payload))
}

// later pumps again in the next second: QoS 1 is "sent at least one time, and then repeatedly
// until a PUBACK response is received", so that none is lost to the quota.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt-qos
func (o *outbox) later() {
	if o.again != nil {
		return
	}
	now := time.Now()
	o.again = time.AfterFunc(now.Truncate(time.Second).Add(time.Second).Sub(now), func() {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.again = nil
		o.pump()
	})
}

// pump sends what waits while the window has room.
func (o *outbox) pump() {
	o.giveUp()
	for o.link != nil && len(o.waiting) > 0 && len(o.window) < o.link.window() {
		out := o.waiting[0]
		may := o.mayReceive(out)
		if may && o.spend(out) != nil {
			o.later()
			return
		}
		if o.waiting = o.waiting[1:]; !may {
			continue
		}
		again := !out.sent.IsZero()
		if out.id = o.nextID(); !again {
			out.sent = time.Now()
		}
		o.window = append(o.window, out)
		err := o.write(out)
		if o.dropTooLarge(out, err) {
			o.window = o.window[:len(o.window)-1]
			continue
		}
		if err != nil {
			return // it stays in the window for the next link
		}
		if !again {
			o.tell(event.Delivered, out, "")
		}
	}
}

// mayReceive checks iot:Receive, at every delivery (AWS.md §1), and that the
// message has not expired.
func (o *outbox) mayReceive(out outgoing) bool {
	if out.message.Expired(time.Now()) {
		o.tell(event.Dropped, out, "the message expired")
		return false
	}
	if o.link.authority.allows("iot:Receive", "topic", out.message.Topic) {
		return true
	}
	o.tell(event.Denied, out, "no policy allows iot:Receive on topic/"+out.message.Topic)
	return false
}

// dropTooLarge drops a message that its client does not take (MQTT 5, 3.1.2-25).
func (o *outbox) dropTooLarge(out outgoing, err error) bool {
	if !errors.Is(err, errTooLarge) {
		return false
	}
	o.tell(event.Dropped, out, err.Error())
	return true
}

// window is how many QoS 1 messages may be unacknowledged.
func (l *link) window() int {
	if l.terms != nil {
		return l.terms.window
	}
	return maxUnacknowledged
}

func (o *outbox) nextID() uint16 {
	for {
		o.lastID++
		if o.lastID != 0 && !o.inWindow(o.lastID) {
			return o.lastID
		}
	}
}

func (o *outbox) inWindow(id uint16) bool {
	for _, out := range o.window {
		if out.id == id {
			return true
		}
	}
	return slices.ContainsFunc(o.stored, func(out outgoing) bool { return out.id == id })
}

// write sends a message. AWS does not set the DUP flag when it sends one again.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt-differences
func (o *outbox) write(out outgoing) error {
	pk := &packets.Packet{
		FixedHeader: packets.FixedHeader{Type: packets.Publish, Qos: out.qos, Retain: out.retain},
		TopicName:   out.message.Topic, Payload: out.message.Payload, PacketID: out.id,
	}
	if o.link.protocol >= 5 {
		writeProperties(out.message, pk, time.Now())
	}
	return o.link.send(pk)
}

// ack takes an acknowledged message out of the window.
func (o *outbox) ack(id uint16) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for i, out := range o.window {
		if out.id == id {
			o.window = append(o.window[:i:i], o.window[i+1:]...)
			break
		}
	}
	o.pump()
}

// attach makes l the link that messages go to.
func (o *outbox) attach(l *link) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.link = l
	o.giveUp()
	if l.allowance != nil && len(o.window)+len(o.waiting) > storedPerSecond {
		o.stored, o.window, o.waiting = append(o.window, o.waiting...), nil, nil
		o.release(l)
		return
	}
	window := o.window
	o.window = nil
	if most := l.window(); len(window) > most {
		over := slices.Clone(window[most:])
		for i := range over {
			over[i].id = 0 // it has another when its turn comes
		}
		window, o.waiting = window[:most], append(over, o.waiting...)
	}
	for i, out := range window {
		if !o.mayReceive(out) {
			continue
		}
		_ = o.spend(out) // a new connection has room for so few
		err := o.write(out)
		if o.dropTooLarge(out, err) {
			continue
		}
		o.window = append(o.window, out)
		if err != nil {
			o.window = append(o.window, window[i+1:]...)
			return
		}
	}
	o.pump()
}

func (o *outbox) detach() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.link = nil
	if o.again != nil {
		o.again.Stop()
		o.again = nil
	}
	o.putBack()
}

// discard ends the outbox: it drops everything that was not acknowledged, and returns what
// others may have.
func (o *outbox) discard(reason string) (orphans []outgoing) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.ended = reason
	for _, out := range append(o.window, o.waiting...) {
		if out.group != "" {
			orphans = append(orphans, out)
			continue
		}
		o.tell(event.Dropped, out, reason)
	}
	o.window, o.waiting = nil, nil
	return orphans
}

func (o *outbox) tell(kind event.Kind, out outgoing, reason string) {
	e := out.message.Event(kind)
	e.ClientID, e.Thing, e.QoS, e.Reason = o.clientID, "", out.qos, reason
	if e.From = nil; o.link != nil {
		e.From = o.link.from
	}
	switch kind {
	case event.Denied:
		e.Action = "iot:Receive"
	case event.Dropped, event.Discarded:
		e.Action = "deliver"
	}
	o.emit(e)
}
