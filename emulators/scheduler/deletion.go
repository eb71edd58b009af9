package scheduler

import (
	"cmp"
	"context"
)

// maxDeleted bounds the client tokens of deletions that are kept.
const maxDeleted = 1000

// DeleteScheduleInput is the request of DeleteSchedule.
type DeleteScheduleInput struct {
	Name        string `path:"Name" json:"-"`
	GroupName   string `query:"groupName" json:"-"`
	ClientToken string `query:"clientToken" json:"-"`
}

// DeleteSchedule removes a schedule; a firing that is being retried goes too. The same
// request with the same client token again answers the same.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeleteSchedule.html
func (s *State) DeleteSchedule(_ context.Context, in *DeleteScheduleInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.find(in.Name, in.GroupName)
	if err != nil && s.wasDeleted(cmp.Or(in.GroupName, defaultGroup)+"/"+in.Name, in.ClientToken) {
		return &Empty{}, nil
	}
	if err != nil {
		return nil, err
	}
	s.remove(found)
	s.keepDeleted(found.key(), in.ClientToken)
	s.notify()
	return &Empty{}, nil
}

// wasDeleted tells whether a deletion is sent again. The caller holds the lock.
func (s *State) wasDeleted(key, token string) bool {
	was, ok := s.deleted[key]
	return ok && was == token
}

// keepDeleted notes the client token of a deletion, if it has one. The caller holds the lock.
func (s *State) keepDeleted(key, token string) {
	if len(s.deleted) >= maxDeleted {
		clear(s.deleted)
	}
	if token != "" {
		s.deleted[key] = token
	}
}

// remove takes a schedule out. The caller holds the lock.
func (s *State) remove(found *schedule) {
	delete(s.schedules, found.key())
	s.agenda.drop(found)
	s.inputs -= len(found.spec.Target.Input)
}
