package scheduler

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
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
// again answers the same. Errors: ValidationException, ConflictException.
func (s *State) CreateSchedule(_ context.Context, in *CreateScheduleInput) (*CreateScheduleOutput, error) {
	every, err := s.check(in.Name, in.GroupName, &in.Spec)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.schedules[in.Name]; old != nil && (in.ClientToken == "" || old.token != in.ClientToken) {
		return nil, wire.Errorf("ConflictException", 409, "Schedule %s already exists.", in.Name)
	} else if old == nil {
		now := time.Now()
		s.schedules[in.Name] = &schedule{name: in.Name, token: in.ClientToken, spec: in.Spec, every: every, created: now, updated: now, next: now}
		s.notify()
	}
	return &CreateScheduleOutput{ScheduleArn: s.arn(in.Name)}, nil
}

// UpdateSchedule replaces a schedule; what the request leaves out goes back to
// its default. The next firing is one interval after the update, or at once for
// a schedule that was disabled.
func (s *State) UpdateSchedule(_ context.Context, in *CreateScheduleInput) (*CreateScheduleOutput, error) {
	every, err := s.check(in.Name, in.GroupName, &in.Spec)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.find(in.Name, in.GroupName)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	found.next = now.Add(every)
	if found.spec.State == "DISABLED" {
		found.next = now
	}
	found.spec, found.every, found.updated, found.retry = in.Spec, every, now, nil
	s.notify()
	return &CreateScheduleOutput{ScheduleArn: s.arn(in.Name)}, nil
}

// ScheduleRef names a schedule in a path.
type ScheduleRef struct {
	Name        string `path:"Name" json:"-"`
	GroupName   string `query:"groupName" json:"-"`
	ClientToken string `query:"clientToken" json:"-"`
}

// GetScheduleOutput is the answer of GetSchedule.
type GetScheduleOutput struct {
	Spec
	Name                  string
	Arn                   string
	GroupName             string
	ActionAfterCompletion string
	CreationDate          wire.Time
	LastModificationDate  wire.Time
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
		Spec: found.spec, Name: found.name, Arn: s.arn(found.name), GroupName: defaultGroup,
		ActionAfterCompletion: "NONE", CreationDate: wire.At(found.created), LastModificationDate: wire.At(found.updated),
	}, nil
}

// Empty is an answer without members.
type Empty struct{}

// DeleteSchedule removes a schedule; a firing that is being retried goes too.
func (s *State) DeleteSchedule(_ context.Context, in *ScheduleRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.find(in.Name, in.GroupName); err != nil {
		return nil, err
	}
	delete(s.schedules, in.Name)
	s.notify()
	return &Empty{}, nil
}

// ListSchedulesInput is the request of ListSchedules.
type ListSchedulesInput struct {
	GroupName  string `query:"ScheduleGroup" json:"-"`
	NamePrefix string `query:"NamePrefix" json:"-"`
	State      string `query:"State" json:"-"`
	MaxResults int32  `query:"MaxResults" json:"-"`
	NextToken  string `query:"NextToken" json:"-"`
}

// ListSchedulesOutput is its answer, by name.
type ListSchedulesOutput struct {
	Schedules []ScheduleSummary
	NextToken string `json:",omitempty"`
}

// ScheduleSummary is a schedule in a list.
type ScheduleSummary struct {
	Name                 string
	Arn                  string
	GroupName            string
	State                string
	Target               struct{ Arn string }
	CreationDate         wire.Time
	LastModificationDate wire.Time
}

// ListSchedules answers pages of at most 100 schedules.
func (s *State) ListSchedules(_ context.Context, in *ListSchedulesInput) (*ListSchedulesOutput, error) {
	if err := checkGroup(in.GroupName); err != nil {
		return nil, err
	}
	limit := 100
	if in.MaxResults < 0 || in.MaxResults > 100 {
		return nil, wire.Errorf(codeInvalid, 0, "MaxResults %d is not between 1 and 100", in.MaxResults)
	} else if in.MaxResults > 0 {
		limit = int(in.MaxResults)
	}
	from := 0
	if in.NextToken != "" {
		var err error
		if from, err = strconv.Atoi(in.NextToken); err != nil || from < 0 {
			return nil, wire.Errorf(codeInvalid, 0, "NextToken %q is not one of this service", in.NextToken)
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListSchedulesOutput{Schedules: []ScheduleSummary{}}
	matched := 0
	for _, name := range slices.Sorted(maps.Keys(s.schedules)) {
		found := s.schedules[name]
		if !strings.HasPrefix(name, in.NamePrefix) || (in.State != "" && found.spec.State != in.State) {
			continue
		}
		if matched++; matched <= from {
			continue
		}
		if len(out.Schedules) == limit {
			out.NextToken = strconv.Itoa(from + limit)
			break
		}
		out.Schedules = append(out.Schedules, s.summary(found))
	}
	return out, nil
}

func (s *State) summary(found *schedule) ScheduleSummary {
	out := ScheduleSummary{
		Name: found.name, Arn: s.arn(found.name), GroupName: defaultGroup, State: found.spec.State,
		CreationDate: wire.At(found.created), LastModificationDate: wire.At(found.updated),
	}
	out.Target.Arn = found.spec.Target.Arn
	return out
}
