package device

import "slices"

// message is one message on its way to the broker.
type message struct {
	topic   string
	seq     uint64
	payload []byte
	id      uint16 // packet id on the present connection
	sent    bool   // it has been written before
	broken  int    // sessions in a row that ended while it was the oldest in flight
	copyOf  *message
}

// outbox holds what was not acknowledged.
//
//	add ──> waiting ──take──> inflight ──acked──> gone
//	          ^───── lost ───────┘
type outbox struct {
	limit    int // of messages that were never sent
	waiting  []*message
	inflight []*message
}

// addFirst puts a message first. It pushes nobody out: the next add does.
func (o *outbox) addFirst(m *message) { o.waiting = append([]*message{m}, o.waiting...) }

// add puts a message last. When too many wait that were never sent, it returns the
// oldest of them, which is given up.
func (o *outbox) add(m *message) (dropped *message) {
	o.waiting = append(o.waiting, m)
	if len(o.waiting) <= o.limit {
		return nil
	}
	unsent, oldest := 0, -1
	for i, w := range o.waiting {
		if w.sent {
			continue
		}
		if oldest < 0 {
			oldest = i
		}
		unsent++
	}
	if unsent <= o.limit {
		return nil
	}
	dropped = o.waiting[oldest]
	o.waiting = slices.DeleteFunc(o.waiting, func(m *message) bool { return m == dropped || m.copyOf == dropped })
	return dropped
}

// addCopy puts a message behind the others once more, unless too many wait already.
func (o *outbox) addCopy(m *message) {
	if len(o.waiting) >= o.limit || !slices.Contains(o.waiting, m) {
		return
	}
	again := *m
	again.sent, again.copyOf = true, m
	o.waiting = append(o.waiting, &again)
}

// clear takes everything out: what was in flight, then what waited, without copies.
func (o *outbox) clear() []*message {
	all := slices.DeleteFunc(append(o.inflight, o.waiting...), func(m *message) bool { return m.copyOf != nil })
	o.inflight, o.waiting = nil, nil
	return all
}

// take moves the first waiting message into flight.
func (o *outbox) take() *message {
	m := o.waiting[0]
	o.waiting[0] = nil
	o.waiting = o.waiting[1:]
	o.inflight = append(o.inflight, m)
	return m
}

// giveBack undoes take.
func (o *outbox) giveBack() {
	last := len(o.inflight) - 1
	o.waiting = append([]*message{o.inflight[last]}, o.waiting...)
	o.inflight = o.inflight[:last]
}

// acked removes the message with the packet id; nil when there is none.
func (o *outbox) acked(id uint16) *message {
	for i, m := range o.inflight {
		if m.id == id {
			o.inflight = append(o.inflight[:i], o.inflight[i+1:]...)
			return m
		}
	}
	return nil
}

// maxBroken is how many sessions a message may take with it. A broker closes the
// connection on what it does not take, such as a packet that is too large; sent
// for ever, it would keep everything behind it waiting.
const maxBroken = 5

// lost puts what was in flight back in front, in order. The oldest of it is under
// suspicion: once it has taken too many sessions with it, it is given up and
// returned.
func (o *outbox) lost() (givenUp *message) {
	if len(o.inflight) > 0 {
		oldest := o.inflight[0]
		if oldest.broken++; oldest.broken >= maxBroken {
			givenUp = oldest
			o.inflight = o.inflight[1:]
			o.waiting = slices.DeleteFunc(o.waiting, func(m *message) bool { return m.copyOf == oldest })
		}
	}
	o.waiting = append(o.inflight, o.waiting...)
	o.inflight = nil
	return givenUp
}

func (o *outbox) empty() bool { return len(o.waiting) == 0 && len(o.inflight) == 0 }
