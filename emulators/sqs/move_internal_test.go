package sqs

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestWhatIsLateIsMovedAtOnce looks at a FIFO dead-letter queue long after a task began: each
// message has moved at its own time, in order, but for the group that a consumer holds.
func TestWhatIsLateIsMovedAtOnce(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, one := range []struct {
		messages, rate int
		after          time.Duration
		status         string
		failure        string
		moved          int
	}{
		{1000, 2, time.Minute, moveRunning, "", 121},
		{1000, 2, time.Hour, moveCompleted, "", 999},
		{130_000, 1, 40 * time.Hour, moveFailed, "RedriveTaskTimedOut", 129_601},
	} {
		s := New(Config{})
		dead, to := newQueue("dead.fifo", start), newQueue("to.fifo", start)
		for _, q := range []*queue{dead, to} {
			q.fifo = true
			s.queues[q.name] = q
		}
		for i := range one.messages {
			require.NoError(t, dead.push(&message{id: strconv.Itoa(i), body: strconv.Itoa(i), group: "g", dedup: strconv.Itoa(i), sent: start, visible: start}, start))
		}
		held := dead.messages[3]
		held.group, held.receipt, held.visible = "held", "r", start.Add(48*time.Hour)
		m := &move{source: dead, destination: s.id.ARN("sqs", to.name), asked: one.rate, started: start, status: moveRunning, total: one.messages}
		s.remember(m)
		s.moveDue(start.Add(one.after))
		require.Equal(t, one.status+one.failure, m.status+m.failure)
		require.Equal(t, one.moved, m.moved)
		require.Len(t, to.messages, one.moved)
		for i, got := range to.messages {
			was := i
			if i > 2 {
				was++
			}
			if got.body != strconv.Itoa(was) || !got.sent.Equal(start.Add(time.Duration(i)*time.Second/time.Duration(one.rate))) {
				t.Fatalf("message %d is %s of %s", i, got.body, got.sent)
			}
		}
		require.False(t, held.gone)
	}
}

// TestAMoveTaskWakesWhoGetsItsMessages, not each who waits.
func TestAMoveTaskWakesWhoGetsItsMessages(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, custom := range []bool{false, true} {
		s := New(Config{})
		for _, name := range []string{"dead", "gave", "to", "other"} {
			s.queues[name] = newQueue(name, start)
		}
		require.NoError(t, s.queues["dead"].push(&message{id: "1", source: s.id.ARN("sqs", "gave"), sent: start, visible: start}, start))
		m := &move{source: s.queues["dead"], started: start, status: moveRunning, total: 1}
		gets := "gave"
		if custom {
			m.destination, gets = s.id.ARN("sqs", "to"), "to"
		}
		s.remember(m)
		for name, q := range s.queues {
			at, ok := s.nextMoveTo(q)
			require.Equal(t, name == gets, ok, name)
			if ok {
				require.Equal(t, start, at)
			}
		}
	}
}

// TestWhatFollowsADelayedMessageOfItsGroupWaits for a move task as for a consumer.
func TestWhatFollowsADelayedMessageOfItsGroupWaits(t *testing.T) {
	start := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for fifo, want := range map[bool]int{true: 1, false: 2} {
		q := newQueue("q", start)
		q.fifo = fifo
		for i, m := range []*message{{group: "g", visible: start.Add(time.Minute)}, {group: "g", visible: start}, {group: "h", visible: start}} {
			m.id, m.sent = strconv.Itoa(i), start
			require.NoError(t, q.push(m, m.sent))
		}
		require.Len(t, q.takeable(start, 3), want)
	}
}
