package sqs

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxVisibility bounds a visibility timeout, in seconds, and those of a message since it was
// received together.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
const maxVisibility = 43200

// ReceiptRef names a received message.
type ReceiptRef struct{ QueueUrl, ReceiptHandle string }

func noReceipt(receipt string) error {
	return wire.Errorf("ReceiptHandleIsInvalid", 0, "The input receipt handle %.200q is not a valid receipt handle.", receipt)
}

// DeleteMessage deletes a received message. A handle of a message that is gone
// is no error, as on AWS.
func (s *State) DeleteMessage(_ context.Context, in *ReceiptRef) (*Empty, error) {
	return s.on(in.QueueUrl, func(q *queue) error { return q.remove(in.ReceiptHandle) })
}

func (q *queue) remove(receipt string) error {
	m := q.receipts[receipt]
	switch {
	case m == nil && !handlike(receipt):
		return noReceipt(receipt)
	case m == nil:
		return nil
	case q.fifo && !m.inFlight(time.Now()):
		return invalid("Value %s for parameter ReceiptHandle is invalid. Reason: The receipt handle has expired.", receipt)
	}
	q.drop(m)
	if q.fifo {
		q.notify() // the group goes on
	}
	return nil
}

// handlike tells whether a text could be a handle that some queue gave: a UUID.
func handlike(receipt string) bool {
	return len(receipt) == 36 && strings.Count(receipt, "-") == 4
}

// ReceiptEntry is one received message of a batch.
type ReceiptEntry struct{ Id, ReceiptHandle string }

// DeleteMessageBatchInput is up to ten received messages.
type DeleteMessageBatchInput struct {
	QueueUrl string
	Entries  []ReceiptEntry
}

// DeleteMessageBatch deletes up to ten received messages.
func (s *State) DeleteMessageBatch(_ context.Context, in *DeleteMessageBatchInput) (*BatchOutput, error) {
	id := func(e ReceiptEntry) string { return e.Id }
	if err := checkBatch(in.Entries, id); err != nil {
		return nil, err
	}
	var out BatchOutput
	_, err := s.on(in.QueueUrl, func(q *queue) error {
		out = each(in.Entries, id, func(e ReceiptEntry) error { return q.remove(e.ReceiptHandle) })
		return nil
	})
	return &out, err
}

// ChangeMessageVisibilityInput hides a received message for so long from now.
type ChangeMessageVisibilityInput struct {
	QueueUrl, ReceiptHandle string
	VisibilityTimeout       *int
}

// ChangeMessageVisibility changes when a message in flight comes back.
func (s *State) ChangeMessageVisibility(_ context.Context, in *ChangeMessageVisibilityInput) (*Empty, error) {
	if in.VisibilityTimeout == nil {
		return nil, missing("VisibilityTimeout")
	}
	return s.on(in.QueueUrl, func(q *queue) error { return q.hide(in.ReceiptHandle, *in.VisibilityTimeout) })
}

func (q *queue) hide(receipt string, seconds int) error {
	if seconds < 0 || seconds > maxVisibility {
		return invalid("Value %d for parameter VisibilityTimeout is invalid. Reason: VisibilityTimeout must be an integer between 0 and 43200.", seconds)
	}
	m, now := q.receipts[receipt], time.Now()
	switch {
	case m == nil && !handlike(receipt):
		return noReceipt(receipt)
	case m == nil:
		return invalid("Value %s for parameter ReceiptHandle is invalid. Reason: Message does not exist or is not available for visibility timeout change.", receipt)
	case !m.inFlight(now):
		return wire.Errorf("MessageNotInflight", 0, "The specified message isn't in flight.")
	case now.Sub(m.taken)+time.Duration(seconds)*time.Second > maxVisibility*time.Second:
		return invalid("Value %d for parameter VisibilityTimeout is invalid. Reason: Total VisibilityTimeout for the message is beyond the limit [%d seconds]", seconds, maxVisibility)
	}
	m.visible = now.Add(time.Duration(seconds) * time.Second)
	q.notify()
	return nil
}

// VisibilityEntry is one message in flight of a batch.
type VisibilityEntry struct {
	Id, ReceiptHandle string
	VisibilityTimeout *int
}

// ChangeMessageVisibilityBatchInput is up to ten messages in flight.
type ChangeMessageVisibilityBatchInput struct {
	QueueUrl string
	Entries  []VisibilityEntry
}

// ChangeMessageVisibilityBatch changes when up to ten messages come back.
func (s *State) ChangeMessageVisibilityBatch(_ context.Context, in *ChangeMessageVisibilityBatchInput) (*BatchOutput, error) {
	id := func(e VisibilityEntry) string { return e.Id }
	if err := checkBatch(in.Entries, id); err != nil {
		return nil, err
	}
	if slices.ContainsFunc(in.Entries, func(e VisibilityEntry) bool { return e.VisibilityTimeout == nil }) {
		return nil, missing("ChangeMessageVisibilityBatchRequestEntry.VisibilityTimeout")
	}
	var out BatchOutput
	_, err := s.on(in.QueueUrl, func(q *queue) error {
		out = each(in.Entries, id, func(e VisibilityEntry) error { return q.hide(e.ReceiptHandle, *e.VisibilityTimeout) })
		return nil
	})
	return &out, err
}
