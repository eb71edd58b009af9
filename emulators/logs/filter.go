package logs

import (
	"context"
	"time"
)

// maxStreamNames is how many streams FilterLogEvents may be told.
const maxStreamNames = 100

// firstBackward is the earliest StartTime of a search from the tail.
var firstBackward = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()

// FilterLogEventsInput searches the streams of a group.
type FilterLogEventsInput struct {
	GroupRef
	LogStreamNames      []string `json:"logStreamNames"`
	LogStreamNamePrefix string   `json:"logStreamNamePrefix"`
	Span
	FilterPattern string `json:"filterPattern"`
	Limit         *int   `json:"limit"`
	NextToken     string `json:"nextToken"`
	StartFromHead *bool  `json:"startFromHead"`
	Interleaved   bool   `json:"interleaved"` // ignored, as on AWS: always
	Unmask        bool   `json:"unmask"`      // nothing is ever masked
}

// FilteredEvent is an event of FilterLogEvents.
type FilteredEvent struct {
	EventID       string `json:"eventId"`
	IngestionTime int64  `json:"ingestionTime"`
	LogStreamName string `json:"logStreamName"`
	Message       string `json:"message"`
	Timestamp     int64  `json:"timestamp"`
}

// FilterLogEventsOutput is a page of what was found.
type FilterLogEventsOutput struct {
	Events             []FilteredEvent `json:"events"`
	NextToken          string          `json:"nextToken,omitempty"`
	SearchedLogStreams []struct{}      `json:"searchedLogStreams"` // empty, as on AWS
}

// FilterLogEvents finds events of a group in order of time. Errors:
// ResourceNotFoundException, InvalidParameterException.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
func (s *State) FilterLogEvents(ctx context.Context, in *FilterLogEventsInput) (*FilterLogEventsOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	look, err := newSearch(in)
	if err != nil {
		return nil, err
	}
	out := &FilterLogEventsOutput{Events: []FilteredEvent{}, SearchedLogStreams: []struct{}{}}
	for more := true; more; {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		events, err := s.candidates(look)
		if err != nil {
			return nil, err
		}
		more = look.through(events, out)
	}
	return out, nil
}

func (in *FilterLogEventsInput) check() error {
	switch {
	case len(in.LogStreamNames) > 0 && in.LogStreamNamePrefix != "":
		return invalid("logStreamNames and logStreamNamePrefix are mutually exclusive.")
	case len(in.LogStreamNames) > maxStreamNames:
		return invalid("logStreamNames has more than %d members.", maxStreamNames)
	case in.StartFromHead != nil && !*in.StartFromHead && (in.StartTime == nil || *in.StartTime < firstBackward):
		return invalid("startFromHead can be false only with a startTime on or after Jan 1, 2024 00:00:00 UTC.")
	}
	return nil
}
