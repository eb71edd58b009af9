package scheduler

import (
	"context"
	"maps"
	"slices"
	"strconv"
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
	from, limit, err := in.page()
	if err != nil {
		return nil, err
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

// page checks a request and answers how many schedules to pass over, and to list.
func (in *ListSchedulesInput) page() (from, limit int, err error) {
	if err := checkGroup(in.GroupName); err != nil {
		return 0, 0, err
	}
	switch {
	case in.State != "" && in.State != enabled && in.State != disabled:
		return 0, 0, wire.Errorf(codeInvalid, 0, "State %q is not ENABLED or DISABLED", in.State)
	case in.MaxResults < 0 || in.MaxResults > 100:
		return 0, 0, wire.Errorf(codeInvalid, 0, "MaxResults %d is not between 1 and 100", in.MaxResults)
	case in.NextToken != "":
		if from, err = strconv.Atoi(in.NextToken); err != nil || from < 0 {
			return 0, 0, wire.Errorf(codeInvalid, 0, "NextToken %q is not one of this service", in.NextToken)
		}
	}
	if limit = int(in.MaxResults); limit == 0 {
		limit = 100
	}
	return from, limit, nil
}

func (s *State) summary(found *schedule) ScheduleSummary {
	out := ScheduleSummary{
		Name: found.name, Arn: s.arn(found.name), GroupName: defaultGroup, State: found.spec.State,
		CreationDate: wire.At(found.created), LastModificationDate: wire.At(found.updated),
	}
	out.Target.Arn = found.spec.Target.Arn
	return out
}
