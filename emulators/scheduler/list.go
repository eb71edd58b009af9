package scheduler

import (
	"context"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// ListSchedulesInput is the request of ListSchedules.
type ListSchedulesInput struct {
	GroupName  string `query:"ScheduleGroup" json:"-"`
	NamePrefix string `query:"NamePrefix" json:"-"`
	State      string `query:"State" json:"-"`
	MaxResults int32  `query:"MaxResults" json:"-"`
	NextToken  string `query:"NextToken" json:"-"`
}

// ListSchedulesOutput is its answer.
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

// ListSchedules answers pages of at most 100 schedules, by group and name.
func (s *State) ListSchedules(_ context.Context, in *ListSchedulesInput) (*ListSchedulesOutput, error) {
	if in.State != "" && in.State != enabled && in.State != disabled {
		return nil, wire.Errorf(codeInvalid, 0, "State %q is not ENABLED or DISABLED", in.State)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if in.GroupName != "" {
		if _, err := s.group(in.GroupName); err != nil {
			return nil, err
		}
	}
	keys, next, err := page(s.schedules, in.MaxResults, in.NextToken, func(found *schedule) bool {
		return strings.HasPrefix(found.name, in.NamePrefix) && (in.State == "" || found.spec.State == in.State) && (in.GroupName == "" || found.group == in.GroupName)
	})
	if err != nil {
		return nil, err
	}
	out := &ListSchedulesOutput{Schedules: []ScheduleSummary{}, NextToken: next}
	for _, key := range keys {
		out.Schedules = append(out.Schedules, s.summary(s.schedules[key]))
	}
	return out, nil
}

func (s *State) summary(found *schedule) ScheduleSummary {
	out := ScheduleSummary{
		Name: found.name, Arn: s.arn(found), GroupName: found.group, State: found.spec.State,
		CreationDate: wire.At(found.created), LastModificationDate: wire.At(found.updated),
	}
	out.Target.Arn = found.spec.Target.Arn
	return out
}
