package sqs

import (
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Bounds of message move tasks: messages a second, which is also the rate of a task that
// names none, active tasks, tasks that are remembered of a queue, and how long one runs.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-configure-dead-letter-queue-redrive.html
const (
	maxMoveRate   = 500
	maxMoves      = 100
	maxRemembered = 10
	maxMoveTime   = 36 * time.Hour
)

// move is a task that moves messages out of a dead-letter queue, one each second/rate
// from its start. Nothing runs for it: whoever looks at the queues first moves what is
// due, see State.moveDue.
type move struct {
	handle      string
	source      *queue
	destination string // ARN; empty is where each message came from
	asked       int    // messages a second; 0 is not said
	started     time.Time
	status      string
	failure     string
	total       int // messages there were at the start
	moved       int
}

const (
	moveRunning   = "RUNNING"
	moveCompleted = "COMPLETED"
	moveCancelled = "CANCELLED"
	moveFailed    = "FAILED"
)

func (m *move) running() bool { return m.status == moveRunning }

// due is when the task moves its next message.
func (m *move) due() time.Time {
	rate := m.asked
	if rate == 0 {
		rate = maxMoveRate
	}
	return m.started.Add(time.Duration(m.moved) * time.Second / time.Duration(rate))
}

func (m *move) fail(reason string) { m.status, m.failure = moveFailed, reason }

// nextMove is the task that is due first, of equals the one that started first.
func (s *State) nextMove() *move {
	var next *move
	for _, m := range s.moves {
		if m.running() && (next == nil || m.due().Before(next.due())) {
			next = m
		}
	}
	return next
}

// moveDue moves the messages that are due by now, in the order of their times.
func (s *State) moveDue(now time.Time) {
	for m := s.nextMove(); m != nil && !m.due().After(now); m = s.nextMove() {
		s.moveOne(m)
	}
}

// moveOne moves a task's next message, which is a new one then, or ends the task.
func (s *State) moveOne(m *move) {
	at := m.due()
	m.source.trim(at)
	old := m.source.firstVisible(at)
	switch {
	case old == nil || m.moved == m.total:
		m.status = moveCompleted
		return
	case at.Sub(m.started) > maxMoveTime:
		m.fail("RedriveTaskTimedOut")
		return
	}
	arn := m.destination
	if arn == "" {
		arn = old.source
	}
	to, ok := s.byARN(arn)
	switch {
	case arn == "":
		m.fail("CouldNotDetermineMessageSource")
	case !ok:
		m.fail(queryCodes["QueueDoesNotExist"])
	case to.push(to.again(old, at)) != nil:
		m.fail("OverLimit")
	default:
		m.source.drop(old)
		if m.moved++; m.moved == m.total {
			m.status = moveCompleted
		}
	}
}

// again is a message as one that is sent to the queue now.
func (q *queue) again(old *message, now time.Time) *message {
	m := &message{
		id: wire.NewRequestID(), body: old.body, attributes: old.attributes, trace: old.trace, group: old.group, dedup: old.dedup, sent: now, visible: now,
	}
	if q.fifo {
		m.sequence = q.nextSequence()
	}
	return m
}

// firstVisible is the message that a consumer would get.
func (q *queue) firstVisible(now time.Time) *message {
	blocked := q.blocked(now)
	for _, m := range q.messages {
		if !m.gone && !blocked[m.group] && !m.visible.After(now) {
			return m
		}
	}
	return nil
}

// remember puts a new task behind the others and forgets the oldest of its queue.
func (s *State) remember(m *move) {
	s.moves = append(s.moves, m)
	if of := s.movesOf(m.source); len(of) > maxRemembered {
		s.moves = slices.DeleteFunc(s.moves, func(o *move) bool { return o == of[0] })
	}
}

// movesOf are the tasks of a queue, the oldest first.
func (s *State) movesOf(q *queue) []*move {
	var of []*move
	for _, m := range s.moves {
		if m.source == q {
			of = append(of, m)
		}
	}
	return of
}
