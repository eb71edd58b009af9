package registry

import (
	"maps"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/provisioning/template"
)

// planThing works out the thing as it will be: a thing that is there stays as it is,
// but for what OverrideSettings says.
func (s *State) planThing(p *plan, r *template.Resource) error {
	in := r.Values
	p.thing, p.names[r.Logical] = in.ThingName, "thing/"+in.ThingName
	p.kind, p.attributes, p.groups = in.ThingTypeName, in.AttributePayload, map[string]bool{}
	for _, name := range in.ThingGroups {
		p.groups[name] = true
	}
	if t := s.things[p.thing]; t != nil {
		for _, property := range sortedKeys(r.OverrideSettings) {
			if r.OverrideSettings[property] == template.Fail {
				return conflict("thing %s", t.name)
			}
		}
		s.overrideThing(p, t, r.OverrideSettings)
	}
	if err := validateThing(p.thing, p.attributes, attributeLimit(p.kind)); err != nil {
		return err
	}
	if t := s.things[p.thing]; t == nil || t.kind != p.kind {
		if err := s.mayHaveType(p.kind); err != nil {
			return err
		}
	}
	return s.mayBeIn(p.thing, p.groups)
}

func (s *State) overrideThing(p *plan, t *thing, settings map[string]template.Override) {
	switch settings["AttributePayload"] {
	case template.Replace:
	case template.Merge:
		attributes := map[string]string{}
		maps.Copy(attributes, t.attributes)
		maps.Copy(attributes, p.attributes)
		p.attributes = attributes
	default:
		p.attributes = t.attributes
	}
	if settings["ThingTypeName"] != template.Replace {
		p.kind = t.kind
	}
	switch settings["ThingGroups"] {
	case template.Replace:
	case template.Merge:
		maps.Copy(p.groups, s.groupsOf(t.name))
	default:
		p.groups = s.groupsOf(t.name)
	}
}

// carryOutThing makes or changes the plan's thing and attaches the certificate.
func (s *State) carryOutThing(p *plan, c *certificate) {
	if p.thing == "" {
		return
	}
	t := s.things[p.thing]
	switch {
	case t == nil:
		t = s.enterThing(p.thing, p.kind, p.attributes)
	case t.kind != p.kind || !maps.Equal(t.attributes, p.attributes):
		s.updateThing(t, p.kind, p.attributes)
	}
	s.setGroups(t, p.groups)
	t.principals[c.id], c.things[t.name] = true, true
	c.exclusive = c.exclusive || p.exclusive
}
