package broker

import (
	"fmt"
	"hash/fnv"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/event"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// maxMembers of a shared subscription
// (https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits).
const (
	maxMembers = 100
	maxGroups  = 100 // of the account
)

// group is the members of one shared subscription: each message goes to one that is
// connected. It belongs to the broker's lock.
type group struct {
	key     string // the whole filter
	members map[string]subscription
	queue   []queued // QoS 1, while no member is connected
}

type queued struct {
	*message.Message
	at time.Time
}

// join makes a session a member; false is that the group is full, or that there are the
// most groups.
func (b *Broker) join(s *session, key, filter string, sub subscription) bool {
	g := b.groups[key]
	if g == nil && len(b.groups) >= maxGroups {
		return false
	}
	if g == nil {
		g = &group{key: key, members: map[string]subscription{}}
	}
	if _, known := g.members[s.id]; !known && len(g.members) >= maxMembers {
		return false
	}
	b.groups[key] = g
	b.shares.Set(filter, key, g)
	g.members[s.id] = sub
	return true
}

// leave takes a session out; the group ends with its last member.
func (b *Broker) leave(s *session, key, filter string) {
	g := b.groups[key]
	if g == nil {
		return
	}
	delete(g.members, s.id)
	if len(g.members) > 0 {
		return
	}
	delete(b.groups, key)
	b.shares.Remove(filter, key)
	for _, m := range g.queue {
		g.drop(b, m.Message, groupEnded)
	}
}

// groupEnded is why what a group kept is dropped.
const groupEnded = "the last member of the group left"

func (g *group) drop(b *Broker, m *message.Message, reason string) { b.dropShared(g.key, m, reason) }

func (b *Broker) dropShared(key string, m *message.Message, reason string) {
	e := m.Event(event.Dropped)
	e.ClientID, e.Thing, e.Action, e.Reason = key, "", "deliver", reason
	b.emit(e)
}

// deliverShared hands a message to one member of each group whose filter matches,
// or keeps it.
func (b *Broker) deliverShared(m *message.Message) {
	for _, key := range b.groupsOf(m) {
		b.deliverTo(key, m)
	}
}

// deliverTo hands a message to one member of a group. When the member's session ends
// meanwhile, another gets it.
func (b *Broker) deliverTo(key string, m *message.Message) {
	for s, ok := b.chosen(key, m); ok && !s.outbox.take(s.outgoing(m)); {
		s, ok = b.chosen(key, m)
	}
}

// rehome hands what a member left without an acknowledgement when its session ended to
// others: "the Server SHOULD send the Application Message to another Client" (MQTT 5, 4.8.2).
func (b *Broker) rehome() {
	b.mu.Lock()
	orphans := b.orphans
	b.orphans = nil
	b.mu.Unlock()
	for _, out := range orphans {
		b.deliverTo(out.group, out.message)
	}
}

// groupsOf are the filters of the groups that a message matches, in their order.
func (b *Broker) groupsOf(m *message.Message) []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if len(b.groups) == 0 {
		return nil
	}
	var keys []string
	b.shares.Match(m.Topic, func(key string, _ *group) { keys = append(keys, key) })
	slices.Sort(keys)
	return keys
}

// chosen is a member of a group for a message, unless the group keeps it or has ended.
func (b *Broker) chosen(key string, m *message.Message) (subscriber, bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	g := b.groups[key]
	if g == nil {
		b.dropShared(key, m, groupEnded)
		return subscriber{}, false
	}
	return g.choose(b, m)
}

// choose picks a connected member by the message's trace, so that a run that is
// repeated picks the same. Without one, the message is kept, if it may be.
func (g *group) choose(b *Broker, m *message.Message) (subscriber, bool) {
	var online []string
	best := byte(0)
	for id, sub := range g.members {
		best = max(best, sub.qos())
		if b.sessions[id].link != nil {
			online = append(online, id)
		}
	}
	switch {
	case len(online) > 0:
		slices.Sort(online)
		h := fnv.New64a()
		fmt.Fprintf(h, "%s %s", g.key, m.Trace)
		id := online[h.Sum64()%uint64(len(online))]
		return subscriber{outbox: b.sessions[id].outbox, subscription: g.members[id], group: g.key}, true
	case min(best, m.QoS) == 0:
		g.drop(b, m, "QoS 0 and no member of the group is connected")
	case len(g.queue) >= maxStored && !g.dropExpired(b):
		g.drop(b, m, "the group holds the most messages it can")
	default:
		g.queue = append(g.queue, queued{m, time.Now()})
	}
	return subscriber{}, false
}

// dropExpired makes room among what is kept, and reports whether there is some. A message
// is kept as long as a session, or as its own expiry says.
func (g *group) dropExpired(b *Broker) bool {
	now := time.Now()
	g.queue = slices.DeleteFunc(g.queue, func(q queued) bool {
		switch {
		case q.Expired(now):
			g.drop(b, q.Message, "the message expired")
		case q.Expires.IsZero() && now.Sub(q.at) > sessionExpiry:
			g.drop(b, q.Message, "the group held the message for an hour")
		default:
			return false
		}
		return true
	})
	return len(g.queue) < maxStored
}

// collect gives a session what was kept for its groups.
func (b *Broker) collect(s *session) {
	b.mu.Lock()
	var found []outgoing
	for key, sub := range s.filters {
		g := b.groups[key]
		if g == nil || len(g.queue) == 0 {
			continue
		}
		g.dropExpired(b)
		for _, m := range g.queue {
			found = append(found, outgoing{message: m.Message, qos: min(m.QoS, sub.qos()), group: key})
		}
		g.queue = nil
	}
	b.mu.Unlock()
	for _, out := range found {
		s.outbox.push(out)
	}
}
