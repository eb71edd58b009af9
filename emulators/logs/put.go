package logs

import (
	"context"
	"fmt"
	"net/http"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Bounds of a batch and of its events' times.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const (
	maxBatchBytes  = 1 << 20
	maxBatchEvents = 10_000
	maxEvent       = 1 << 20
	maxSpan        = 24 * time.Hour
	maxAge         = 14 * 24 * time.Hour
	maxAhead       = 2 * time.Hour
)

// InputEvent is an event that is put.
type InputEvent struct {
	Timestamp *int64 `json:"timestamp"` // milliseconds
	Message   string `json:"message"`
}

// PutLogEventsInput puts events into a stream.
type PutLogEventsInput struct {
	StreamInput
	LogEvents     []InputEvent `json:"logEvents"`
	SequenceToken string       `json:"sequenceToken"` // ignored, as on AWS
}

// Rejected says which events were not kept: those before the two ends, and those
// from the start on.
type Rejected struct {
	TooNewLogEventStartIndex *int `json:"tooNewLogEventStartIndex,omitempty"`
	TooOldLogEventEndIndex   *int `json:"tooOldLogEventEndIndex,omitempty"`
	ExpiredLogEventEndIndex  *int `json:"expiredLogEventEndIndex,omitempty"`
}

// PutLogEventsOutput is the answer of PutLogEvents.
type PutLogEventsOutput struct {
	NextSequenceToken     string    `json:"nextSequenceToken"`
	RejectedLogEventsInfo *Rejected `json:"rejectedLogEventsInfo,omitempty"`
}

// PutLogEvents keeps events. Errors: ResourceNotFoundException,
// InvalidParameterException, ServiceUnavailableException when the State is full.
func (s *State) PutLogEvents(_ context.Context, in *PutLogEventsInput) (*PutLogEventsOutput, error) {
	if err := checkBatch(in.LogEvents); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.group(in.LogGroupName)
	if err != nil {
		return nil, err
	}
	st, err := g.stream(in.LogStreamName)
	if err != nil {
		return nil, err
	}
	valid, rejected, err := g.sift(in.LogEvents)
	if err != nil {
		return nil, err
	}
	if err := s.keep(g, st, valid); err != nil {
		return nil, err
	}
	return &PutLogEventsOutput{fmt.Sprintf("%056d", s.arrivals), rejected}, nil
}

// keep enters events, all or none.
func (s *State) keep(g *group, st *stream, events []InputEvent) error {
	var bytes int64
	for _, e := range events {
		bytes += int64(len(e.Message)) + eventOverhead
	}
	if err := s.room(bytes); err != nil {
		return err
	}
	now := time.Now().UnixMilli()
	entered := make([]event, len(events))
	for i, e := range events {
		entered[i] = event{key{*e.Timestamp, 0}, now, e.Message}
	}
	s.enter(g, st, entered)
	return nil
}

// enter keeps events in the order of their times, for which there is room.
func (s *State) enter(g *group, st *stream, events []event) {
	for i := range events {
		s.arrivals++
		events[i].Arrival = s.arrivals
		g.bytes += events[i].size()
		s.bytes += events[i].size()
	}
	st.add(events)
}

// room makes sure that so many bytes can be kept.
func (s *State) room(bytes int64) error {
	if s.bytes+bytes <= s.maxBytes {
		return nil
	}
	for _, g := range s.groups {
		s.expire(g)
	}
	if s.bytes+bytes <= s.maxBytes {
		return nil
	}
	return wire.Errorf("ServiceUnavailableException", http.StatusServiceUnavailable,
		"PutLogEvents: %d bytes of events are kept, and Shakedown keeps at most %d; delete a log group or give it a retention", s.bytes, s.maxBytes)
}

// checkBatch is what can be wrong with a batch at any time.
func checkBatch(events []InputEvent) error {
	if len(events) == 0 || len(events) > maxBatchEvents {
		return invalid("A batch has 1 to %d log events, not %d.", maxBatchEvents, len(events))
	}
	bytes := 0
	for i, e := range events {
		switch {
		case e.Timestamp == nil || *e.Timestamp < 0:
			return invalid("logEvents.%d.member.timestamp is missing or negative.", i+1)
		case e.Message == "":
			return invalid("Value '' at 'logEvents.%d.member.message' failed to satisfy constraint: Member must have length greater than or equal to 1", i+1)
		case len(e.Message) > maxEvent:
			return invalid("Log event too large: %d bytes exceeds limit of %d", len(e.Message), maxEvent)
		case i > 0 && *e.Timestamp < *events[i-1].Timestamp:
			return invalid("Log events in a single PutLogEvents request must be in chronological order.")
		}
		bytes += len(e.Message) + eventOverhead
	}
	if bytes > maxBatchBytes {
		return invalid("Upload too large: %d bytes exceeds limit of %d", bytes, maxBatchBytes)
	}
	return nil
}

// sift takes the events out of a batch, which is in order, that are of a time that
// the group takes.
func (g *group) sift(events []InputEvent) ([]InputEvent, *Rejected, error) {
	before := func(limit int64) int {
		n := 0
		for n < len(events) && *events[n].Timestamp < limit {
			n++
		}
		return n
	}
	now := time.Now()
	var r Rejected
	first, last := 0, before(now.Add(maxAhead).UnixMilli()+1)
	if last < len(events) {
		r.TooNewLogEventStartIndex = &last
	}
	if n := before(now.Add(-maxAge).UnixMilli()); n > 0 {
		r.TooOldLogEventEndIndex, first = &n, n
	}
	if oldest, ok := g.oldest(); ok {
		if n := before(oldest); n > 0 {
			r.ExpiredLogEventEndIndex, first = &n, max(first, n)
		}
	}
	valid := events[first:max(first, last)]
	if n := len(valid); n > 0 && *valid[n-1].Timestamp-*valid[0].Timestamp > maxSpan.Milliseconds() {
		return nil, nil, invalid("The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
	}
	if r == (Rejected{}) {
		return valid, nil, nil
	}
	return valid, &r, nil
}
