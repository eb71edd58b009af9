package logs

import "time"

// maxAppended bounds the events of a stream that a service of the cloud itself writes.
// When there are more, the older half goes.
const maxAppended = 10_000

// Line is an event that a service of the cloud itself writes: an alias of a plain
// struct, so that the service's interface can spell it without this package.
type Line = struct {
	At   time.Time
	Text string
}

// Append keeps lines that a service of the cloud itself writes, as Lambda does for its
// functions. Group and stream are made when they are not there. An error is that there
// is no room for them.
func (s *State) Append(group, stream string, lines []Line) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, st, err := s.ready(group, stream)
	if err != nil {
		return err
	}
	if len(st.events)+len(lines) > maxAppended {
		s.drop(g, st, len(st.events)/2)
	}
	var bytes int64
	for _, line := range lines {
		bytes += int64(len(line.Text)) + eventOverhead
	}
	if err := s.room(bytes); err != nil {
		return err
	}
	now := time.Now().UnixMilli()
	for _, line := range lines {
		s.enter(g, st, line.At.UnixMilli(), now, line.Text)
	}
	return nil
}

// ready makes a group and a stream that are not there.
func (s *State) ready(group, stream string) (g *group, st *stream, err error) {
	if g = s.groups[group]; g == nil {
		if g, err = s.newGroup(group, nil); err != nil {
			return nil, nil, err
		}
	}
	if st = g.streams[stream]; st == nil {
		st, err = s.newStream(g, stream)
	}
	return g, st, err
}
