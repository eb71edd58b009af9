package scheduler

import (
	"context"
	"maps"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// defaultGroup is there always.
const defaultGroup = "default"

// maxGroups is AWS's quota.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
const maxGroups = 500

// group is a group of schedules.
type group struct {
	name, token      string
	created, updated time.Time
	tags             map[string]string
}

// group finds a group. The caller holds the lock.
func (s *State) group(name string) (*group, error) {
	if found := s.groups[name]; found != nil {
		return found, nil
	}
	return nil, wire.Errorf("ResourceNotFoundException", 404, "Schedule group %s does not exist.", name)
}

func (s *State) groupARN(name string) string {
	return s.config.Identity.ARN("scheduler", "schedule-group/"+name)
}

// CreateScheduleGroupInput is the request of CreateScheduleGroup.
type CreateScheduleGroupInput struct {
	Name        string `path:"Name" json:"-"`
	ClientToken string
	Tags        []Tag
}

// CreateScheduleGroupOutput is its answer.
type CreateScheduleGroupOutput struct{ ScheduleGroupArn string }

// CreateScheduleGroup makes a group. The same request with the same client token again
// answers the same. Errors: ValidationException, ConflictException,
// ServiceQuotaExceededException.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateScheduleGroup.html
func (s *State) CreateScheduleGroup(_ context.Context, in *CreateScheduleGroupInput) (*CreateScheduleGroupOutput, error) {
	tags, err := withTags(nil, in.Tags)
	switch {
	case err != nil:
		return nil, err
	case !namePattern.MatchString(in.Name):
		return nil, invalidName("Name", in.Name)
	case in.ClientToken != "" && !tokenPattern.MatchString(in.ClientToken):
		return nil, invalidToken(in.ClientToken)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	switch old := s.groups[in.Name]; {
	case old == nil && len(s.groups) >= maxGroups:
		return nil, wire.Errorf(codeQuota, 402, "An account has no more than %d schedule groups.", maxGroups)
	case old == nil:
		now := time.Now()
		s.groups[in.Name] = &group{name: in.Name, token: in.ClientToken, created: now, updated: now, tags: tags}
		delete(s.deleted, in.Name)
	case in.ClientToken == "" || in.ClientToken != old.token || !maps.Equal(tags, old.tags):
		return nil, wire.Errorf("ConflictException", 409, "Schedule group %s already exists.", in.Name)
	}
	return &CreateScheduleGroupOutput{s.groupARN(in.Name)}, nil
}

// GroupRef names a group in a path.
type GroupRef struct {
	Name string `path:"Name" json:"-"`
}

// ScheduleGroup is a group, as GetScheduleGroup and ListScheduleGroups answer it.
type ScheduleGroup struct {
	Name                 string
	Arn                  string
	State                string
	CreationDate         wire.Time
	LastModificationDate wire.Time
}

// GetScheduleGroup answers a group. Errors: ResourceNotFoundException.
func (s *State) GetScheduleGroup(_ context.Context, in *GroupRef) (*ScheduleGroup, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found, err := s.group(in.Name)
	if err != nil {
		return nil, err
	}
	return s.answer(found), nil
}

func (s *State) answer(g *group) *ScheduleGroup {
	return &ScheduleGroup{Name: g.name, Arn: s.groupARN(g.name), State: "ACTIVE", CreationDate: wire.At(g.created), LastModificationDate: wire.At(g.updated)}
}

// DeleteScheduleGroupInput is the request of DeleteScheduleGroup.
type DeleteScheduleGroupInput struct {
	Name        string `path:"Name" json:"-"`
	ClientToken string `query:"clientToken" json:"-"`
}

// DeleteScheduleGroup removes a group with its schedules, at once: on AWS it is DELETING for
// a while. The same request with the same client token again answers the same. Errors:
// ResourceNotFoundException, ValidationException for the default group.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-group-delete.html
func (s *State) DeleteScheduleGroup(_ context.Context, in *DeleteScheduleGroupInput) (*Empty, error) {
	if in.Name == defaultGroup {
		return nil, wire.Errorf(codeInvalid, 0, "The schedule group %s cannot be deleted.", defaultGroup)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.group(in.Name); err != nil {
		if s.wasDeleted(in.Name, in.ClientToken) {
			return &Empty{}, nil
		}
		return nil, err
	}
	for _, found := range s.schedules {
		if found.group == in.Name {
			s.remove(found)
		}
	}
	delete(s.groups, in.Name)
	s.keepDeleted(in.Name, in.ClientToken)
	s.notify()
	return &Empty{}, nil
}

// ListScheduleGroupsInput is the request of ListScheduleGroups.
type ListScheduleGroupsInput struct {
	NamePrefix string `query:"NamePrefix" json:"-"`
	MaxResults int32  `query:"MaxResults" json:"-"`
	NextToken  string `query:"NextToken" json:"-"`
}

// ListScheduleGroupsOutput is its answer, by name.
type ListScheduleGroupsOutput struct {
	ScheduleGroups []*ScheduleGroup
	NextToken      string `json:",omitempty"`
}

// ListScheduleGroups answers pages of at most 100 groups.
func (s *State) ListScheduleGroups(_ context.Context, in *ListScheduleGroupsInput) (*ListScheduleGroupsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	names, next, err := page(s.groups, in.MaxResults, in.NextToken, func(g *group) bool { return strings.HasPrefix(g.name, in.NamePrefix) })
	if err != nil {
		return nil, err
	}
	out := &ListScheduleGroupsOutput{ScheduleGroups: []*ScheduleGroup{}, NextToken: next}
	for _, name := range names {
		out.ScheduleGroups = append(out.ScheduleGroups, s.answer(s.groups[name]))
	}
	return out, nil
}
