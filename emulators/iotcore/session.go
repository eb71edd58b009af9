package iotcore

import (
	"sort"
	"time"
)

// session is what the broker keeps of a client: across connections if it asked
// for that (clean session 0), for an hour after the last one. All but the outbox
// belongs to the broker's lock.
type session struct {
	id         string
	link       *link // nil while the client is away
	persistent bool
	filters    map[string]byte // subscriptions: QoS by topic filter
	outbox     *outbox
	expiry     *time.Timer // while the client is away
}

// claim makes l the one link of its client id. A link that has the id is ended
// and waited for, so that the events of one client never interleave.
func (b *broker) claim(l *link) error {
	for {
		b.mu.Lock()
		if b.closed {
			b.mu.Unlock()
			return errStopped
		}
		s := b.sessions[l.clientID]
		if s == nil || s.link == nil {
			b.take(s, l)
			b.mu.Unlock()
			return nil
		}
		old := s.link
		b.mu.Unlock()
		old.stop(duplicateID, "another connection with this client id")
		<-old.done
	}
}

// take gives the session to l, a new one if there is none or l wants none.
func (b *broker) take(s *session, l *link) {
	if s != nil {
		s.expiry.Stop()
		if l.clean {
			b.forget(s, "the client asked for a clean session")
			s = nil
		}
	}
	l.present = s != nil
	if s == nil {
		s = &session{id: l.clientID, filters: map[string]byte{}, outbox: &outbox{clientID: l.clientID, emit: b.emit}}
		b.sessions[l.clientID] = s
	}
	s.link, s.persistent = l, !l.clean
	l.session = s
	l.version = b.presence.connect(l.clientID)
}

// release ends l's hold on its session, which is kept for an hour or forgotten.
func (b *broker) release(l *link) {
	b.mu.Lock()
	defer b.mu.Unlock()
	s := l.session
	s.link = nil
	b.presence.disconnect(l.clientID)
	if !s.persistent || b.closed {
		b.forget(s, "the session ended")
		return
	}
	s.expiry = time.AfterFunc(sessionExpiry, func() { b.expire(s) })
}

func (b *broker) expire(s *session) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.link != nil || b.sessions[s.id] != s {
		return
	}
	b.forget(s, "the session expired")
}

// forget removes a session; the caller holds the lock.
func (b *broker) forget(s *session, reason string) {
	for filter := range s.filters {
		b.index.remove(filter, s.id)
	}
	delete(b.sessions, s.id)
	s.outbox.discard(reason)
}

// subscribers are the sessions that a message goes to, by client id, each once
// with the highest QoS of its matching subscriptions.
func (b *broker) subscribers(topic string) []subscriber {
	b.mu.RLock()
	defer b.mu.RUnlock()
	qos := map[string]byte{}
	b.index.match(topic, func(id string, q byte) { qos[id] = max(qos[id], q) })
	if len(qos) == 0 {
		return nil
	}
	list := make([]subscriber, 0, len(qos))
	for id, q := range qos {
		list = append(list, subscriber{outbox: b.sessions[id].outbox, qos: q})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].outbox.clientID < list[j].outbox.clientID })
	return list
}

type subscriber struct {
	outbox *outbox
	qos    byte
}

// deliver hands a message to all its subscribers.
func (b *broker) deliver(m *message) {
	if m.retain {
		b.retain(m)
	}
	for _, s := range b.subscribers(m.topic) {
		s.outbox.push(outgoing{message: m, qos: min(m.qos, s.qos)})
	}
}
