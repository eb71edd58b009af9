package logs

import (
	"cmp"
	"slices"
	"time"
)

// maxAppended bounds the events of a stream that a service of the cloud itself writes.
// When there are more, the older half goes.
const maxAppended = 10_000

// Line is an event that a service of the cloud itself writes: an alias of a plain
// struct, so that the service's interface can spell it without this package.
type Line = struct {
	At   time.Time
	Text string
}

// Append is AppendAs without a role that has to allow it.
func (s *State) Append(group, stream string, lines []Line) error {
	return s.AppendAs(group, stream, lines, func(string, string) error { return nil })
}

// AppendAs keeps lines that a service of the cloud itself writes as a role: may is asked
// whether it is allowed an action to the ARN of a stream, as far as the action is needed.
// Group and stream are made when they are not there. When there is no room for the lines,
// the oldest of the group go; an error is that others take it all. A line that is too large
// for an event is left out and named in the error; the others are kept.
// https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatchlogs.html
func (s *State) AppendAs(group, stream string, lines []Line, may func(action, arn string) error) error {
	if len(lines) > maxBatchEvents {
		return invalid("A batch has 1 to %d log events, not %d.", maxBatchEvents, len(lines))
	}
	lines, tooLarge := fitting(lines)
	s.mu.Lock()
	defer s.mu.Unlock()
	g, st, err := s.ready(group, stream, may)
	if err != nil {
		return err
	}
	if err := may("logs:PutLogEvents", st.arn); err != nil {
		return err
	}
	if len(st.events)+len(lines) > maxAppended {
		s.drop(g, st, len(st.events)/2)
	}
	var bytes int64
	for _, line := range lines {
		bytes += int64(len(line.Text)) + eventOverhead
	}
	if err := s.makeRoom(g, bytes); err != nil {
		return err
	}
	now := time.Now().UnixMilli()
	events := make([]event, len(lines))
	for i, line := range lines {
		events[i] = event{key{line.At.UnixMilli(), 0}, now, line.Text}
	}
	slices.SortStableFunc(events, func(a, b event) int { return cmp.Compare(a.Timestamp, b.Timestamp) })
	s.enter(g, st, events)
	return tooLarge
}

// fitting are the lines that can be events; the error names the first that cannot.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html
func fitting(lines []Line) ([]Line, error) {
	large := func(l Line) bool { return len(l.Text)+eventOverhead > maxBatchBytes }
	at := slices.IndexFunc(lines, large)
	if at < 0 {
		return lines, nil
	}
	return slices.DeleteFunc(slices.Clone(lines), large), invalid("Log event too large: %d bytes exceeds limit of %d", len(lines[at].Text)+eventOverhead, maxBatchBytes)
}

// makeRoom is room that drops the older half of the events of the group's streams, the
// one with the oldest first.
func (s *State) makeRoom(g *group, bytes int64) error {
	for {
		err := s.room(bytes)
		oldest := g.withOldest()
		if err == nil || oldest == nil {
			return err
		}
		s.drop(g, oldest, (len(oldest.events)+1)/2)
	}
}

// withOldest is the stream that has the oldest event of the group; nil when there is none.
func (g *group) withOldest() *stream {
	var found *stream
	for _, st := range g.streams {
		if len(st.events) > 0 && (found == nil || st.events[0].compare(found.events[0].key) < 0) {
			found = st
		}
	}
	return found
}

// ready makes a group and a stream that are not there. AWS asks for CreateLogGroup with the
// ARN of a stream that has no name, which a policy for <group>:* allows too [live].
// https://github.com/elastic/apm-aws-lambda/issues/526
func (s *State) ready(group, stream string, may func(action, arn string) error) (g *group, st *stream, err error) {
	if g = s.groups[group]; g == nil {
		if err = checkGroup(group); err != nil {
			return nil, nil, err
		}
		if err = may("logs:CreateLogGroup", s.groupARN(group)+":log-stream:"); err != nil {
			return nil, nil, err
		}
		if g, err = s.newGroup(group, nil); err != nil {
			return nil, nil, err
		}
	}
	if st = g.streams[stream]; st == nil {
		if err = may("logs:CreateLogStream", s.streamARN(g, stream)); err != nil {
			return nil, nil, err
		}
		st, err = s.newStream(g, stream)
	}
	return g, st, err
}
