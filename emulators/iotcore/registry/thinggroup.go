package registry

import (
	"context"
	"maps"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// thingGroup is a static group without parents: a hierarchy is not implemented.
type thingGroup struct {
	name, id    string
	description string
	attributes  map[string]string
	created     time.Time
	things      map[string]bool
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
	g := &thingGroup{name: in.ThingGroupName, id: wire.NewRequestID(), created: time.Now().UTC(), things: map[string]bool{}}
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
		if old.description != g.description || !maps.Equal(old.attributes, g.attributes) {
			return nil, wire.Errorf(codeExists, 409, "ThingGroup %s already exists with different properties", g.name)
		}
		g = old
	} else if err := s.tag(s.arn("thinggroup/"+g.name), in.Tags); err != nil {
		return nil, err
	}
	s.groups[g.name] = g
	return &CreateThingGroupOutput{g.name, s.arn("thinggroup/" + g.name), g.id}, nil
}

// ThingGroupNameInput is the request of DescribeThingGroup.
type ThingGroupNameInput struct {
	ThingGroupName string `json:"-" path:"thingGroupName"`
}

// ThingGroupMetadata tells when a group was made.
type ThingGroupMetadata struct {
	CreationDate wire.Time `json:"creationDate"`
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
		ThingGroupName: g.name, ThingGroupArn: s.arn("thinggroup/" + g.name), ThingGroupID: g.id, Version: g.version(),
		Properties: ThingGroupProperties{Description: g.description}, Metadata: ThingGroupMetadata{wire.At(g.created)},
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

// DeleteThingGroup forgets a group; its things stay. One that does not exist is
// no error, as on AWS.
func (s *State) DeleteThingGroup(_ context.Context, in *DeleteThingGroupInput) (*Empty, error) {
	defer s.change()()
	if g, ok := s.groups[in.ThingGroupName]; ok {
		if err := checkVersion("ThingGroup", g.name, g.version(), in.ExpectedVersion); err != nil {
			return nil, err
		}
	}
	delete(s.groups, in.ThingGroupName)
	delete(s.tags, s.arn("thinggroup/"+in.ThingGroupName))
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
	Recursive  *bool  `json:"-" query:"recursive"` // without parents it changes nothing
}

// ListThingGroupsOutput is the answer of ListThingGroups and ListThingGroupsForThing.
type ListThingGroupsOutput struct {
	ThingGroups []GroupItem `json:"thingGroups"`
	NextToken   string      `json:"nextToken,omitempty"`
}
