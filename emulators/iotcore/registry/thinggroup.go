package registry

import (
	"context"
	"maps"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// thingGroup is a static group, the root of a hierarchy if it has no parent.
type thingGroup struct {
	name, id    string
	parent      string // a name, or empty
	policies    map[string]bool
	description string
	attributes  map[string]string
	created     time.Time
	things      map[string]string // ids of the memberships
	updates     int64
}

// version counts from 1.
func (g *thingGroup) version() int64 { return g.updates + 1 }

// maxGroupsPerThing: https://docs.aws.amazon.com/general/latest/gr/iot-core.html#thing-group-limits
const maxGroupsPerThing = 10

// ThingGroupProperties describe a group.
type ThingGroupProperties struct {
	Description      string            `json:"thingGroupDescription,omitempty"`
	AttributePayload *AttributePayload `json:"attributePayload,omitempty"`
}

// CreateThingGroupInput is the request of CreateThingGroup.
type CreateThingGroupInput struct {
	ThingGroupName string                `json:"-" path:"thingGroupName"`
	ParentGroup    string                `json:"parentGroupName"`
	Properties     *ThingGroupProperties `json:"thingGroupProperties"`
	Tags           []Tag                 `json:"tags"`
}

// CreateThingGroupOutput is its answer.
type CreateThingGroupOutput struct {
	ThingGroupName string `json:"thingGroupName"`
	ThingGroupArn  string `json:"thingGroupArn"`
	ThingGroupID   string `json:"thingGroupId"`
}

// CreateThingGroup makes a static group. Doing it again with the same properties
// answers as the first time.
func (s *State) CreateThingGroup(_ context.Context, in *CreateThingGroupInput) (*CreateThingGroupOutput, error) {
	g := &thingGroup{
		name: in.ThingGroupName, id: wire.NewRequestID(), created: time.Now().UTC(), parent: in.ParentGroup,
		things: map[string]string{}, policies: map[string]bool{},
	}
	if p := in.Properties; p != nil {
		g.description = p.Description
		if p.AttributePayload != nil {
			if p.AttributePayload.Merge {
				return nil, invalid("CreateThingGroup: merge is for updates")
			}
			g.attributes = maps.Clone(p.AttributePayload.Attributes)
		}
	}
	if len(g.description) > maxDescription {
		return nil, invalid("the description of thing group %s has more than %d characters", g.name, maxDescription)
	}
	if err := validateThing(g.name, g.attributes, maxTypedAttributes); err != nil {
		return nil, err
	}
	defer s.change()()
	if old, ok := s.groups[g.name]; ok {
		if old.parent != g.parent || old.description != g.description || !maps.Equal(old.attributes, g.attributes) {
			return nil, wire.Errorf(codeExists, 409, "ThingGroup %s already exists with different properties", g.name)
		}
		return &CreateThingGroupOutput{old.name, s.groupARN(old.name), old.id}, nil
	}
	if err := s.mayHaveParent(g.parent); err != nil {
		return nil, err
	}
	if err := s.tag(s.groupARN(g.name), in.Tags); err != nil {
		return nil, err
	}
	s.groups[g.name] = g
	s.tellOfGroup(g, "created")
	s.tellOfHierarchy(g, "added")
	return &CreateThingGroupOutput{g.name, s.groupARN(g.name), g.id}, nil
}

// ThingGroupNameInput is the request of DescribeThingGroup.
type ThingGroupNameInput struct {
	ThingGroupName string `json:"-" path:"thingGroupName"`
}

// ThingGroupMetadata tells when a group was made, and what is above it, the root first.
type ThingGroupMetadata struct {
	ParentGroupName string      `json:"parentGroupName,omitempty"`
	RootToParent    []GroupItem `json:"rootToParentThingGroups,omitempty"`
	CreationDate    wire.Time   `json:"creationDate"`
}

// DescribeThingGroupOutput is the answer of DescribeThingGroup.
type DescribeThingGroupOutput struct {
	ThingGroupName string               `json:"thingGroupName"`
	ThingGroupArn  string               `json:"thingGroupArn"`
	ThingGroupID   string               `json:"thingGroupId"`
	Version        int64                `json:"version"`
	Properties     ThingGroupProperties `json:"thingGroupProperties"`
	Metadata       ThingGroupMetadata   `json:"thingGroupMetadata"`
}

// DescribeThingGroup answers what is known of a group.
func (s *State) DescribeThingGroup(_ context.Context, in *ThingGroupNameInput) (*DescribeThingGroupOutput, error) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	g, err := s.group(in.ThingGroupName)
	if err != nil {
		return nil, err
	}
	out := &DescribeThingGroupOutput{
		ThingGroupName: g.name, ThingGroupArn: s.groupARN(g.name), ThingGroupID: g.id, Version: g.version(),
		Properties: ThingGroupProperties{Description: g.description}, Metadata: ThingGroupMetadata{ParentGroupName: g.parent, CreationDate: wire.At(g.created)},
	}
	for _, above := range s.lineage(g.parent) {
		out.Metadata.RootToParent = append([]GroupItem{s.groupItem(above.name)}, out.Metadata.RootToParent...)
	}
	if len(g.attributes) > 0 {
		out.Properties.AttributePayload = &AttributePayload{Attributes: maps.Clone(g.attributes)}
	}
	return out, nil
}

func (s *State) group(name string) (*thingGroup, error) {
	g, ok := s.groups[name]
	if !ok {
		return nil, notFound("Thing group %s not found", name)
	}
	return g, nil
}

// DeleteThingGroupInput is the request of DeleteThingGroup.
type DeleteThingGroupInput struct {
	ThingGroupName  string `json:"-" path:"thingGroupName"`
	ExpectedVersion *int64 `json:"-" query:"expectedVersion"`
}

// DeleteThingGroup forgets a group without child groups; its things stay. One that
// does not exist is no error, as on AWS.
func (s *State) DeleteThingGroup(_ context.Context, in *DeleteThingGroupInput) (*Empty, error) {
	defer s.change()()
	g, ok := s.groups[in.ThingGroupName]
	if !ok {
		return &Empty{}, nil
	}
	if err := checkVersion("ThingGroup", g.name, g.version(), in.ExpectedVersion); err != nil {
		return nil, err
	}
	if len(s.children(g.name, false)) > 0 {
		return nil, invalid("Cannot delete thing group : %s when there are still child groups attached to it.", g.name)
	}
	for name := range g.policies {
		delete(s.policies[name].groups, g.name)
	}
	s.groupPolicies -= len(g.policies)
	for _, name := range sortedKeys(g.things) {
		s.leave(g, s.things[name])
	}
	s.tellOfHierarchy(g, "removed")
	delete(s.groups, g.name)
	s.tellOfGroup(g, "deleted")
	delete(s.tags, s.groupARN(g.name))
	return &Empty{}, nil
}

// GroupItem is one group of a list.
type GroupItem struct {
	GroupName string `json:"groupName"`
	GroupArn  string `json:"groupArn"`
}

// ListThingGroupsInput is the request of ListThingGroups.
type ListThingGroupsInput struct {
	MaxResults int    `json:"-" query:"maxResults"`
	NextToken  string `json:"-" query:"nextToken"`
	Prefix     string `json:"-" query:"namePrefixFilter"`
	Parent     string `json:"-" query:"parentGroup"`
	// Recursive takes the groups below those too; nil is true without Parent.
	Recursive *bool `json:"-" query:"recursive"`
}

// ListThingGroupsOutput is the answer of ListThingGroups and ListThingGroupsForThing.
type ListThingGroupsOutput struct {
	ThingGroups []GroupItem `json:"thingGroups"`
	NextToken   string      `json:"nextToken,omitempty"`
}
