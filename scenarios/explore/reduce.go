package explore

import (
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/fault"
)

// reduction makes the i-th smaller variant of a scenario: nil where that one does
// not apply, false where there are no more.
type reduction func(s *scenarios.Scenario, i int) (*scenarios.Scenario, bool)

// reductions in the order in which they are tried: what takes away most first.
var reductions = []reduction{
	noFaults, fewerFaults, noCommands, fewerGroups, oneDevice, fewerDevices, shorter, plainer, shorterFaults, mergedFaults, fewerSpikes, simplerPipeline,
}

// clone copies a scenario deeply, by the form it is stored in.
func clone(s *scenarios.Scenario) *scenarios.Scenario {
	text, err := json.Marshal(s)
	if err != nil {
		panic(err) // a scenario was read from text, or drawn
	}
	var c scenarios.Scenario
	if err := json.Unmarshal(text, &c); err != nil {
		panic(err)
	}
	return &c
}

func noFaults(s *scenarios.Scenario, i int) (*scenarios.Scenario, bool) {
	if len(s.Faults) == 0 || i > 0 {
		return nil, false
	}
	c := clone(s)
	c.Faults = nil
	return c, true
}

func fewerFaults(s *scenarios.Scenario, i int) (*scenarios.Scenario, bool) {
	if i >= len(s.Faults) {
		return nil, false
	}
	c := clone(s)
	c.Faults = slices.Delete(c.Faults, i, i+1)
	return c, true
}

// noCommands leaves all out first, then one after the other.
func noCommands(s *scenarios.Scenario, i int) (*scenarios.Scenario, bool) {
	if len(s.Commands) == 0 || i > len(s.Commands) {
		return nil, false
	}
	c := clone(s)
	if i == 0 {
		c.Commands = nil
	} else {
		c.Commands = slices.Delete(c.Commands, i-1, i)
	}
	return c, true
}

// fewerGroups leaves a group out, with all that is about it.
func fewerGroups(s *scenarios.Scenario, i int) (*scenarios.Scenario, bool) {
	if len(s.Fleet) == 1 || i >= len(s.Fleet) {
		return nil, false
	}
	c := clone(s)
	c.Fleet = slices.Delete(c.Fleet, i, i+1)
	return tidied(c), true
}

// oneDevice leaves the first device of a group, with what was special about the
// i-th: its spikes, and the faults and commands that name it.
func oneDevice(s *scenarios.Scenario, i int) (*scenarios.Scenario, bool) {
	for k, g := range s.Fleet {
		if i >= g.Count {
			i -= g.Count
			continue
		}
		if g.Count == 1 {
			return nil, true
		}
		c := clone(s)
		from, to := thingOf(g, i), thingOf(g, 0)
		c.Fleet[k].Count = 1
		if special := c.Fleet[k].Only[from]; special != nil {
			c.Fleet[k].Only[to] = special
		}
		for n := range c.Faults {
			if c.Faults[n].Target.Thing == from {
				c.Faults[n].Target.Thing = to
			}
		}
		for n := range c.Commands {
			if c.Commands[n].Thing == from {
				c.Commands[n].Thing = to
			}
		}
		return tidied(c), true
	}
	return nil, false
}

// fewerDevices halves a group, then takes one device away.
func fewerDevices(s *scenarios.Scenario, i int) (*scenarios.Scenario, bool) {
	if i >= 2*len(s.Fleet) {
		return nil, false
	}
	c := clone(s)
	g := &c.Fleet[i/2]
	if g.Count == 1 {
		return nil, true
	}
	if i%2 == 0 {
		g.Count /= 2
	} else {
		g.Count--
	}
	return tidied(c), true
}

// tidied drops what is about devices that are gone, but for a fault's target by
// group or name: it is then left out by itself.
func tidied(c *scenarios.Scenario) *scenarios.Scenario {
	left := things(c)
	c.Commands = slices.DeleteFunc(c.Commands, func(o scenarios.CommandOrder) bool { return !slices.Contains(left, o.Thing) })
	c.Faults = slices.DeleteFunc(c.Faults, func(f fault.Fault) bool {
		gone := f.Target.Thing != "" && !slices.Contains(left, f.Target.Thing)
		return gone || f.Target.Group != "" && !slices.ContainsFunc(c.Fleet, func(g scenarios.Group) bool { return g.Name == f.Target.Group })
	})
	for i := range c.Fleet {
		maps.DeleteFunc(c.Fleet[i].Only, func(thing string, _ map[string]spec) bool { return !slices.Contains(left, thing) })
		if len(c.Fleet[i].Only) == 0 {
			c.Fleet[i].Only = nil
		}
	}
	return c
}

// shorter ends the run just after the last fault, or halves it.
func shorter(s *scenarios.Scenario, i int) (*scenarios.Scenario, bool) {
	last := 30 * time.Second
	for _, f := range s.Faults {
		last = max(last, f.At+f.For+30*time.Second)
	}
	for _, o := range s.Commands {
		last = max(last, o.At+30*time.Second)
	}
	targets := []time.Duration{last, s.Duration / 2, s.Duration * 3 / 4}
	if i >= len(targets) {
		return nil, false
	}
	d := targets[i].Round(time.Second)
	if d < last || d > s.Duration-10*time.Second {
		return nil, true
	}
	c := clone(s)
	c.Duration = d
	for k := range c.Fleet {
		c.Fleet[k].Ramp = min(c.Fleet[k].Ramp, d)
	}
	return c, true
}

// plainer lets a group connect at once and report with the usual keep-alive.
func plainer(s *scenarios.Scenario, i int) (*scenarios.Scenario, bool) {
	if i >= len(s.Fleet) {
		return nil, false
	}
	if g := s.Fleet[i]; g.Ramp == 0 && g.KeepAlive == time.Minute {
		return nil, true
	}
	c := clone(s)
	c.Fleet[i].Ramp, c.Fleet[i].KeepAlive = 0, time.Minute
	return c, true
}

// shorterFaults halves how long a fault lasts.
func shorterFaults(s *scenarios.Scenario, i int) (*scenarios.Scenario, bool) {
	if i >= len(s.Faults) {
		return nil, false
	}
	d := (s.Faults[i].For / 2).Round(time.Second)
	if d < time.Second || d >= s.Faults[i].For {
		return nil, true
	}
	c := clone(s)
	c.Faults[i].For = d
	return c, true
}

// mergedFaults makes one fault of two of a kind with one target.
func mergedFaults(s *scenarios.Scenario, i int) (*scenarios.Scenario, bool) {
	n := len(s.Faults)
	if i >= n*n {
		return nil, false
	}
	a, b := i/n, i%n
	if a >= b || s.Faults[a].Kind != s.Faults[b].Kind || s.Faults[a].Target.String() != s.Faults[b].Target.String() {
		return nil, true
	}
	c := clone(s)
	from := min(c.Faults[a].At, c.Faults[b].At)
	until := max(c.Faults[a].At+c.Faults[a].For, c.Faults[b].At+c.Faults[b].For)
	c.Faults[a].At, c.Faults[a].For = from, until-from
	c.Faults = slices.Delete(c.Faults, b, b+1)
	return c, true
}

// simplerPipeline takes one shard, then the defaults of silence and sweep.
func simplerPipeline(s *scenarios.Scenario, i int) (*scenarios.Scenario, bool) {
	c := clone(s)
	switch i {
	case 0:
		c.Pipeline.Shards = 1
		c.Faults = slices.DeleteFunc(c.Faults, func(f fault.Fault) bool { return f.Target.Shard != "" && f.Target.Shard != "shardId-000000000000" })
	case 1:
		c.Pipeline.Silence, c.Pipeline.Sweep = 10*time.Minute, time.Minute
	default:
		return nil, false
	}
	if c.Pipeline == s.Pipeline {
		return nil, true
	}
	return c, true
}
