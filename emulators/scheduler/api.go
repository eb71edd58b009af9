package scheduler

import (
	"context"
	"reflect"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// CreateScheduleInput is the request of CreateSchedule and UpdateSchedule.
type CreateScheduleInput struct {
	Name        string `path:"Name" json:"-"`
	GroupName   string
	ClientToken string
	Spec
}

// CreateScheduleOutput is the answer of both.
type CreateScheduleOutput struct{ ScheduleArn string }

// CreateSchedule makes a schedule. The same request with the same client token
// again answers the same. Errors: ValidationException, ConflictException,
// ServiceQuotaExceededException.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html
func (s *State) CreateSchedule(_ context.Context, in *CreateScheduleInput) (*CreateScheduleOutput, error) {
	now := time.Now()
	due, err := s.check(in, now)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.group(in.GroupName); err != nil {
		return nil, err
	}
	made := &schedule{
		name: in.Name, group: in.GroupName, token: in.ClientToken, spec: in.Spec, times: due, created: now, updated: now, next: first(due, &in.Spec, now),
	}
	old := s.schedules[made.key()]
	switch {
	case old == nil:
		if err := s.fits(nil, &in.Spec); err != nil {
			return nil, err
		}
		s.schedules[made.key()] = made
		s.agenda.put(made)
		delete(s.deleted, made.key())
		s.notify()
	case !old.repeats(in):
		return nil, wire.Errorf("ConflictException", 409, "Schedule %s already exists.", in.Name)
	}
	return &CreateScheduleOutput{ScheduleArn: s.arn(made)}, nil
}

// UpdateSchedule replaces a schedule; what the request leaves out goes back to
// its default. The next firing of a rate is one interval after the update, or at once for
// a schedule that was disabled. The same request with the same client token again
// changes nothing.
func (s *State) UpdateSchedule(_ context.Context, in *CreateScheduleInput) (*CreateScheduleOutput, error) {
	now := time.Now()
	due, err := s.check(in, now)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.find(in.Name, in.GroupName)
	if err != nil {
		return nil, err
	}
	if found.repeats(in) {
		return &CreateScheduleOutput{ScheduleArn: s.arn(found)}, nil
	}
	if err := s.fits(found, &in.Spec); err != nil {
		return nil, err
	}
	found.token, found.next = in.ClientToken, due.next(now)
	if found.spec.State == disabled {
		found.next = first(due, &in.Spec, now)
	}
	found.spec, found.times, found.updated, found.retry = in.Spec, due, now, nil
	found.version++
	s.agenda.put(found)
	s.notify()
	return &CreateScheduleOutput{ScheduleArn: s.arn(found)}, nil
}

// first is when a schedule is due first that is made or enabled now: now, or what of its
// start or its only time is past by so little that it still counts.
func first(due times, in *Spec, now time.Time) time.Time {
	if one, ok := due.(once); ok {
		return one.at
	}
	if start := timeOf(in.StartDate); !start.IsZero() && start.Before(now) {
		now = start
	}
	return due.next(now.Add(-1))
}

// repeats tells whether a request is the last one of the schedule, sent again.
func (s *schedule) repeats(in *CreateScheduleInput) bool {
	return in.ClientToken != "" && in.ClientToken == s.token && reflect.DeepEqual(in.Spec, s.spec)
}

// ScheduleRef names a schedule in a path.
type ScheduleRef struct {
	Name      string `path:"Name" json:"-"`
	GroupName string `query:"groupName" json:"-"`
}

// GetScheduleOutput is the answer of GetSchedule.
type GetScheduleOutput struct {
	Spec
	Name                 string
	Arn                  string
	GroupName            string
	CreationDate         wire.Time
	LastModificationDate wire.Time
}

// GetSchedule answers a schedule. Errors: ResourceNotFoundException.
func (s *State) GetSchedule(_ context.Context, in *ScheduleRef) (*GetScheduleOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.find(in.Name, in.GroupName)
	if err != nil {
		return nil, err
	}
	return &GetScheduleOutput{
		Spec: found.spec, Name: found.name, Arn: s.arn(found), GroupName: found.group,
		CreationDate: wire.At(found.created), LastModificationDate: wire.At(found.updated),
	}, nil
}

// Empty is an answer without members.
type Empty struct{}
