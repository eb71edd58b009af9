package sqs

import (
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// full makes a queue with all but two of the messages in flight that it may have, and a
// dozen to be received.
func full(t *testing.T, s *State, name string, now time.Time) *queue {
	t.Helper()
	q := newQueue(name, now)
	s.queues[name] = q
	held := &message{receipt: "r", visible: now.Add(time.Hour)}
	for i := range maxInFlight - 2 {
		q.receipts[strconv.Itoa(i)] = held
	}
	for i := range 12 {
		require.NoError(t, q.push(&message{id: strconv.Itoa(i), body: "x", group: strconv.Itoa(i), sent: now, visible: now}, now))
	}
	return q
}

// Of the messages that a queue may still hand out none is hidden from who asked for more.
// "Amazon SQS returns the OverLimit error message"; for a FIFO queue it "returns no error
// messages".
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_ChangeMessageVisibility.html
func TestMessagesInFlight(t *testing.T) {
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	for _, fifo := range []bool{false, true} {
		s := New(Config{})
		q := full(t, s, "q", now)
		q.fifo = fifo
		ten := 10
		in := &ReceiveMessageInput{MaxNumberOfMessages: &ten}
		got, err := s.take(q, in, now)
		require.NoError(t, err)
		require.Len(t, got, 2, "as many as there is room for")
		got, err = s.take(q, in, now)
		require.Empty(t, got)
		require.Equal(t, !fifo, wire.IsCode(err, "OverLimit"), "%v", err)
		got, err = s.take(q, in, now.Add(time.Hour))
		require.NoError(t, err)
		require.Len(t, got, 10, "those are back")
	}
}

// A message that another queue gave up keeps its age: it is gone after the dead-letter
// queue's retention although it is behind younger ones, with nobody looking.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html
func TestRetentionBehindYoungerMessages(t *testing.T) {
	began := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	at := func(minutes int) time.Time { return began.Add(time.Duration(minutes) * time.Minute) }
	q := newQueue("dead", began)
	q.attributes["MessageRetentionPeriod"] = "600"
	for i, sent := range []int{5, 1, 6, 3} {
		require.NoError(t, q.push(&message{id: strconv.Itoa(i), sent: at(sent), visible: at(sent)}, at(6)))
	}
	left := func(now time.Time) (ids string) {
		for _, m := range q.takeable(now, 10) {
			ids += m.id
		}
		return ids
	}
	q.trim(at(11))
	require.Equal(t, "0123", left(at(11)))
	q.trim(at(12))
	require.Equal(t, "023", left(at(12)))
	q.trim(at(14))
	require.Equal(t, "02", left(at(14)))
	require.NoError(t, q.push(&message{id: "4", sent: at(30), visible: at(30)}, at(30)))
	require.Len(t, q.messages, 1, "what is too old goes when a message comes")
}
