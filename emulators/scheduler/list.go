package scheduler

import (
	"cmp"
	"context"
	"encoding/base64"
	"slices"
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
	after, limit, err := in.page()
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListSchedulesOutput{Schedules: []ScheduleSummary{}}
	names := s.first(limit+1, func(found *schedule) bool {
		return found.name > after && strings.HasPrefix(found.name, in.NamePrefix) && (in.State == "" || found.spec.State == in.State)
	})
	if len(names) > limit {
		names = names[:limit]
		out.NextToken = base64.RawURLEncoding.EncodeToString([]byte(names[limit-1]))
	}
	for _, name := range names {
		out.Schedules = append(out.Schedules, s.summary(s.schedules[name]))
	}
	return out, nil
}

// first are the first n names of schedules that match, in order. The caller holds the lock.
func (s *State) first(n int, matches func(*schedule) bool) []string {
	var names []string
	for name, found := range s.schedules {
		if !matches(found) || len(names) == n && name > names[n-1] {
			continue
		}
		at, _ := slices.BinarySearch(names, name)
		names = slices.Insert(names, at, name)
		names = names[:min(len(names), n)]
	}
	return names
}

// page checks a request and answers behind which name to list, and how many schedules.
func (in *ListSchedulesInput) page() (after string, limit int, err error) {
	if err := checkGroup(in.GroupName); err != nil {
		return "", 0, err
	}
	token, err := base64.RawURLEncoding.DecodeString(in.NextToken)
	switch {
	case in.State != "" && in.State != enabled && in.State != disabled:
		return "", 0, wire.Errorf(codeInvalid, 0, "State %q is not ENABLED or DISABLED", in.State)
	case in.MaxResults < 0 || in.MaxResults > 100:
		return "", 0, wire.Errorf(codeInvalid, 0, "MaxResults %d is not between 1 and 100", in.MaxResults)
	case err != nil:
		return "", 0, wire.Errorf(codeInvalid, 0, "NextToken %q is not one of this service", in.NextToken)
	}
	return string(token), cmp.Or(int(in.MaxResults), 100), nil
}

func (s *State) summary(found *schedule) ScheduleSummary {
	out := ScheduleSummary{
		Name: found.name, Arn: s.arn(found.name), GroupName: defaultGroup, State: found.spec.State,
		CreationDate: wire.At(found.created), LastModificationDate: wire.At(found.updated),
	}
	out.Target.Arn = found.spec.Target.Arn
	return out
}
