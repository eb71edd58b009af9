package sqs

import (
	"context"
	"regexp"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxBatch bounds the bytes of a batch.
const maxBatch = 1 << 20

// Failed says why an entry of a batch failed.
type Failed struct {
	Id, Code, Message string
	SenderFault       bool
}

func failed(id string, err error) Failed {
	e := wire.AsError(err)
	return Failed{id, e.Code, e.Message, e.HTTPStatus() < 500}
}

var entryID = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,80}$`)

// checkBatch wants one to ten entries with ids of their own.
func checkBatch[E any](entries []E, id func(E) string) error {
	switch n := len(entries); {
	case n == 0:
		return wire.Errorf("EmptyBatchRequest", 0, "There should be at least one entry in the request.")
	case n > 10:
		return wire.Errorf("TooManyEntriesInBatchRequest", 0, "Maximum number of entries per request are 10. You have sent %d.", n)
	}
	seen := map[string]bool{}
	for _, e := range entries {
		switch name := id(e); {
		case !entryID.MatchString(name):
			return wire.Errorf("InvalidBatchEntryId", 0, "A batch entry id can only contain alphanumeric characters, hyphens and underscores. It can be at most 80 letters long.")
		case seen[name]:
			return wire.Errorf("BatchEntryIdsNotDistinct", 0, "Id %s repeated.", name)
		default:
			seen[name] = true
		}
	}
	return nil
}

// SendMessageBatchEntry is one message of a batch.
type SendMessageBatchEntry struct {
	Id string
	Outgoing
}

// SendMessageBatchInput is up to ten messages.
type SendMessageBatchInput struct {
	QueueUrl string
	Entries  []SendMessageBatchEntry
}

// Sent says that an entry of a batch arrived.
type Sent struct {
	Id string
	SendMessageOutput
}

// SendMessageBatchOutput has each entry in one of its lists.
type SendMessageBatchOutput struct {
	Successful []Sent
	Failed     []Failed
}

// SendMessageBatch sends up to ten messages; each may fail by itself.
func (s *State) SendMessageBatch(_ context.Context, in *SendMessageBatchInput) (*SendMessageBatchOutput, error) {
	if err := checkBatch(in.Entries, func(e SendMessageBatchEntry) string { return e.Id }); err != nil {
		return nil, err
	}
	size := 0
	for _, e := range in.Entries {
		size += e.size()
	}
	if size > maxBatch {
		return nil, wire.Errorf("BatchRequestTooLong", 0, "Batch requests cannot be longer than %d bytes. You have sent %d bytes.", maxBatch, size)
	}
	out := &SendMessageBatchOutput{Successful: []Sent{}, Failed: []Failed{}}
	_, err := s.on(in.QueueUrl, func(q *queue) error {
		for _, e := range in.Entries {
			sent, err := q.send(&e.Outgoing)
			if err != nil {
				out.Failed = append(out.Failed, failed(e.Id, err))
				continue
			}
			out.Successful = append(out.Successful, Sent{e.Id, *sent})
		}
		return nil
	})
	return out, err
}

// Done says that an entry of a batch succeeded.
type Done struct{ Id string }

// BatchOutput has each entry of a batch in one of its lists.
type BatchOutput struct {
	Successful []Done
	Failed     []Failed
}

// each does something to every entry of a batch.
func each[E any](entries []E, id func(E) string, do func(E) error) BatchOutput {
	out := BatchOutput{Successful: []Done{}, Failed: []Failed{}}
	for _, e := range entries {
		if err := do(e); err != nil {
			out.Failed = append(out.Failed, failed(id(e), err))
			continue
		}
		out.Successful = append(out.Successful, Done{id(e)})
	}
	return out
}
