package sim

import (
	"maps"
	"time"

	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// suites makes the sensors of a group's devices.
type suites struct {
	group  Group
	start  time.Time
	common *sensor.Plan // of all devices that have nothing of their own
}

// of makes those of one thing.
func (s *suites) of(thing string, seed uint64) (sensor.Suite, error) {
	common := s.group.Signals
	if len(common) == 0 {
		common = sensor.Firmware()
	}
	if only, ok := s.group.Only[thing]; ok {
		own := maps.Clone(common)
		maps.Copy(own, only)
		return sensor.NewSuite(own, seed, s.start)
	}
	if s.common == nil {
		var err error
		if s.common, err = sensor.NewPlan(common, s.start); err != nil {
			return nil, err
		}
	}
	return s.common.Suite(seed), nil
}
