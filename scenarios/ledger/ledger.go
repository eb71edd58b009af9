package ledger

import (
	"crypto/md5"
	"fmt"
	"sort"
	"sync"
	"sync/atomic"
	"time"
)

// Ledger collects evidence while a run goes on. It is safe for concurrent use.
type Ledger struct {
	mu       sync.Mutex
	messages []*Message
	things   map[string]*thing
	bySeq    map[of[uint64]]place
	bySum    map[of[Sum]]place
	byTime   map[of[int64]]place
	names    map[string][]string // of metrics, one copy each
	key      []byte              // to look them up with
	topics   map[string]string
	streamed int32
	slabs    [][]Message // where they are, by place
	made     place       // of the next
	numbers  []float64
	back     []Finding
	counts   [stages]atomic.Int64
	delays   [stages]delays
	givenUp  atomic.Int64
	refused  atomic.Int64
}

// of is what evidence may know of a message of a thing. The messages of all things
// are in one map: three maps for each of very many things are as many objects for the
// garbage collector as their messages.
type of[K comparable] struct {
	thing int32
	key   K
}

// thing is what is known of one thing.
type thing struct {
	name    string
	number  int32
	foreign uint64 // messages that no known device sent
	state   int64  // the newest timestamp that was stored as the device's state, in ms
}

// New makes an empty ledger.
func New() *Ledger {
	return &Ledger{
		things: map[string]*thing{}, names: map[string][]string{}, topics: map[string]string{},
		bySeq: map[of[uint64]]place{}, bySum: map[of[Sum]]place{}, byTime: map[of[int64]]place{},
	}
}

// thing is that of a name, made when it is new.
func (l *Ledger) thing(name string) *thing {
	t, ok := l.things[name]
	if !ok {
		t = &thing{name: name, number: int32(len(l.things))}
		l.things[name] = t
	}
	return t
}

func (l *Ledger) byID(id ID) (*Message, bool) {
	t, ok := l.things[id.Thing]
	if !ok {
		return nil, false
	}
	p, ok := l.bySeq[of[uint64]{t.number, id.Seq}]
	if !ok {
		return nil, false
	}
	return l.in(p), true
}

// Sample enters a reading that a device has made.
func (l *Ledger) Sample(id ID, topic string, payload []byte, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reach(l.enter(id, topic, payload), Sampled, at)
}

func (l *Ledger) enter(id ID, topic string, payload []byte) *Message {
	if m, ok := l.byID(id); ok {
		return m
	}
	t := l.thing(id.Thing)
	id.Thing = t.name
	p, m := l.message()
	m.ID, m.Topic, m.Sum = id, l.topic(topic), md5.Sum(payload)
	l.read(m, payload)
	l.messages = append(l.messages, m)
	sum := of[Sum]{t.number, m.Sum}
	earlier, alike := l.bySum[sum]
	l.bySeq[of[uint64]{t.number, id.Seq}], l.bySum[sum] = p, p
	if m.trouble == nil {
		m.same = l.timed(t.name, m.Timestamp)
		l.byTime[of[int64]{t.number, m.Timestamp}] = p
	}
	if alike {
		m.amiss().alike = l.in(earlier)
	}
	return m
}

// slab is how many messages are made at once: a million objects less for the
// garbage collector to visit.
const slab = 256

// place is where a message is. Indexes hold places and not pointers, so that the
// garbage collector has no need to look into them.
type place uint32

// in is the message at a place.
func (l *Ledger) in(p place) *Message { return &l.slabs[p/slab][p%slab] }

// message is an empty message; the caller holds mu.
func (l *Ledger) message() (place, *Message) {
	p := l.made
	if p%slab == 0 {
		l.slabs = append(l.slabs, make([]Message, slab))
	}
	l.made++
	return p, l.in(p)
}

// floats are n numbers to keep, cut from a larger piece.
func (l *Ledger) floats(n int) []float64 {
	if len(l.numbers) < n {
		l.numbers = make([]float64, 4*slab)
	}
	values := l.numbers[:n:n]
	l.numbers = l.numbers[n:]
	return values
}

// topic is one copy of a topic's name.
func (l *Ledger) topic(name string) string {
	if _, ok := l.topics[name]; !ok {
		l.topics[name] = name
	}
	return l.topics[name]
}

// Sent, Acked enter what the device did with a message.
func (l *Ledger) Sent(id ID, at time.Time)  { l.stage(id, Sent, at) }
func (l *Ledger) Acked(id ID, at time.Time) { l.stage(id, Acked, at) }

func (l *Ledger) stage(id ID, s Stage, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m, ok := l.byID(id); ok {
		l.reach(m, s, at)
	}
}

// GiveUp enters that the device will not send a message any more, and why.
func (l *Ledger) GiveUp(id ID, why string, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m, ok := l.byID(id); ok {
		m.amiss().GivenUp = why
		l.givenUp.Add(1)
		m.note(at, "given up by the device: "+why)
	}
}

// Accept enters that the broker accepted a telemetry message. A payload that no
// known device sent gets an identity here: the topic's thing and a count.
func (l *Ledger) Accept(thing, topic string, payload []byte, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	m, ok := l.find(thing, payload)
	if !ok {
		t := l.thing(thing)
		t.foreign++
		m = l.enter(ID{thing, t.foreign}, topic, payload)
		l.reach(m, Sent, at)
	}
	m.Ingress++
	l.reach(m, Accepted, at)
}

// Refuse enters that the broker did not accept a message.
func (l *Ledger) Refuse(thing string, payload []byte, why string, at time.Time) {
	l.withPayload(thing, payload, func(m *Message) {
		m.amiss().Refusal = why
		l.refused.Add(1)
		m.note(at, "refused by the broker: "+why)
	})
}

// Act enters that a rule action on the message succeeded: s is Archived or
// Streamed, and resource the S3 key or the stream.
func (l *Ledger) Act(s Stage, thing string, payload []byte, resource string, at time.Time) {
	l.withPayload(thing, payload, func(m *Message) {
		l.reach(m, s, at)
		if s == Archived {
			m.Key = resource
		}
	})
}

// Stream enters that the stream took the message, whatever the rule was told: from
// here on readings have an order.
func (l *Ledger) Stream(thing string, payload []byte) {
	l.withPayload(thing, payload, func(m *Message) {
		if m.order == 0 {
			l.streamed++
			m.order = l.streamed
		}
	})
}

// Fail enters that a rule action on the message failed.
func (l *Ledger) Fail(thing string, payload []byte, why string, at time.Time) {
	l.withPayload(thing, payload, func(m *Message) {
		m.amiss().Failure = why
		m.note(at, why)
	})
}

// Reach enters that the message of this thing with this device timestamp (ms)
// reached a stage of the pipeline: Written, StateSet or Alerted.
func (l *Ledger) Reach(s Stage, thing string, ms int64, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for m := l.timed(thing, ms); m != nil; m = m.same {
		l.reach(m, s, at)
	}
}

// SetState enters that the device's item took the reading of this timestamp (ms).
// An older one than it had is a finding: state never goes back in time.
func (l *Ledger) SetState(thing string, ms int64, at time.Time) {
	l.Reach(StateSet, thing, ms, at)
	l.mu.Lock()
	defer l.mu.Unlock()
	t := l.thing(thing)
	if ms < t.state && len(l.back) < maxBack {
		l.back = append(l.back, Finding{State, fmt.Sprintf("device state went back in time: %s from %d to %d", thing, t.state, ms)})
	}
	t.state = max(t.state, ms)
}

// maxBack bounds how many findings of one kind are kept.
const maxBack = 1000

// WentBack are the device states that were replaced by older ones, by thing.
func (l *Ledger) WentBack() []Finding {
	l.mu.Lock()
	defer l.mu.Unlock()
	sort.Slice(l.back, func(i, j int) bool { return l.back[i].Text < l.back[j].Text })
	return l.back
}

func (l *Ledger) withPayload(thing string, payload []byte, f func(*Message)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m, ok := l.find(thing, payload); ok {
		f(m)
	}
}

func (l *Ledger) find(thing string, payload []byte) (*Message, bool) {
	return l.summed(thing, md5.Sum(payload))
}

func (l *Ledger) summed(thing string, sum Sum) (*Message, bool) {
	t, ok := l.things[thing]
	if !ok {
		return nil, false
	}
	p, ok := l.bySum[of[Sum]{t.number, sum}]
	if !ok {
		return nil, false
	}
	return l.in(p), true
}

// timed is the last message of a thing with this timestamp, and by its same the
// others: a device whose clock was set back repeats its timestamps.
func (l *Ledger) timed(thing string, ms int64) *Message {
	if t, ok := l.things[thing]; ok {
		if p, ok := l.byTime[of[int64]{t.number, ms}]; ok {
			return l.in(p)
		}
	}
	return nil
}

func (l *Ledger) reach(m *Message, s Stage, at time.Time) {
	if m.at[s] == 0 {
		m.at[s] = at.UnixNano()
		l.counts[s].Add(1)
		l.delay(m, s)
	}
}

// Count is how many messages have reached a stage. It takes no lock, so that
// progress can be shown from outside a bubble.
func (l *Ledger) Count(s Stage) int { return int(l.counts[s].Load()) }

// Troubles is how often a device gave a message up and the broker refused one. It
// takes no lock, like Count.
func (l *Ledger) Troubles() (givenUp, refused int) {
	return int(l.givenUp.Load()), int(l.refused.Load())
}

// Messages returns all messages, ordered by thing and seq. The caller must not
// enter more evidence while it uses them.
func (l *Ledger) Messages() []*Message {
	l.mu.Lock()
	defer l.mu.Unlock()
	sortMessages(l.messages)
	return l.messages
}
