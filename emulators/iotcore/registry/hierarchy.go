package registry

import (
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Limits of hierarchies:
// https://docs.aws.amazon.com/general/latest/gr/iot-core.html#thing-group-limits
const (
	maxGroupDepth    = 7
	maxChildGroups   = 100
	maxGroupPolicies = 2
)

// lineage is a group and its parents up to the root. The caller holds the lock.
func (s *State) lineage(name string) []*thingGroup {
	var line []*thingGroup
	for g := s.groups[name]; g != nil; g = s.groups[g.parent] {
		line = append(line, g)
	}
	return line
}

// InGroup tells whether a thing is in a group or in one beneath it.
func (s *State) InGroup(thing, group string) bool {
	s.mu.RLock()
	defer s.mu.RUnlock()
	for name := range s.groupsOf(thing) {
		if slices.ContainsFunc(s.lineage(name), func(g *thingGroup) bool { return g.name == group }) {
			return true
		}
	}
	return false
}

// root is the name of the group at the top of a group's hierarchy.
func (s *State) root(name string) string {
	line := s.lineage(name)
	return line[len(line)-1].name
}

// children are the names of the groups below a group: the direct ones, or all.
func (s *State) children(parent string, all bool) []string {
	var names []string
	for _, name := range sortedKeys(s.groups) {
		g := s.groups[name]
		below := all && slices.ContainsFunc(s.lineage(g.parent), func(above *thingGroup) bool { return above.name == parent })
		if g.parent != "" && (g.parent == parent || below) {
			names = append(names, name)
		}
	}
	return names
}

// mayHaveParent tells whether a new group can be below another.
func (s *State) mayHaveParent(parent string) error {
	if parent == "" {
		return nil
	}
	if s.groups[parent] == nil {
		return invalid("the parent group %s does not exist", parent)
	}
	if depth := len(s.lineage(parent)); depth >= maxGroupDepth {
		return wire.Errorf(codeLimit, 410, "thing group %s is at depth %d, the deepest there is", parent, depth)
	}
	if n := len(s.children(parent, false)); n >= maxChildGroups {
		return wire.Errorf(codeLimit, 410, "thing group %s has %d child groups already", parent, n)
	}
	return nil
}

// mayBeIn tells whether a thing can be in these groups and no others: "You can't add a
// thing to more than one group in the same hierarchy."
// https://docs.aws.amazon.com/iot/latest/developerguide/thing-groups.html
func (s *State) mayBeIn(thing string, groups map[string]bool) error {
	if len(groups) > maxGroupsPerThing {
		return wire.Errorf(codeLimit, 410, "Thing %s would be in more than %d thing groups", thing, maxGroupsPerThing)
	}
	roots := map[string]string{}
	for _, name := range sortedKeys(groups) {
		if _, err := s.group(name); err != nil {
			return err
		}
		root := s.root(name)
		if other, ok := roots[root]; ok {
			return invalid("Thing %s cannot be in the groups %s and %s, which are of one hierarchy", thing, other, name)
		}
		roots[root] = name
	}
	return nil
}

// setGroups puts a thing in these groups and takes it out of all others.
func (s *State) setGroups(t *thing, groups map[string]bool) {
	for _, name := range sortedKeys(s.groups) {
		if g := s.groups[name]; groups[name] {
			s.join(g, t)
		} else {
			s.leave(g, t)
		}
	}
}

func (s *State) groupItem(name string) GroupItem { return GroupItem{name, s.groupARN(name)} }

func (s *State) groupARN(name string) string { return s.arn("thinggroup/" + name) }
