package logs

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// Bounds of an answer.
const (
	maxAnswer       = 10_000 // events
	maxAnswerBytes  = 1 << 20
	forward         = "f/"
	backward        = "b/"
	invalidNextPage = "The specified nextToken is invalid."
)

// Span is a range of times, in milliseconds.
type Span struct {
	StartTime *int64 `json:"startTime"`
	EndTime   *int64 `json:"endTime"`
}

// GetLogEventsInput asks for events of a stream.
type GetLogEventsInput struct {
	GroupRef
	LogStreamName string `json:"logStreamName"`
	Span
	Limit         *int   `json:"limit"`
	NextToken     string `json:"nextToken"`
	StartFromHead bool   `json:"startFromHead"`
	Unmask        bool   `json:"unmask"` // nothing is ever masked
}

// OutputEvent is an event of GetLogEvents.
type OutputEvent struct {
	IngestionTime int64  `json:"ingestionTime"`
	Message       string `json:"message"`
	Timestamp     int64  `json:"timestamp"`
}

// GetLogEventsOutput is a page of events in order of time.
type GetLogEventsOutput struct {
	Events            []OutputEvent `json:"events"`
	NextBackwardToken string        `json:"nextBackwardToken"`
	NextForwardToken  string        `json:"nextForwardToken"`
}

// GetLogEvents answers a page of a stream: the first or, without StartFromHead, the
// last; with a token what comes after or before another page, whatever StartFromHead
// says. At an end the token is the same again.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_GetLogEvents.html
func (s *State) GetLogEvents(_ context.Context, in *GetLogEventsInput) (*GetLogEventsOutput, error) {
	limit, err := limitOf(in.Limit)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.byRef(in.GroupRef)
	if err != nil {
		return nil, err
	}
	st, err := g.stream(in.LogStreamName)
	if err != nil {
		return nil, err
	}
	from, to := key{math.MinInt64, 0}, key{math.MaxInt64, 0}
	if in.StartTime != nil {
		from.Timestamp = *in.StartTime
	}
	if in.EndTime != nil {
		to.Timestamp = *in.EndTime
	}
	ahead := in.StartFromHead
	if in.NextToken != "" {
		var at key
		if ahead, at, err = parseToken(in.NextToken); err != nil {
			return nil, err
		}
		if ahead {
			from = latest(from, at.next())
		} else {
			to = earliest(to, at)
		}
	}
	return answer(pick(between(st.events, from, to), limit, ahead), from, to), nil
}

func limitOf(limit *int) (int, error) {
	if limit == nil {
		return maxAnswer, nil
	}
	if *limit < 1 || *limit > maxAnswer {
		return 0, invalid("Value '%d' at 'limit' failed to satisfy constraint: Member must have value between 1 and %d", *limit, maxAnswer)
	}
	return *limit, nil
}

// between are the events from one key on and before another.
func between(events []event, from, to key) []event {
	position := func(k key) int {
		n, _ := slices.BinarySearchFunc(events, k, func(have event, k key) int { return have.compare(k) })
		return n
	}
	first := position(from)
	return events[first:max(first, position(to))]
}

// pick takes as many of the first or the last events as an answer holds.
func pick(events []event, limit int, ahead bool) []event {
	var bytes int64
	for n := range events {
		e := events[n]
		if !ahead {
			e = events[len(events)-1-n]
		}
		if bytes += e.size(); n == limit || n > 0 && bytes > maxAnswerBytes {
			limit = n
			break
		}
	}
	limit = min(limit, len(events))
	if ahead {
		return events[:limit]
	}
	return events[len(events)-limit:]
}

// answer is a page and how to go on from it; an empty one leads to where it looked.
func answer(page []event, from, to key) *GetLogEventsOutput {
	before, after := from, key{from.Timestamp, from.Arrival - 1}
	out := &GetLogEventsOutput{Events: []OutputEvent{}}
	if len(page) > 0 {
		before, after = page[0].key, page[len(page)-1].key
	} else if to.Timestamp != math.MaxInt64 {
		before = to
	}
	for _, e := range page {
		out.Events = append(out.Events, OutputEvent{e.Ingestion, e.Message, e.Timestamp})
	}
	out.NextBackwardToken, out.NextForwardToken = token(backward, before), token(forward, after)
	return out
}

func earliest(a, b key) key {
	if a.compare(b) < 0 {
		return a
	}
	return b
}

func latest(a, b key) key {
	if a.compare(b) > 0 {
		return a
	}
	return b
}

// token names the event at which a page ended.
func token(direction string, k key) string {
	return fmt.Sprintf("%s%d/%d", direction, k.Timestamp, k.Arrival)
}

func parseToken(text string) (ahead bool, k key, err error) {
	ahead = strings.HasPrefix(text, forward)
	if !ahead && !strings.HasPrefix(text, backward) {
		return false, key{}, invalid(invalidNextPage)
	}
	timestamp, arrival, _ := strings.Cut(text[len(forward):], "/")
	var err1, err2 error
	k.Timestamp, err1 = strconv.ParseInt(timestamp, 10, 64)
	k.Arrival, err2 = strconv.ParseInt(arrival, 10, 64)
	if err1 != nil || err2 != nil || k.Arrival == math.MaxInt64 {
		return false, key{}, invalid(invalidNextPage)
	}
	return ahead, k, nil
}
