package rule

import (
	"bytes"
	"cmp"
	"errors"
	"hash/fnv"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
)

// errClosed refuses what comes after the Core has stopped.
var errClosed = errors.New("iot core has stopped")

// errNoRoom ends a wait for room in the queue.
var errNoRoom = errors.New("the rules queue stayed full")

// queue holds accepted messages until a rules worker takes them up. It is
// bounded: put waits for room, which keeps that connection from being read.
//
//	put ─ slot ─> lane[hash(source)] ─> worker: settle 1 ns, sort, process
type queue struct {
	lanes   []lane
	pending atomic.Int64 // accepted and not yet processed
	seq     atomic.Uint64

	mu        sync.Mutex
	closed    bool
	producers sync.WaitGroup
}

type lane struct {
	slots    chan struct{}
	messages chan *message.Message
}

func newQueue(lanes, limit int) *queue {
	q := &queue{lanes: make([]lane, lanes)}
	for i := range q.lanes {
		q.lanes[i] = lane{slots: make(chan struct{}, limit), messages: make(chan *message.Message, limit)}
	}
	return q
}

// put enters a message: it waits for room until cancel, then calls accepted
// (before a worker can see the message) and returns nil.
func (q *queue) put(cancel <-chan struct{}, m *message.Message, accepted func()) error {
	q.mu.Lock()
	if q.closed {
		q.mu.Unlock()
		return errClosed
	}
	q.producers.Add(1)
	q.mu.Unlock()
	defer q.producers.Done()

	l := q.lane(m.Source)
	select {
	case l.slots <- struct{}{}:
	default:
		select {
		case l.slots <- struct{}{}:
		case <-cancel:
			return errNoRoom
		}
	}
	m.Seq = q.seq.Add(1)
	m.At = time.Now()
	q.pending.Add(1)
	accepted()
	l.messages <- m
	return nil
}

func (q *queue) lane(source string) *lane {
	if len(q.lanes) == 1 {
		return &q.lanes[0]
	}
	h := fnv.New32a()
	h.Write([]byte(source))
	return &q.lanes[h.Sum32()%uint32(len(q.lanes))]
}

// close waits for puts under way, which workers make room for, and ends the
// workers once they have drained their lanes. It is called once.
func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.producers.Wait()
	for i := range q.lanes {
		close(q.lanes[i].messages)
	}
}

// work processes a lane until the queue is closed and the lane is empty.
func (q *queue) work(l *lane, process func(*message.Message)) {
	for m := range l.messages {
		// All messages of one instant are here a nanosecond later; then their order
		// does not depend on how goroutines were scheduled (DESIGN.md §3).
		time.Sleep(time.Nanosecond)
		batch := l.drain(m)
		slices.SortFunc(batch, inOrder)
		for _, m := range batch {
			process(m)
			q.pending.Add(-1)
		}
	}
}

// drain takes what is there now, and only then makes room: who waits for room is not of
// this instant any more.
func (l *lane) drain(first *message.Message) []*message.Message {
	batch := []*message.Message{first}
	for range len(l.messages) {
		batch = append(batch, <-l.messages)
	}
	for range batch {
		<-l.slots
	}
	return batch
}

// inOrder sorts by client and, within one client, by arrival. Messages off MQTT
// arrive from anywhere at once and are sorted by content.
func inOrder(a, b *message.Message) int {
	if c := cmp.Compare(a.Source, b.Source); c != 0 {
		return c
	}
	if a.Source == "" {
		if c := cmp.Or(cmp.Compare(a.Topic, b.Topic), bytes.Compare(a.Payload, b.Payload)); c != 0 {
			return c
		}
	}
	return cmp.Compare(a.Seq, b.Seq)
}
