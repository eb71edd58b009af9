package explore

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// stream tells what is drawn here from other uses of the same seed.
const stream = 0xe7b10e

// Draw makes the scenario of a seed: small, valid, legitimate and the same each
// time.
func Draw(seed uint64) *scenarios.Scenario {
	d := drawer{rand.New(rand.NewPCG(seed, stream))}
	s := &scenarios.Scenario{
		Name: fmt.Sprintf("explore-%d", seed), Seed: seed, Clock: scenarios.VirtualClock,
		Duration: d.between(5*time.Minute, 20*time.Minute, 30*time.Second), Drain: drain,
		Pipeline: scenarios.Pipeline{
			Shards:  1 + d.IntN(3),
			Silence: pick(d, 90*time.Second, 2*time.Minute, 5*time.Minute, 10*time.Minute),
			Sweep:   pick(d, 10*time.Second, 30*time.Second, time.Minute, 2*time.Minute),
		},
	}
	s.SetDefaults() // what is not drawn is as if a file said nothing
	s.Fleet = d.fleet(s.Duration)
	s.Commands = d.commands(s)
	s.Faults = d.faults(s)
	return s
}

// drain is how long a pipeline may take after the last fault: retries of a batch,
// bisected, of a function that times out after a minute, several times.
const drain = 30 * time.Minute

type drawer struct{ *rand.Rand }

// between is a multiple of step.
func (d drawer) between(low, high, step time.Duration) time.Duration {
	if high <= low {
		return low
	}
	return low + step*time.Duration(d.Int64N(int64((high-low)/step)+1))
}

// maybe is true so often.
func (d drawer) maybe(chance float64) bool { return d.Float64() < chance }

func pick[T any](d drawer, list ...T) T { return list[d.IntN(len(list))] }

var groupNames = []string{"sensor", "meter", "pump"}

// fleet draws one to three groups with one to twelve devices in all.
func (d drawer) fleet(duration time.Duration) []scenarios.Group {
	var groups []scenarios.Group
	left := 1 + d.IntN(12)
	for i := range min(1+d.IntN(3), left) {
		g := scenarios.Group{
			Name: groupNames[i], Count: 1 + d.IntN(left), KeepAlive: pick(d, 10*time.Second, 30*time.Second, time.Minute),
			Interval: d.between(5*time.Second, time.Minute, time.Second),
		}
		if d.maybe(0.3) {
			g.Ramp = d.between(time.Second, time.Minute, time.Second)
		}
		left -= g.Count
		g.Only = d.spikes(g, duration)
		groups = append(groups, g)
		if left == 0 {
			break
		}
	}
	return groups
}

// spikes lets some devices cross thresholds.
func (d drawer) spikes(g scenarios.Group, duration time.Duration) map[string]map[string]sensor.Spec {
	only := map[string]map[string]sensor.Spec{}
	for i := range g.Count {
		if !d.maybe(0.5) {
			continue
		}
		specs := map[string]sensor.Spec{}
		if d.maybe(0.8) {
			// Around 40 and 50 °C and the two degrees of hysteresis under them.
			specs["temperature"] = sensor.Spec{Base: 22, Noise: 0.3, Spikes: d.series(duration, 37.5, 55)}
		}
		if d.maybe(0.3) {
			specs["battery_pct"] = sensor.Spec{Base: 80, Noise: 0.3, Spikes: d.series(duration, 5, 13)}
		}
		if len(specs) > 0 {
			only[thingOf(g, i)] = specs
		}
	}
	if len(only) == 0 {
		return nil
	}
	return only
}

// series are up to four spikes one after the other, some without a pause.
func (d drawer) series(duration time.Duration, low, high float64) []sensor.Spike {
	var list []sensor.Spike
	at := d.between(0, duration/2, time.Second)
	for range 1 + d.IntN(4) {
		p := sensor.Spike{At: at, For: d.between(10*time.Second, duration/3, time.Second)}
		p.Value = math.Round((low+d.Float64()*(high-low))*10) / 10
		list = append(list, p)
		at += p.For + pick(d, 0, time.Second, time.Minute)
	}
	return list
}

func thingOf(g scenarios.Group, i int) string { return fmt.Sprintf("%s-%05d", g.Name, i+1) }

func things(s *scenarios.Scenario) []string {
	var list []string
	for _, g := range s.Fleet {
		for i := range g.Count {
			list = append(list, thingOf(g, i))
		}
	}
	return list
}

// commands draws up to three orders, by their time.
func (d drawer) commands(s *scenarios.Scenario) []scenarios.CommandOrder {
	if !d.maybe(0.4) {
		return nil
	}
	var list []scenarios.CommandOrder
	for range 1 + d.IntN(3) {
		c := scenarios.CommandOrder{
			At:    d.between(10*time.Second, s.Duration*3/4, time.Second),
			Thing: pick(d, things(s)...), Action: pick(d, "reboot", "update_interval", "enter_safe_mode"),
		}
		if c.Action == "update_interval" {
			c.Interval = d.between(5*time.Second, time.Minute, time.Second)
		}
		// A device that has not connected yet does not listen.
		c.At = max(c.At, rampOf(s, c.Thing)+10*time.Second)
		list = append(list, c)
	}
	slices.SortStableFunc(list, func(a, b scenarios.CommandOrder) int { return int(a.At - b.At) })
	return list
}

// rampOf is the ramp of a thing's group.
func rampOf(s *scenarios.Scenario, thing string) time.Duration {
	for _, g := range s.Fleet {
		if strings.HasPrefix(thing, g.Name+"-") {
			return g.Ramp
		}
	}
	return 0
}
