package scheduler

import "context"

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
	if token, ok := s.deleted[in.Name]; err != nil && ok && token == in.ClientToken && checkGroup(in.GroupName) == nil {
		return &Empty{}, nil
	}
	if err != nil {
		return nil, err
	}
	s.remove(found)
	if len(s.deleted) >= maxDeleted {
		clear(s.deleted)
	}
	if in.ClientToken != "" {
		s.deleted[in.Name] = in.ClientToken
	}
	s.notify()
	return &Empty{}, nil
}

// remove takes a schedule out. The caller holds the lock.
func (s *State) remove(found *schedule) {
	delete(s.schedules, found.name)
	s.agenda.drop(found)
	s.inputs -= len(found.spec.Target.Input)
}
