package sns

import (
	"context"
	"regexp"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// PublishBatchEntry is one message of a batch.
type PublishBatchEntry struct {
	Id string
	Message
}

// PublishBatchInput is up to ten messages.
type PublishBatchInput struct {
	TopicArn                   string
	PublishBatchRequestEntries []PublishBatchEntry
}

// Published says that an entry of a batch was published.
type Published struct {
	Id string
	PublishOutput
}

// Failed says why an entry of a batch was not.
type Failed struct {
	Id, Code, Message string
	SenderFault       bool
}

// PublishBatchOutput has each entry in one of its lists.
type PublishBatchOutput struct {
	Successful []Published `xml:"Successful>member"`
	Failed     []Failed    `xml:"Failed>member"`
}

var entryID = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,80}$`)

// PublishBatch publishes up to ten messages; each may fail by itself.
// https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html
func (s *State) PublishBatch(_ context.Context, in *PublishBatchInput) (*PublishBatchOutput, error) {
	if _, err := s.onTopic(in.TopicArn, in.check); err != nil {
		return nil, err
	}
	out := &PublishBatchOutput{}
	for _, e := range in.PublishBatchRequestEntries {
		sent, err := s.publish(in.TopicArn, &e.Message)
		if err != nil {
			why := wire.AsError(err)
			out.Failed = append(out.Failed, Failed{e.Id, why.Code, why.Message, why.HTTPStatus() < 500})
			continue
		}
		out.Successful = append(out.Successful, Published{e.Id, *sent})
	}
	return out, nil
}

// check refuses a batch as a whole: for its size, its ids, or a message whose attributes or
// ids are none.
func (in *PublishBatchInput) check(t *topic) error {
	switch n := len(in.PublishBatchRequestEntries); {
	case n == 0:
		return wire.Errorf("EmptyBatchRequest", 0, "The batch request doesn't contain any entries.")
	case n > 10:
		return wire.Errorf("TooManyEntriesInBatchRequest", 0, "The batch request contains more entries than permissible.")
	}
	seen, size := map[string]bool{}, 0
	for _, e := range in.PublishBatchRequestEntries {
		switch {
		case !entryID.MatchString(e.Id):
			return wire.Errorf("InvalidBatchEntryId", 0, "The Id of a batch entry in a batch request doesn't abide by the specification.")
		case seen[e.Id]:
			return wire.Errorf("BatchEntryIdsNotDistinct", 0, "Two or more batch entries in the request have the same Id.")
		}
		seen[e.Id] = true
		size += e.size()
	}
	for _, e := range in.PublishBatchRequestEntries {
		if err := e.checkAttributes(); err != nil {
			return err
		}
		if !t.fifo {
			continue
		}
		if err := t.checkIDs(&e.Message); err != nil {
			return err
		}
	}
	if size > t.maximum() {
		return wire.Errorf("BatchRequestTooLong", 0, "The length of all the batch messages put together is more than the limit.")
	}
	return nil
}
