package registry

import (
	"context"
	"maps"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// checkVersion holds an update or a deletion to the version that its caller saw.
func checkVersion(kind, name string, have int64, expected *int64) error {
	if expected == nil || *expected == have {
		return nil
	}
	return wire.Errorf("VersionConflictException", 409,
		"The version for %s %s does not match the expected version: it has %d, not %d", kind, name, have, *expected)
}

// updated are attributes after an update, which replaces them or, with merge, goes
// over them; an empty value takes an attribute away.
// https://docs.aws.amazon.com/iot/latest/apireference/API_AttributePayload.html
func (p *AttributePayload) updated(old map[string]string) map[string]string {
	if p == nil {
		return old
	}
	next := map[string]string{}
	if p.Merge {
		maps.Copy(next, old)
	}
	maps.Copy(next, p.Attributes)
	maps.DeleteFunc(next, func(_, value string) bool { return value == "" })
	return next
}

// UpdateThingInput is the request of UpdateThing.
type UpdateThingInput struct {
	ThingName        string            `json:"-" path:"thingName"`
	ThingTypeName    string            `json:"thingTypeName"`
	AttributePayload *AttributePayload `json:"attributePayload"`
	ExpectedVersion  *int64            `json:"expectedVersion"`
	RemoveThingType  bool              `json:"removeThingType"`
}

// UpdateThing changes a thing's attributes and type; policies of connected clients
// see the new attributes at once.
func (s *State) UpdateThing(_ context.Context, in *UpdateThingInput) (*Empty, error) {
	if in.RemoveThingType && in.ThingTypeName != "" {
		return nil, invalid("UpdateThing: thingTypeName and removeThingType exclude each other")
	}
	defer s.change()()
	t, ok := s.things[in.ThingName]
	if !ok {
		return nil, notFound("Thing %s not found.", in.ThingName)
	}
	if err := checkVersion("Thing", t.name, t.version(), in.ExpectedVersion); err != nil {
		return nil, err
	}
	kind := t.kind
	if in.RemoveThingType {
		kind = ""
	}
	if in.ThingTypeName != "" && in.ThingTypeName != t.kind {
		if err := s.mayHaveType(in.ThingTypeName); err != nil {
			return nil, err
		}
		kind = in.ThingTypeName
	}
	attributes := in.AttributePayload.updated(t.attributes)
	if err := validateThing(t.name, attributes, attributeLimit(kind)); err != nil {
		return nil, err
	}
	s.updateThing(t, kind, attributes)
	return &Empty{}, nil
}

// updateThing gives a thing a type and attributes. The caller holds the lock.
func (s *State) updateThing(t *thing, kind string, attributes map[string]string) {
	old := t.kind
	t.kind, t.attributes = kind, attributes
	t.updates++
	s.tellOfThing(t, "updated")
	if kind != old {
		s.tellOfAssociation(t, old, "removed")
		s.tellOfAssociation(t, kind, "added")
	}
}

// UpdateThingGroupInput is the request of UpdateThingGroup.
type UpdateThingGroupInput struct {
	ThingGroupName  string                `json:"-" path:"thingGroupName"`
	Properties      *ThingGroupProperties `json:"thingGroupProperties"`
	ExpectedVersion *int64                `json:"expectedVersion"`
}

// UpdateThingGroupOutput is its answer.
type UpdateThingGroupOutput struct {
	Version int64 `json:"version"`
}

// UpdateThingGroup replaces a group's description and changes its attributes.
func (s *State) UpdateThingGroup(_ context.Context, in *UpdateThingGroupInput) (*UpdateThingGroupOutput, error) {
	if in.Properties == nil {
		return nil, invalid("UpdateThingGroup: thingGroupProperties is required")
	}
	if len(in.Properties.Description) > maxDescription {
		return nil, invalid("the description of thing group %s has more than %d characters", in.ThingGroupName, maxDescription)
	}
	defer s.change()()
	g, err := s.group(in.ThingGroupName)
	if err != nil {
		return nil, err
	}
	if err := checkVersion("ThingGroup", g.name, g.version(), in.ExpectedVersion); err != nil {
		return nil, err
	}
	attributes := in.Properties.AttributePayload.updated(g.attributes)
	if err := validateThing(g.name, attributes, maxTypedAttributes); err != nil {
		return nil, err
	}
	g.description, g.attributes = in.Properties.Description, attributes
	g.updates++
	s.tellOfGroup(g, "updated")
	return &UpdateThingGroupOutput{g.version()}, nil
}

// UpdateGroupsForThingInput is the request of UpdateThingGroupsForThing.
type UpdateGroupsForThingInput struct {
	ThingName string   `json:"thingName"`
	Add       []string `json:"thingGroupsToAdd"`
	Remove    []string `json:"thingGroupsToRemove"`
	// Override is about dynamic groups, of which there are none.
	Override bool `json:"overrideDynamicGroups"`
}

// UpdateThingGroupsForThing takes a thing out of groups and puts it in others, all
// or nothing.
func (s *State) UpdateThingGroupsForThing(_ context.Context, in *UpdateGroupsForThingInput) (*Empty, error) {
	defer s.change()()
	t, ok := s.things[in.ThingName]
	if !ok {
		return nil, notFound("Thing %s not found.", in.ThingName)
	}
	after := s.groupsOf(in.ThingName)
	for _, name := range slices.Concat(in.Remove, in.Add) {
		if _, err := s.group(name); err != nil {
			return nil, err
		}
	}
	for _, name := range in.Remove {
		delete(after, name)
	}
	for _, name := range in.Add {
		after[name] = true
	}
	if err := s.mayBeIn(in.ThingName, after); err != nil {
		return nil, err
	}
	s.setGroups(t, after)
	return &Empty{}, nil
}
