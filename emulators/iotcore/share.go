package iotcore

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"
)

// sharePrefix begins the filters of shared subscriptions: $share/<name>/<filter>.
// https://docs.aws.amazon.com/iot/latest/developerguide/mqtt.html#mqtt5-shared-subscription
const sharePrefix = "$share/"

// Limits of shared subscriptions
// (https://docs.aws.amazon.com/general/latest/gr/iot-core.html#message-broker-limits).
const (
	maxShareName = 128
	maxMembers   = 100
	maxGroups    = 100 // of the account
)

// shared splits the filter of a shared subscription; of others ok is false.
func shared(filter string) (name, rest string, ok bool) {
	after, ok := strings.CutPrefix(filter, sharePrefix)
	if !ok {
		return "", "", false
	}
	name, rest, _ = strings.Cut(after, "/")
	return name, rest, true
}

// checkShare tells what is wrong with a shared subscription. Its first two slashes
// do not count (AWS.md §1).
func checkShare(name, rest string) error {
	switch {
	case name == "" || strings.ContainsAny(name, "+#"):
		return fmt.Errorf("share name %q is empty or has a wildcard", name)
	case len(name) > maxShareName:
		return fmt.Errorf("share name of %d bytes; the limit is %d", len(name), maxShareName)
	case rest == "" || strings.HasPrefix(rest, "$"):
		return fmt.Errorf("topic filter %s%s/%s: $share wants a topic filter that is not reserved", sharePrefix, name, rest)
	}
	return checkWildcards(rest)
}

// group is the members of one shared subscription: each message goes to one that is
// connected. It belongs to the broker's lock.
type group struct {
	key     string // the whole filter
	members map[string]subscription
	queue   []queued // QoS 1, while no member is connected
}

type queued struct {
	*message
	at time.Time
}

// join makes a session a member; false is that the group is full, or that there are the
// most groups.
func (b *broker) join(s *session, key, filter string, sub subscription) bool {
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
	b.shares.set(filter, key, g)
	g.members[s.id] = sub
	return true
}

// leave takes a session out; the group ends with its last member.
func (b *broker) leave(s *session, key, filter string) {
	g := b.groups[key]
	if g == nil {
		return
	}
	delete(g.members, s.id)
	if len(g.members) > 0 {
		return
	}
	delete(b.groups, key)
	b.shares.remove(filter, key)
	for _, m := range g.queue {
		g.drop(b, m.message, groupEnded)
	}
}

// groupEnded is why what a group kept is dropped.
const groupEnded = "the last member of the group left"

func (g *group) drop(b *broker, m *message, reason string) { b.dropShared(g.key, m, reason) }

func (b *broker) dropShared(key string, m *message, reason string) {
	e := m.event(Dropped)
	e.ClientID, e.Thing, e.Action, e.Reason = key, "", "deliver", reason
	b.emit(e)
}

// deliverShared hands a message to one member of each group whose filter matches,
// or keeps it.
func (b *broker) deliverShared(m *message) {
	for _, key := range b.groupsOf(m) {
		b.deliverTo(key, m)
	}
}

// deliverTo hands a message to one member of a group. When the member's session ends
// meanwhile, another gets it.
func (b *broker) deliverTo(key string, m *message) {
	for s, ok := b.chosen(key, m); ok && !s.outbox.take(s.outgoing(m)); {
		s, ok = b.chosen(key, m)
	}
}

// rehome hands what a member left without an acknowledgement when its session ended to
// others: "the Server SHOULD send the Application Message to another Client" (MQTT 5, 4.8.2).
func (b *broker) rehome() {
	b.mu.Lock()
	orphans := b.orphans
	b.orphans = nil
	b.mu.Unlock()
	for _, out := range orphans {
		b.deliverTo(out.group, out.message)
	}
}

// groupsOf are the filters of the groups that a message matches, in their order.
func (b *broker) groupsOf(m *message) []string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	if len(b.groups) == 0 {
		return nil
	}
	var keys []string
	b.shares.match(m.topic, func(key string, _ *group) { keys = append(keys, key) })
	slices.Sort(keys)
	return keys
}

// chosen is a member of a group for a message, unless the group keeps it or has ended.
func (b *broker) chosen(key string, m *message) (subscriber, bool) {
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
func (g *group) choose(b *broker, m *message) (subscriber, bool) {
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
		fmt.Fprintf(h, "%s %s", g.key, m.trace)
		id := online[h.Sum64()%uint64(len(online))]
		return subscriber{outbox: b.sessions[id].outbox, subscription: g.members[id], group: g.key}, true
	case min(best, m.qos) == 0:
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
func (g *group) dropExpired(b *broker) bool {
	now := time.Now()
	g.queue = slices.DeleteFunc(g.queue, func(q queued) bool {
		switch {
		case q.expired(now):
			g.drop(b, q.message, "the message expired")
		case q.expires.IsZero() && now.Sub(q.at) > sessionExpiry:
			g.drop(b, q.message, "the group held the message for an hour")
		default:
			return false
		}
		return true
	})
	return len(g.queue) < maxStored
}

// collect gives a session what was kept for its groups.
func (b *broker) collect(s *session) {
	b.mu.Lock()
	var found []outgoing
	for key, sub := range s.filters {
		g := b.groups[key]
		if g == nil || len(g.queue) == 0 {
			continue
		}
		g.dropExpired(b)
		for _, m := range g.queue {
			found = append(found, outgoing{message: m.message, qos: min(m.qos, sub.qos()), group: key})
		}
		g.queue = nil
	}
	b.mu.Unlock()
	for _, out := range found {
		s.outbox.push(out)
	}
}
