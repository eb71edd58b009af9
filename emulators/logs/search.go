package logs

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

// search goes through the events of a group until a page is full.
type search struct {
	in       *FilterLogEventsInput
	matches  pattern
	limit    int
	ahead    bool
	from, to key   // where to go on
	bytes    int64 // of what was found
}

// found is an event and its stream.
type found struct {
	event
	stream string
}

func newSearch(in *FilterLogEventsInput) (*search, error) {
	look := &search{in: in, ahead: true, from: key{math.MinInt64, 0}, to: key{math.MaxInt64, math.MaxInt64}}
	var err error
	if look.limit, err = limitOf(in.Limit); err != nil {
		return nil, err
	}
	if look.matches, err = parsePattern(in.FilterPattern); err != nil {
		return nil, err
	}
	if in.StartTime != nil {
		look.from.Timestamp = *in.StartTime
	}
	if in.EndTime != nil {
		look.to.Timestamp = *in.EndTime // its events are included
	}
	if in.StartFromHead != nil {
		look.ahead = *in.StartFromHead
	}
	if in.NextToken == "" {
		return look, nil
	}
	ahead, at, err := parseToken(in.NextToken)
	look.ahead = ahead
	look.pass(at)
	return look, err
}

// pass goes on behind an event.
func (look *search) pass(k key) {
	if look.ahead {
		look.from = latest(look.from, k.next())
	} else {
		look.to = earliest(look.to, k)
	}
}

// token is where to go on after what was found.
func (look *search) token() string {
	if look.ahead {
		return token(forward, key{look.from.Timestamp, look.from.Arrival - 1})
	}
	return token(backward, look.to)
}

func (look *search) wants(stream string) bool {
	names := look.in.LogStreamNames
	return (len(names) == 0 || slices.Contains(names, stream)) && strings.HasPrefix(stream, look.in.LogStreamNamePrefix)
}

// candidates are the next events of a search in its order, copied so that they are
// searched without the lock: maxAnswer of them, or all that are left.
func (s *State) candidates(look *search) ([]found, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, err := s.byRef(look.in.GroupRef)
	if err != nil {
		return nil, err
	}
	for _, name := range look.in.LogStreamNames {
		if _, err := g.stream(name); err != nil {
			return nil, err
		}
	}
	m := merge{ahead: look.ahead}
	for name, st := range g.streams {
		if !look.wants(name) {
			continue
		}
		if events := between(st.events, look.from, look.to); len(events) > 0 {
			m.runs = append(m.runs, run{name, events})
		}
	}
	return m.first(maxAnswer), nil
}

// through adds to a page the events that match, and tells whether it has room for
// what comes after them.
func (look *search) through(events []found, out *FilterLogEventsOutput) bool {
	for _, e := range events {
		if !look.matches(e.Message) {
			continue
		}
		if look.bytes += e.size(); len(out.Events) == look.limit || len(out.Events) > 0 && look.bytes > maxAnswerBytes {
			out.NextToken = look.token()
			return false
		}
		look.pass(e.key)
		out.Events = append(out.Events, FilteredEvent{fmt.Sprintf("%056d", e.Arrival), e.Ingestion, e.stream, e.Message, e.Timestamp})
	}
	if len(events) < maxAnswer {
		return false
	}
	look.pass(events[len(events)-1].key)
	return true
}
