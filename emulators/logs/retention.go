package logs

import (
	"context"
	"slices"
	"time"
)

// retentions are the days that a group may keep its events.
// https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html
var retentions = []int{1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653}

// PutRetentionPolicyInput says how long a group keeps events.
type PutRetentionPolicyInput struct {
	LogGroupName    string `json:"logGroupName"`
	RetentionInDays int    `json:"retentionInDays"`
}

// PutRetentionPolicy sets how many days a group keeps events.
func (s *State) PutRetentionPolicy(_ context.Context, in *PutRetentionPolicyInput) (*Empty, error) {
	if !slices.Contains(retentions, in.RetentionInDays) {
		return nil, invalid("Value '%d' at 'retentionInDays' failed to satisfy constraint: Member must be one of %v", in.RetentionInDays, retentions)
	}
	return s.on(in.LogGroupName, func(g *group) error {
		g.retention = in.RetentionInDays
		return nil
	})
}

// DeleteRetentionPolicy makes a group keep its events.
func (s *State) DeleteRetentionPolicy(_ context.Context, in *GroupInput) (*Empty, error) {
	return s.on(in.LogGroupName, func(g *group) error {
		g.retention = 0
		return nil
	})
}

// oldest is the time in milliseconds before which the group keeps no event.
func (g *group) oldest() (int64, bool) {
	return time.Now().AddDate(0, 0, -g.retention).UnixMilli(), g.retention > 0
}

// expire drops what the retention no longer keeps.
func (s *State) expire(g *group) {
	oldest, ok := g.oldest()
	if !ok {
		return
	}
	for _, st := range g.streams {
		n := 0
		for n < len(st.events) && st.events[n].Timestamp < oldest {
			n++
		}
		s.drop(g, st, n)
	}
}

// drop forgets the first events of a stream.
func (s *State) drop(g *group, st *stream, n int) {
	for _, e := range st.events[:n] {
		g.bytes -= e.size()
		s.bytes -= e.size()
	}
	clear(st.events[:n]) // not moved: a day's events may be many
	st.events = st.events[n:]
}
