package sqs

import (
	"time"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Bounds of a queue: messages in all, messages in flight, and messages that are received.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-messages.html
const (
	maxMessages = 1_000_000
	maxInFlight = 120_000
	maxReceived = 10 // at once
)

// queue is its messages, oldest first. Messages that are gone stay in the list
// until they are at its front or half of it.
type queue struct {
	name       string
	fifo       bool
	created    time.Time
	changed    time.Time
	purged     time.Time // zero until it is for the first time
	attributes map[string]string
	policy     *policy.Document // nil without one
	tags       map[string]string
	messages   []*message
	gone       int                 // of messages
	late       time.Time           // when the oldest message that is behind a younger one was sent
	receipts   map[string]*message // in flight or handed out before, by receipt handle
	arrived    chan struct{}       // closed and replaced when a message arrives
	sequence   uint64              // of a FIFO queue
	attempts   attempts            // of a FIFO queue
	seen       []deduplication     // oldest first
	seenBy     map[string]deduplication
}

type message struct {
	id         string
	body       string
	attributes map[string]MessageAttribute
	trace      string // AWSTraceHeader
	group      string
	dedup      string
	sequence   string
	source     string // ARN of the queue that gave it up
	sent       time.Time
	visible    time.Time
	firstSeen  time.Time
	receipt    string
	taken      time.Time // by the consumer of the receipt
	received   int       // times, from this queue
	before     int       // times, from queues that gave it up
	gone       bool
}

// inFlight tells whether a consumer has the message now.
func (m *message) inFlight(now time.Time) bool {
	return !m.gone && m.receipt != "" && m.visible.After(now)
}

func newQueue(name string, now time.Time) *queue {
	return &queue{
		name: name, created: now, changed: now, attributes: map[string]string{}, tags: map[string]string{},
		receipts: map[string]*message{}, arrived: make(chan struct{}), seenBy: map[string]deduplication{},
	}
}

// notify wakes who waits for messages.
func (q *queue) notify() {
	close(q.arrived)
	q.arrived = make(chan struct{})
}

// room is how many messages consumers may have besides those that they have now; at least
// so many, where they are few.
func (q *queue) room(now time.Time) int {
	room := maxInFlight - len(q.receipts)
	if room >= maxReceived {
		return room
	}
	room = maxInFlight
	for _, m := range q.receipts {
		if m.inFlight(now) {
			room--
		}
	}
	return room
}

// push puts a message behind the others.
func (q *queue) push(m *message, now time.Time) error {
	q.trim(now)
	if len(q.messages)-q.gone >= maxMessages {
		return wire.Errorf("OverLimit", 0, "queue %s holds %d messages", q.name, maxMessages)
	}
	if n := len(q.messages); n > 0 && m.sent.Before(q.messages[n-1].sent) && (q.late.IsZero() || m.sent.Before(q.late)) {
		q.late = m.sent
	}
	q.messages = append(q.messages, m)
	q.notify()
	return nil
}

// drop marks a message as gone.
func (q *queue) drop(m *message) {
	m.gone = true
	delete(q.receipts, m.receipt)
	q.gone++
}

// trim drops what is older than the queue's retention and forgets what is gone.
func (q *queue) trim(now time.Time) {
	limit := now.Add(-q.seconds("MessageRetentionPeriod"))
	if !q.late.IsZero() && q.late.Before(limit) {
		q.trimLate(limit)
	}
	for len(q.messages) > 0 && (q.messages[0].gone || q.messages[0].sent.Before(limit)) {
		if !q.messages[0].gone {
			q.drop(q.messages[0])
		}
		q.messages[0] = nil
		q.messages = q.messages[1:]
		q.gone--
	}
	if q.gone > len(q.messages)/2 {
		kept := make([]*message, 0, len(q.messages)-q.gone)
		for _, m := range q.messages {
			if !m.gone {
				kept = append(kept, m)
			}
		}
		q.messages, q.gone = kept, 0
	}
}

// trimLate drops what is too old behind younger messages: another queue gave it up.
func (q *queue) trimLate(limit time.Time) {
	q.late = time.Time{}
	var youngest time.Time
	for _, m := range q.messages {
		switch {
		case m.gone:
		case m.sent.Before(limit):
			q.drop(m)
		case m.sent.Before(youngest):
			if q.late.IsZero() || m.sent.Before(q.late) {
				q.late = m.sent
			}
		default:
			youngest = m.sent
		}
	}
}

// nextVisible is when a hidden message comes back, at most the deadline.
func (q *queue) nextVisible(now, deadline time.Time) time.Time {
	for _, m := range q.messages {
		if !m.gone && m.visible.After(now) && m.visible.Before(deadline) {
			deadline = m.visible
		}
	}
	return deadline
}
