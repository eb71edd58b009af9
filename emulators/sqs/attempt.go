package sqs

import (
	"slices"
	"time"
)

// attempts are what was handed out to calls of ReceiveMessage that named themselves, so that
// one whose answer was lost gets the same again. The oldest are first.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ReceiveMessage.html
type attempts []attempt

type attempt struct {
	id     string
	at     time.Time
	handed []handed
}

// handed is a message as it was handed out.
type handed struct {
	*message
	receipt string
	visible time.Time
}

// attemptGood is how long an attempt can be made again.
const attemptGood = 5 * time.Minute

// maxAttempts bounds those that are remembered.
const maxAttempts = 10_000

// untouched tells whether the consumer has the message still, and has changed nothing.
func (h handed) untouched(now time.Time) bool {
	return h.message.inFlight(now) && h.message.receipt == h.receipt && h.message.visible.Equal(h.visible)
}

// again are the messages of an attempt that is made again, hidden anew; none when it is a
// new one, or when one of them was deleted, hidden for longer or came back.
func (q *queue) again(id string, now time.Time, hidden time.Duration) []*message {
	q.attempts = slices.DeleteFunc(q.attempts, func(a attempt) bool { return now.Sub(a.at) >= attemptGood })
	i := slices.IndexFunc(q.attempts, func(a attempt) bool { return a.id == id })
	if i < 0 {
		return nil
	}
	a := q.attempts[i]
	if slices.ContainsFunc(a.handed, func(h handed) bool { return !h.untouched(now) }) {
		q.attempts = slices.Delete(q.attempts, i, i+1)
		return nil
	}
	var messages []*message
	for j, h := range a.handed {
		h.message.taken, h.message.visible = now, now.Add(hidden)
		a.handed[j].visible = h.message.visible
		messages = append(messages, h.message)
	}
	return messages
}

// remember keeps what an attempt was handed.
func (q *queue) remember(id string, now time.Time, messages []*message) {
	a := attempt{id: id, at: now}
	for _, m := range messages {
		a.handed = append(a.handed, handed{m, m.receipt, m.visible})
	}
	if len(q.attempts) >= maxAttempts {
		q.attempts = q.attempts[1:]
	}
	q.attempts = append(q.attempts, a)
}

// checkAttempt wants the id of an attempt for a FIFO queue only; empty is none.
func (q *queue) checkAttempt(id string) error {
	if id != "" && !q.fifo {
		return invalid("Value %s for parameter ReceiveRequestAttemptId is invalid. Reason: The request include parameter that is not valid for this queue type.", id)
	}
	return checkToken("ReceiveRequestAttemptId", id)
}
