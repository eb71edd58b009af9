package logs

import (
	"cmp"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// stream is a log stream; the State's lock guards it.
type stream struct {
	name     string
	arn      string
	created  time.Time
	events   []event // by time, then by arrival
	ingested int64   // milliseconds of the last event that came
}

// event is a log event; it never changes.
type event struct {
	key
	Ingestion int64
	Message   string
}

// key orders the events of a group: by time, then by arrival.
type key struct {
	Timestamp int64 // milliseconds
	Arrival   int64
}

func (k key) compare(other key) int {
	return cmp.Or(cmp.Compare(k.Timestamp, other.Timestamp), cmp.Compare(k.Arrival, other.Arrival))
}

// next is the first key behind k.
func (k key) next() key { return key{k.Timestamp, k.Arrival + 1} }

// eventOverhead is what AWS adds to the bytes of each message.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
const eventOverhead = 26

func (e event) size() int64 { return int64(len(e.Message)) + eventOverhead }

// add enters events where they belong, which are in order and newer than those that have
// come before; most come last.
func (st *stream) add(events []event) {
	if len(events) == 0 {
		return
	}
	st.ingested = events[0].Ingestion
	at, _ := slices.BinarySearchFunc(st.events, events[0].key, func(have event, k key) int { return have.compare(k) })
	if at == len(st.events) {
		st.events = append(st.events, events...)
		return
	}
	behind := slices.Clone(st.events[at:])
	st.events = st.events[:at]
	for len(behind) > 0 && len(events) > 0 {
		next := &behind
		if events[0].compare(behind[0].key) < 0 {
			next = &events
		}
		st.events = append(st.events, (*next)[0])
		*next = (*next)[1:]
	}
	st.events = append(append(st.events, behind...), events...)
}

var streamName = regexp.MustCompile(`^[^:*]{1,512}$`)

// StreamInput names a stream of a group.
type StreamInput struct {
	LogGroupName  string `json:"logGroupName"`
	LogStreamName string `json:"logStreamName"`
}

// CreateLogStream makes a stream. Errors: ResourceNotFoundException,
// ResourceAlreadyExistsException, LimitExceededException.
func (s *State) CreateLogStream(_ context.Context, in *StreamInput) (*Empty, error) {
	if !streamName.MatchString(in.LogStreamName) {
		return nil, invalid("Value '%.600s' at 'logStreamName' failed to satisfy constraint: Member must satisfy regular expression pattern: %s", in.LogStreamName, streamName)
	}
	return s.on(in.LogGroupName, func(g *group) error {
		if _, ok := g.streams[in.LogStreamName]; ok {
			return wire.Errorf("ResourceAlreadyExistsException", 0, "The specified log stream already exists")
		}
		_, err := s.newStream(g, in.LogStreamName)
		return err
	})
}

// newStream makes a stream that is not there. The caller holds the lock.
func (s *State) newStream(g *group, name string) (*stream, error) {
	if s.streams >= maxStreams {
		return nil, wire.Errorf("LimitExceededException", 0, "There are %d log streams already.", maxStreams)
	}
	s.streams++
	st := &stream{name: name, arn: s.streamARN(g, name), created: time.Now()}
	g.streams[name] = st
	return st, nil
}

func (s *State) streamARN(g *group, name string) string {
	return s.groupARN(g.name) + ":log-stream:" + name
}

// DeleteLogStream ends a stream and its events.
func (s *State) DeleteLogStream(_ context.Context, in *StreamInput) (*Empty, error) {
	return s.on(in.LogGroupName, func(g *group) error {
		st, err := g.stream(in.LogStreamName)
		if err != nil {
			return err
		}
		for _, e := range st.events {
			g.bytes -= e.size()
			s.bytes -= e.size()
		}
		s.streams--
		delete(g.streams, st.name)
		return nil
	})
}

func (g *group) stream(name string) (*stream, error) {
	st, ok := g.streams[name]
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", 0, "The specified log stream does not exist.")
	}
	return st, nil
}

// DescribeLogStreamsInput selects streams of a group.
type DescribeLogStreamsInput struct {
	GroupRef
	LogStreamNamePrefix string `json:"logStreamNamePrefix"`
	OrderBy             string `json:"orderBy"`
	Descending          bool   `json:"descending"`
	Page
}

// Stream is a stream as DescribeLogStreams answers it.
type Stream struct {
	Arn                 string `json:"arn"`
	LogStreamName       string `json:"logStreamName"`
	CreationTime        int64  `json:"creationTime"`
	FirstEventTimestamp *int64 `json:"firstEventTimestamp,omitempty"`
	LastEventTimestamp  *int64 `json:"lastEventTimestamp,omitempty"`
	LastIngestionTime   *int64 `json:"lastIngestionTime,omitempty"`
	StoredBytes         int64  `json:"storedBytes"` // always zero, as on AWS
}

// DescribeLogStreamsOutput is a page of streams.
type DescribeLogStreamsOutput struct {
	LogStreams []Stream `json:"logStreams"`
	NextToken  string   `json:"nextToken,omitempty"`
}

// DescribeLogStreams lists the streams of a group, by name or by their last event.
func (s *State) DescribeLogStreams(_ context.Context, in *DescribeLogStreamsInput) (*DescribeLogStreamsOutput, error) {
	byTime := in.OrderBy == "LastEventTime"
	switch {
	case in.OrderBy != "" && in.OrderBy != "LogStreamName" && !byTime:
		return nil, invalid("Value '%s' at 'orderBy' failed to satisfy constraint: Member must satisfy enum value set: [LogStreamName, LastEventTime]", in.OrderBy)
	case byTime && in.LogStreamNamePrefix != "":
		return nil, invalid("Cannot order by LastEventTime with a logStreamNamePrefix.")
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.byRef(in.GroupRef)
	if err != nil {
		return nil, err
	}
	found, next, err := cut(g.sorted(in.LogStreamNamePrefix, byTime, in.Descending), in.Page, in.Descending, func(st *stream) string { return st.place(byTime) })
	if err != nil {
		return nil, err
	}
	out := &DescribeLogStreamsOutput{LogStreams: []Stream{}, NextToken: next}
	for _, st := range found {
		d := Stream{Arn: st.arn, LogStreamName: st.name, CreationTime: st.created.UnixMilli()}
		if n := len(st.events); n > 0 {
			d.FirstEventTimestamp, d.LastEventTimestamp = new(st.events[0].Timestamp), new(st.events[n-1].Timestamp)
		}
		if st.ingested > 0 {
			d.LastIngestionTime = new(st.ingested)
		}
		out.LogStreams = append(out.LogStreams, d)
	}
	return out, nil
}

// sorted are the streams whose names begin so.
func (g *group) sorted(prefix string, byTime, descending bool) []*stream {
	var found []*stream
	for name, st := range g.streams {
		if strings.HasPrefix(name, prefix) {
			found = append(found, st)
		}
	}
	slices.SortFunc(found, func(a, b *stream) int {
		order := strings.Compare(a.name, b.name)
		if byTime {
			order = cmp.Or(cmp.Compare(a.last(), b.last()), order)
		}
		if descending {
			return -order
		}
		return order
	})
	return found
}

// place is a text that sorts as the stream does.
func (st *stream) place(byTime bool) string {
	if byTime {
		return fmt.Sprintf("%019d/%s", st.last(), st.name)
	}
	return st.name
}

// last is the time of the latest event; 0 without one.
func (st *stream) last() int64 {
	if len(st.events) == 0 {
		return 0
	}
	return st.events[len(st.events)-1].Timestamp
}
