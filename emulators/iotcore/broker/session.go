package broker

import (
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/topic"
)

// session is what the broker keeps of a client: across connections if it asked
// for that (clean session 0), for an hour after the last one. All but the outbox
// belongs to the broker's lock.
type session struct {
	id       string
	link     *link // nil while the client is away
	protocol byte
	lasts    time.Duration           // after the connection; 0 is no longer
	doomed   bool                    // the API ended it: it ends with the connection
	filters  map[string]subscription // by topic filter
	outbox   *outbox
	expiry   *time.Timer // while the client is away
}

// claim makes l the one link of its client id. A link that has the id is ended
// and waited for, so that the events of one client never interleave.
func (b *Broker) claim(l *link) error {
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
			b.rehome()
			return nil
		}
		old := s.link
		b.mu.Unlock()
		old.stop(duplicateID, "another connection with this client id")
		<-old.done
	}
}

// sessionLasts is how long the session is kept after the connection.
func (l *link) sessionLasts() time.Duration {
	switch {
	case l.terms != nil:
		return l.terms.expiry
	case l.clean:
		return 0
	}
	return sessionExpiry
}

// take gives the session to l, a new one if there is none or l wants none.
func (b *Broker) take(s *session, l *link) {
	if s != nil {
		s.expiry.Stop()
		switch {
		case l.clean:
			b.forget(s, "the client asked for a clean session")
			s = nil
		case s.protocol != l.protocol: // neither resumes the other's (AWS.md §1)
			b.forget(s, "a session of MQTT 3.1.1 and one of MQTT 5 cannot be resumed as the other")
			s = nil
		}
	}
	l.present = s != nil
	if s == nil {
		s = &session{id: l.clientID, protocol: l.protocol, filters: map[string]subscription{}, outbox: &outbox{clientID: l.clientID, emit: b.emit, queued: b.logQueued}}
		b.sessions[l.clientID] = s
	}
	s.link, s.lasts = l, l.sessionLasts()
	l.session = s
	l.version = b.presence.connect(l.clientID)
}

// release ends l's hold on its session, which is kept for an hour or forgotten.
func (b *Broker) release(l *link) {
	defer b.rehome()
	last := l.parted()
	b.mu.Lock()
	defer b.mu.Unlock()
	s := l.session
	s.link = nil
	if last != nil {
		last.Session = s.lasts
	}
	b.presence.disconnect(l.clientID, last)
	if s.lasts == 0 || s.doomed || b.closed {
		b.forget(s, "the session ended")
		return
	}
	s.expiry = time.AfterFunc(s.lasts, func() { b.expire(s) })
}

func (b *Broker) expire(s *session) {
	defer b.rehome()
	b.mu.Lock()
	defer b.mu.Unlock()
	if s.link != nil || b.sessions[s.id] != s {
		return
	}
	b.forget(s, "the session expired")
}

// forget removes a session; the caller holds the lock, and calls rehome without it.
func (b *Broker) forget(s *session, reason string) {
	for _, filter := range slices.Sorted(maps.Keys(s.filters)) {
		b.unlist(s, filter)
	}
	delete(b.sessions, s.id)
	b.orphans = append(b.orphans, s.outbox.discard(reason)...)
}

// enlistFilter enters a subscription; false is that its group is full. unlist takes
// it out. The caller holds the lock.
func (b *Broker) enlistFilter(s *session, filter string, sub subscription) bool {
	if _, rest, ok := topic.Shared(filter); ok {
		if !b.join(s, filter, rest, sub) {
			return false
		}
	} else {
		b.index.Set(filter, s.id, sub)
	}
	s.filters[filter] = sub
	return true
}

func (b *Broker) unlist(s *session, filter string) {
	delete(s.filters, filter)
	if _, rest, ok := topic.Shared(filter); ok {
		b.leave(s, filter, rest)
	} else {
		b.index.Remove(filter, s.id)
	}
}

// subscribers are the sessions that a message goes to, by client id, each once
// with the highest QoS of its matching subscriptions.
func (b *Broker) subscribers(topic string) []subscriber {
	b.mu.RLock()
	defer b.mu.RUnlock()
	matched := map[string]subscription{}
	b.index.Match(topic, func(id string, s subscription) {
		if other, ok := matched[id]; ok {
			s = s.and(other)
		}
		matched[id] = s
	})
	if len(matched) == 0 {
		return nil
	}
	list := make([]subscriber, 0, len(matched))
	for id, s := range matched {
		list = append(list, subscriber{outbox: b.sessions[id].outbox, subscription: s})
	}
	sort.Slice(list, func(i, j int) bool { return list[i].outbox.clientID < list[j].outbox.clientID })
	return list
}

type subscriber struct {
	outbox       *outbox
	subscription subscription
	group        string // as in outgoing
}

// outgoing is a message as the subscription says.
func (s subscriber) outgoing(m *message.Message) outgoing {
	return outgoing{
		message: m, qos: min(m.QoS, s.subscription.qos()), retain: m.Retain && s.subscription&retainAsPublished != 0,
		group: s.group,
	}
}

// Deliver hands a message to all its subscribers.
func (b *Broker) Deliver(m *message.Message) {
	if m.Retain {
		b.retain(m)
	}
	for _, s := range b.subscribers(m.Topic) {
		if m.Only != "" && m.Only != s.outbox.clientID {
			continue
		}
		if s.subscription&noLocal != 0 && m.MQTT && m.ClientID == s.outbox.clientID {
			continue
		}
		s.outbox.push(s.outgoing(m))
	}
	if m.Only == "" {
		b.deliverShared(m)
	}
}
