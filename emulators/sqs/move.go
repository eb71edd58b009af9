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

func (m *move) rate() time.Duration {
	if m.asked == 0 {
		return maxMoveRate
	}
	return time.Duration(m.asked)
}

// due is when the task moves its next message.
func (m *move) due() time.Time {
	return m.started.Add(time.Duration(m.moved) * time.Second / m.rate())
}

// dueBy is how many messages the task has still to move by a time, one at least.
func (m *move) dueBy(now time.Time) int {
	within := min(now.Sub(m.started), maxMoveTime) // so that the product fits
	return max(1, min(int(within*m.rate()/time.Second)+1, m.total)-m.moved)
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

// nextMoveTo is when the task that is due first of those that may move a message to a queue
// moves its next one; false when there is none.
func (s *State) nextMoveTo(q *queue) (at time.Time, ok bool) {
	arn := s.id.ARN("sqs", q.name)
	for _, m := range s.moves {
		if m.running() && (!ok || m.due().Before(at)) && (m.destination == arn || m.destination == "" && m.source.hasFrom(arn)) {
			at, ok = m.due(), true
		}
	}
	return at, ok
}

// hasFrom tells whether a dead-letter queue has a message that another gave up.
func (q *queue) hasFrom(source string) bool {
	return slices.ContainsFunc(q.messages, func(m *message) bool { return !m.gone && m.source == source })
}

// moveDue moves the messages that are due by now, in the order of their times. Nobody
// else takes messages meanwhile, so that those of a task are looked for together: they may
// be many, when nobody looked for long.
func (s *State) moveDue(now time.Time) {
	m := s.nextMove()
	if m == nil || m.due().After(now) {
		return
	}
	found := map[*move][]*message{}
	for ; m != nil && !m.due().After(now); m = s.nextMove() {
		m.source.trim(m.due())
		for len(found[m]) > 0 && found[m][0].gone {
			found[m] = found[m][1:]
		}
		if len(found[m]) == 0 {
			found[m] = m.source.takeable(m.due(), m.dueBy(now))
		}
		s.moveOne(m, found[m])
	}
}

// moveOne moves the first of the messages found, which is a new one then, or ends the task.
func (s *State) moveOne(m *move, found []*message) {
	at := m.due()
	switch {
	case len(found) == 0 || m.moved == m.total:
		m.status = moveCompleted
		return
	case at.Sub(m.started) > maxMoveTime:
		m.fail("RedriveTaskTimedOut")
		return
	}
	old := found[0]
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
	default:
		if err := to.takeOver(old, at); err != nil {
			m.fail(wire.AsError(err).Code)
			return
		}
		m.source.drop(old)
		if m.moved++; m.moved == m.total {
			m.status = moveCompleted
		}
	}
}

// takeOver takes a message as one that is sent to the queue now: after its delay, and not
// twice where it deduplicates.
func (q *queue) takeOver(old *message, now time.Time) error {
	m := &message{
		id: wire.NewRequestID(), body: old.body, attributes: old.attributes, trace: old.trace, group: old.group, dedup: old.dedup,
		sent: now, visible: now.Add(q.seconds("DelaySeconds")),
	}
	if q.fifo {
		if before, err := q.admit(m, now); err != nil || before != nil {
			return err
		}
	}
	return q.push(m, now)
}

// takeable are the messages that a consumer would get, the first few of them.
func (q *queue) takeable(now time.Time, most int) []*message {
	var found []*message
	blocked := q.blocked(now)
	for _, m := range q.messages {
		if len(found) >= most {
			break
		}
		switch {
		case m.gone || blocked[m.group]:
		case !m.visible.After(now):
			found = append(found, m)
		case q.fifo:
			blocked[m.group] = true // what follows waits for it
		}
	}
	return found
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
