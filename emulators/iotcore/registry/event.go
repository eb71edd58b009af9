package registry

import (
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Event is what the registry has to publish, in Topic, about a change of its own. Its
// members are JSON's.
// https://docs.aws.amazon.com/iot/latest/developerguide/registry-events.html
type Event struct {
	Topic   string
	Payload map[string]any
}

// operations of events by the last level of their topics.
var operations = map[string]string{
	"created": "CREATED", "updated": "UPDATED", "deleted": "DELETED", "added": "ADDED", "removed": "REMOVED",
}

// tell has an event published when the change that is on is over, if its type is
// enabled: that verb happened to what is below $aws/events/. The caller holds the lock.
func (s *State) tell(kind eventType, about, verb string, payload map[string]any) {
	if !s.events.enabled[kind] || s.config.Changed == nil {
		return
	}
	payload["eventType"], payload["eventId"] = string(kind)+"_EVENT", wire.NewRequestID()
	payload["timestamp"], payload["operation"] = time.Now().UnixMilli(), operations[verb]
	s.told = append(s.told, Event{"$aws/events/" + about + "/" + verb, payload})
}

func (s *State) tellOfThing(t *thing, verb string) {
	s.tell(thingEvents, "thing/"+t.name, verb, map[string]any{
		"accountId": s.config.Identity.Account, "thingId": t.id, "thingName": t.name, "versionNumber": t.version(),
		"thingTypeName": orNull(t.kind), "attributes": cloneOrEmpty(t.attributes),
	})
}

// tellOfAssociation tells that a thing has a type, or has it no more.
func (s *State) tellOfAssociation(t *thing, kind, verb string) {
	if kind == "" {
		return
	}
	s.tell(associationEvents, "thingTypeAssociation/thing/"+t.name+"/thingType/"+kind, verb, map[string]any{
		"thingId": t.id, "thingName": t.name, "thingTypeName": kind,
	})
}

// tellOfType tells also of a type that is deprecated, or no more: that is an update.
func (s *State) tellOfType(t *thingType, verb string) {
	var deprecated any
	if !t.deprecated.IsZero() {
		deprecated = t.deprecated.UnixMilli()
	}
	s.tell(typeEvents, "thingType/"+t.name, verb, map[string]any{
		"accountId": s.config.Identity.Account, "thingTypeId": t.id, "thingTypeName": t.name,
		"isDeprecated": deprecated != nil, "deprecationDate": deprecated,
		"searchableAttributes": append([]string{}, t.properties.Searchable...), "propagatingAttributes": []any{},
		"description": orNull(t.properties.Description),
	})
}

func (s *State) tellOfGroup(g *thingGroup, verb string) {
	payload := map[string]any{
		"accountId": s.config.Identity.Account, "thingGroupId": g.id, "thingGroupName": g.name, "versionNumber": g.version(),
		"parentGroupName": orNull(g.parent), "parentGroupId": nil, "description": orNull(g.description),
		"attributes": cloneOrEmpty(g.attributes), "dynamicGroupMappingId": nil,
	}
	above := []map[string]any{}
	for _, p := range s.lineage(g.parent) {
		above = append([]map[string]any{{"groupArn": s.groupARN(p.name), "groupId": p.id}}, above...)
	}
	payload["rootToParentThingGroups"] = above
	if p := s.groups[g.parent]; p != nil {
		payload["parentGroupId"] = p.id
	}
	s.tell(groupEvents, "thingGroup/"+g.name, verb, payload)
}

// tellOfHierarchy tells that a group is below its parent, or is no more.
func (s *State) tellOfHierarchy(g *thingGroup, verb string) {
	p := s.groups[g.parent]
	if p == nil {
		return
	}
	s.tell(hierarchyEvents, "thingGroupHierarchy/thingGroup/"+p.name+"/childThingGroup/"+g.name, verb, map[string]any{
		"accountId": s.config.Identity.Account, "thingGroupId": p.id, "thingGroupName": p.name,
		"childGroupId": g.id, "childGroupName": g.name,
	})
}

// tellOfMembership tells that a thing is in a group, or is no more.
func (s *State) tellOfMembership(g *thingGroup, t *thing, membership, verb string) {
	s.tell(membershipEvents, "thingGroupMembership/thingGroup/"+g.name+"/thing/"+t.name, verb, map[string]any{
		"accountId": s.config.Identity.Account, "groupArn": s.groupARN(g.name), "groupId": g.id,
		"thingArn": s.arn("thing/" + t.name), "thingId": t.id, "membershipId": membership,
	})
}

// orNull is a text, or null for an empty one.
func orNull(text string) any {
	if text == "" {
		return nil
	}
	return text
}
