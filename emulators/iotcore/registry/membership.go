package registry

import (
	"context"
	"maps"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// MembershipInput is the request of AddThingToThingGroup and
// RemoveThingFromThingGroup: each of both by name or by ARN.
type MembershipInput struct {
	ThingName      string `json:"thingName"`
	ThingArn       string `json:"thingArn"`
	ThingGroupName string `json:"thingGroupName"`
	ThingGroupArn  string `json:"thingGroupArn"`
	// Override is about dynamic groups, of which there are none.
	Override bool `json:"overrideDynamicGroups"`
}

// AddThingToThingGroup puts a thing in a group; doing it again is no error.
func (s *State) AddThingToThingGroup(_ context.Context, in *MembershipInput) (*Empty, error) {
	defer s.change()()
	t, g, err := s.member(in)
	if err != nil {
		return nil, err
	}
	after := s.groupsOf(t.name)
	after[g.name] = true
	if err := s.mayBeIn(t.name, after); err != nil {
		return nil, err
	}
	s.join(g, t)
	return &Empty{}, nil
}

// RemoveThingFromThingGroup takes a thing out of a group.
func (s *State) RemoveThingFromThingGroup(_ context.Context, in *MembershipInput) (*Empty, error) {
	if in.Override {
		return nil, invalid("RemoveThingFromThingGroup has no member overrideDynamicGroups")
	}
	defer s.change()()
	t, g, err := s.member(in)
	if err != nil {
		return nil, err
	}
	s.leave(g, t)
	return &Empty{}, nil
}

// join puts a thing in a group that it may be in. The caller holds the lock.
func (s *State) join(g *thingGroup, t *thing) {
	if g.things[t.name] == "" {
		g.things[t.name] = wire.NewRequestID()
		s.tellOfMembership(g, t, g.things[t.name], "added")
	}
}

// leave takes a thing out of a group. The caller holds the lock.
func (s *State) leave(g *thingGroup, t *thing) {
	if membership := g.things[t.name]; membership != "" {
		delete(g.things, t.name)
		s.tellOfMembership(g, t, membership, "removed")
	}
}

func (s *State) member(in *MembershipInput) (*thing, *thingGroup, error) {
	thing, err := s.either("thing", in.ThingName, in.ThingArn)
	if err != nil {
		return nil, nil, err
	}
	group, err := s.either("thinggroup", in.ThingGroupName, in.ThingGroupArn)
	if err != nil {
		return nil, nil, err
	}
	t, ok := s.things[thing]
	if !ok {
		return nil, nil, notFound("Thing %s not found.", thing)
	}
	g, err := s.group(group)
	return t, g, err
}

// either takes a name, or the name in an ARN.
func (s *State) either(kind, name, arn string) (string, error) {
	if arn == "" {
		return name, nil
	}
	inARN, ok := strings.CutPrefix(arn, s.arn(kind+"/"))
	if !ok || (name != "" && name != inARN) {
		return "", invalid("%q is not the ARN of %s %q", arn, kind, name)
	}
	return inARN, nil
}

// groupsOf are the names of a thing's groups; they are the caller's.
func (s *State) groupsOf(thing string) map[string]bool {
	names := map[string]bool{}
	for _, g := range s.groups {
		if g.things[thing] != "" {
			names[g.name] = true
		}
	}
	return names
}

// ListThingGroups lists groups by name: all, those at the top, or those below a parent.
func (s *State) ListThingGroups(_ context.Context, in *ListThingGroupsInput) (*ListThingGroupsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	var all, names []string
	switch {
	case in.Parent != "":
		if _, err := s.group(in.Parent); err != nil {
			return nil, err
		}
		all = s.children(in.Parent, in.Recursive != nil && *in.Recursive)
	default:
		all = sortedKeys(s.groups)
	}
	for _, name := range all {
		below := in.Parent == "" && in.Recursive != nil && !*in.Recursive && s.groups[name].parent != ""
		if strings.HasPrefix(name, in.Prefix) && !below {
			names = append(names, name)
		}
	}
	return s.groupPage(names, in.MaxResults, in.NextToken)
}

// ListGroupsForThingInput is the request of ListThingGroupsForThing.
type ListGroupsForThingInput struct {
	ThingName  string `json:"-" path:"thingName"`
	MaxResults int    `json:"-" query:"maxResults"`
	NextToken  string `json:"-" query:"nextToken"`
}

// ListThingGroupsForThing lists the groups of a thing.
func (s *State) ListThingGroupsForThing(_ context.Context, in *ListGroupsForThingInput) (*ListThingGroupsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if _, ok := s.things[in.ThingName]; !ok {
		return nil, notFound("Thing %s not found.", in.ThingName)
	}
	return s.groupPage(sortedKeys(s.groupsOf(in.ThingName)), in.MaxResults, in.NextToken)
}

func (s *State) groupPage(names []string, size int, token string) (*ListThingGroupsOutput, error) {
	page, next, err := pageOf(names, size, token, s.groupItem)
	if err != nil {
		return nil, err
	}
	return &ListThingGroupsOutput{page, next}, nil
}

// ListThingsInGroupInput is the request of ListThingsInThingGroup.
type ListThingsInGroupInput struct {
	ThingGroupName string `json:"-" path:"thingGroupName"`
	Recursive      bool   `json:"-" query:"recursive"`
	MaxResults     int    `json:"-" query:"maxResults"`
	NextToken      string `json:"-" query:"nextToken"`
}

// ListThingsInThingGroup lists the things of a group by name; Recursive is with those of
// the groups below.
func (s *State) ListThingsInThingGroup(_ context.Context, in *ListThingsInGroupInput) (*ListPrincipalThingsOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	g, err := s.group(in.ThingGroupName)
	if err != nil {
		return nil, err
	}
	things := maps.Clone(g.things)
	if in.Recursive {
		for _, name := range s.children(g.name, true) {
			maps.Copy(things, s.groups[name].things)
		}
	}
	names, next, err := Page(sortedKeys(things), in.MaxResults, in.NextToken)
	if err != nil {
		return nil, err
	}
	return &ListPrincipalThingsOutput{Things: append([]string{}, names...), NextToken: next}, nil
}
