package scenarios

import (
	"fmt"
	"maps"
	"slices"

	"github.com/shakedown-iot/shakedown/sim"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

// validateWhom tells of faults, commands and signals that are for nobody of the
// fleet: the run would refuse them, too, but only when the cloud has started.
func (s *Scenario) validateWhom() (errs []error) {
	bad := func(format string, args ...any) { errs = append(errs, fmt.Errorf(format, args...)) }
	for i, g := range s.Fleet {
		for _, thing := range slices.Sorted(maps.Keys(g.Only)) {
			if !(&Scenario{Fleet: []Group{g}}).has(thing) {
				bad("fleet[%d].only.%s: group %s has %s-%05d to %s-%05d", i, thing, g.Name, g.Name, 1, g.Name, g.Count)
			}
		}
	}
	for i, c := range s.Commands {
		if !s.has(c.Thing) {
			bad("commands[%d].thing: %q: %w", i, c.Thing, errUnknownThing)
		}
	}
	candidates := s.candidates()
	for i, x := range s.Faults {
		if place := x.Kind.Place(); place != fault.OnLink && place != fault.OnDevice {
			continue
		}
		if len(x.Target.Select(s.Seed, i, candidates)) == 0 {
			bad("faults[%d].target: %s befalls nobody: %w", i, x.Target, errUnknownThing)
		}
	}
	return errs
}

// candidates are the fleet as faults choose from it; none when no fault does.
func (s *Scenario) candidates() (list []fault.Candidate) {
	if len(s.Faults) == 0 {
		return nil
	}
	for _, g := range s.Fleet {
		for _, who := range sim.Identities(s.Seed, []sim.Group{{Name: g.Name, Count: g.Count}}) {
			list = append(list, fault.Candidate{Thing: who.Thing, Group: g.Name, Attributes: attributed(who, g.Attributes).Attributes})
		}
	}
	return list
}
