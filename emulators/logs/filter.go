package logs

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
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

// found is an event and its stream.
type found struct {
	event
	stream string
}

// FilterLogEvents finds events of a group in order of time. Errors:
// ResourceNotFoundException, InvalidParameterException.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_FilterLogEvents.html
func (s *State) FilterLogEvents(_ context.Context, in *FilterLogEventsInput) (*FilterLogEventsOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	limit, err := limitOf(in.Limit)
	if err != nil {
		return nil, err
	}
	matches, err := parsePattern(in.FilterPattern)
	if err != nil {
		return nil, err
	}
	ahead, from, to, err := in.span()
	if err != nil {
		return nil, err
	}
	events, err := s.candidates(in, from, to)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(events, func(a, b found) int {
		if ahead {
			return a.compare(b.key)
		}
		return b.compare(a.key)
	})
	return collect(events, matches, limit, ahead), nil
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

// span is where to search, and in which direction.
func (in *FilterLogEventsInput) span() (ahead bool, from, to key, err error) {
	ahead, from, to = true, key{math.MinInt64, 0}, key{math.MaxInt64, math.MaxInt64}
	if in.StartTime != nil {
		from.Timestamp = *in.StartTime
	}
	if in.EndTime != nil {
		to.Timestamp = *in.EndTime // its events are included
	}
	if in.StartFromHead != nil {
		ahead = *in.StartFromHead
	}
	if in.NextToken == "" {
		return ahead, from, to, nil
	}
	ahead, at, err := parseToken(in.NextToken)
	if err != nil {
		return false, from, to, err
	}
	if ahead {
		return ahead, latest(from, key{at.Timestamp, at.Arrival + 1}), to, nil
	}
	return ahead, from, earliest(to, at), nil
}

// candidates are the events to search, copied so that they are searched without the
// lock.
func (s *State) candidates(in *FilterLogEventsInput, from, to key) ([]found, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.byRef(in.GroupRef)
	if err != nil {
		return nil, err
	}
	for _, name := range in.LogStreamNames {
		if _, err := g.stream(name); err != nil {
			return nil, err
		}
	}
	var out []found
	for name, st := range g.streams {
		if len(in.LogStreamNames) > 0 && !slices.Contains(in.LogStreamNames, name) || !strings.HasPrefix(name, in.LogStreamNamePrefix) {
			continue
		}
		for _, e := range between(st.events, from, to) {
			out = append(out, found{e, name})
		}
	}
	return out, nil
}

// collect is a page of the events that match.
func collect(events []found, matches pattern, limit int, ahead bool) *FilterLogEventsOutput {
	out := &FilterLogEventsOutput{Events: []FilteredEvent{}, SearchedLogStreams: []struct{}{}}
	var bytes int64
	var last key
	for _, e := range events {
		if !matches(e.Message) {
			continue
		}
		if bytes += e.size(); len(out.Events) == limit || len(out.Events) > 0 && bytes > maxAnswerBytes {
			direction := forward
			if !ahead {
				direction = backward
			}
			out.NextToken = token(direction, last)
			break
		}
		last = e.key
		out.Events = append(out.Events, FilteredEvent{fmt.Sprintf("%056d", e.Arrival), e.Ingestion, e.stream, e.Message, e.Timestamp})
	}
	return out
}
