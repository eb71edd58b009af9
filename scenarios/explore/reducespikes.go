package explore

import (
	"maps"
	"slices"

	"github.com/shakedown-iot/shakedown/scenarios"
	"github.com/shakedown-iot/shakedown/sim/sensor"
)

type spec = sensor.Spec

// spot is where one spike is; of the whole metric when spike is -1.
type spot struct {
	group         int
	thing, metric string
	spike         int
}

// fewerSpikes leaves out what is special about one metric of one device, then
// single spikes.
func fewerSpikes(s *scenarios.Scenario, i int) (*scenarios.Scenario, bool) {
	spots := spotsOf(s)
	if i >= len(spots) {
		return nil, false
	}
	c, p := clone(s), spots[i]
	metrics := c.Fleet[p.group].Only[p.thing]
	if p.spike >= 0 {
		m := metrics[p.metric]
		m.Spikes = slices.Delete(m.Spikes, p.spike, p.spike+1)
		metrics[p.metric] = m
		return c, true
	}
	delete(metrics, p.metric)
	if len(metrics) == 0 {
		delete(c.Fleet[p.group].Only, p.thing)
	}
	return tidied(c), true
}

// spotsOf lists whole metrics before single spikes, each in a fixed order.
func spotsOf(s *scenarios.Scenario) []spot {
	var whole, single []spot
	for g := range s.Fleet {
		for _, thing := range slices.Sorted(maps.Keys(s.Fleet[g].Only)) {
			for _, metric := range slices.Sorted(maps.Keys(s.Fleet[g].Only[thing])) {
				whole = append(whole, spot{g, thing, metric, -1})
				n := len(s.Fleet[g].Only[thing][metric].Spikes)
				for k := range n {
					if n > 1 {
						single = append(single, spot{g, thing, metric, k})
					}
				}
			}
		}
	}
	return append(whole, single...)
}
