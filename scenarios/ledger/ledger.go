package ledger

import (
	"crypto/md5"
	"sync"
	"sync/atomic"
	"time"
)

// Ledger collects evidence while a run goes on. It is safe for concurrent use.
type Ledger struct {
	mu       sync.Mutex
	messages []*Message
	byID     map[ID]*Message
	bySum    map[sumKey]*Message
	byTime   map[timeKey]*Message
	accepted int
	foreign  map[string]uint64
	counts   [stages]atomic.Int64
}

type sumKey struct {
	thing string
	sum   Sum
}

type timeKey struct {
	thing string
	ms    int64
}

// New makes an empty ledger.
func New() *Ledger {
	return &Ledger{
		byID:    map[ID]*Message{},
		bySum:   map[sumKey]*Message{},
		byTime:  map[timeKey]*Message{},
		foreign: map[string]uint64{},
	}
}

// Sample enters a reading that a device has made.
func (l *Ledger) Sample(id ID, topic string, payload []byte, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.reach(l.enter(id, topic, payload), Sampled, at)
}

func (l *Ledger) enter(id ID, topic string, payload []byte) *Message {
	if m, ok := l.byID[id]; ok {
		return m
	}
	m := &Message{ID: id, Topic: topic, Sum: md5.Sum(payload)}
	m.read(payload)
	l.messages = append(l.messages, m)
	l.byID[id] = m
	l.bySum[sumKey{id.Thing, m.Sum}] = m
	if m.Invalid == "" {
		l.byTime[timeKey{id.Thing, m.Timestamp}] = m
	}
	return m
}

// Sent, Acked enter what the device did with a message.
func (l *Ledger) Sent(id ID, at time.Time)  { l.stage(id, Sent, at) }
func (l *Ledger) Acked(id ID, at time.Time) { l.stage(id, Acked, at) }

func (l *Ledger) stage(id ID, s Stage, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m, ok := l.byID[id]; ok {
		l.reach(m, s, at)
	}
}

// GiveUp enters that the device will not send a message any more, and why.
func (l *Ledger) GiveUp(id ID, why string, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m, ok := l.byID[id]; ok {
		m.GivenUp = why
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
		l.foreign[thing]++
		m = l.enter(ID{thing, l.foreign[thing]}, topic, payload)
		l.reach(m, Sent, at)
	}
	m.Ingress++
	l.reach(m, Accepted, at)
	if m.order == 0 {
		l.accepted++
		m.order = l.accepted
	}
}

// Refuse enters that the broker did not accept a message.
func (l *Ledger) Refuse(thing string, payload []byte, why string, at time.Time) {
	l.withPayload(thing, payload, func(m *Message) {
		m.Refusal = why
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

// Fail enters that a rule action on the message failed.
func (l *Ledger) Fail(thing string, payload []byte, why string, at time.Time) {
	l.withPayload(thing, payload, func(m *Message) {
		m.Failure = why
		m.note(at, why)
	})
}

// Reach enters that the message of this thing with this device timestamp (ms)
// reached a stage of the pipeline: Written, StateSet or Alerted.
func (l *Ledger) Reach(s Stage, thing string, ms int64, at time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m, ok := l.byTime[timeKey{thing, ms}]; ok {
		l.reach(m, s, at)
	}
}

func (l *Ledger) withPayload(thing string, payload []byte, f func(*Message)) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if m, ok := l.find(thing, payload); ok {
		f(m)
	}
}

func (l *Ledger) find(thing string, payload []byte) (*Message, bool) {
	m, ok := l.bySum[sumKey{thing, md5.Sum(payload)}]
	return m, ok
}

func (l *Ledger) reach(m *Message, s Stage, at time.Time) {
	if m.At[s].IsZero() {
		m.At[s] = at
		l.counts[s].Add(1)
	}
}

// Count is how many messages have reached a stage. It takes no lock, so that
// progress can be shown from outside a bubble.
func (l *Ledger) Count(s Stage) int { return int(l.counts[s].Load()) }

func (m *Message) has(s Stage) int {
	if m.At[s].IsZero() {
		return 0
	}
	return 1
}

// Messages returns all messages, ordered by thing and seq. The caller must not
// enter more evidence while it uses them.
func (l *Ledger) Messages() []*Message {
	l.mu.Lock()
	defer l.mu.Unlock()
	sortMessages(l.messages)
	return l.messages
}
