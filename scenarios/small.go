package scenarios

import (
	"fmt"
	"maps"
	"time"

	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// Small is the scenario with at most so many devices in a group, and at most so
// long: for a first look, and for tests that want every scenario of a library to
// pass in seconds. Faults, commands and singled-out devices beyond that are left
// out; a share is of the smaller fleet. Expectations stay: those of a library hold
// for any size. The warm-up takes no more of the time than before.
func (s *Scenario) Small(devices int, duration time.Duration) *Scenario {
	small := *s
	small.Duration = min(s.Duration, duration)
	small.Warmup = time.Duration(float64(s.Warmup) * float64(small.Duration) / float64(max(s.Duration, 1)))
	small.Fleet = append([]Group(nil), s.Fleet...)
	for i := range small.Fleet {
		g := &small.Fleet[i]
		g.Count = min(g.Count, devices)
		g.Ramp = min(g.Ramp, small.Duration)
		g.Only = maps.Clone(g.Only)
		maps.DeleteFunc(g.Only, func(thing string, _ map[string]sensor.Spec) bool { return !small.has(thing) })
	}
	small.Faults, small.Commands = nil, nil
	for _, f := range s.Faults {
		if f.At < small.Duration {
			small.Faults = append(small.Faults, f)
		}
	}
	for _, c := range s.Commands {
		if c.At < small.Duration && small.has(c.Thing) {
			small.Commands = append(small.Commands, c)
		}
	}
	return &small
}

// has tells whether the fleet has a thing of that name.
func (s *Scenario) has(thing string) bool {
	for _, g := range s.Fleet {
		for n := range g.Count {
			if thing == fmt.Sprintf("%s-%05d", g.Name, n+1) {
				return true
			}
		}
	}
	return false
}
