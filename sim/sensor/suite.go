package sensor

import (
	"fmt"
	"hash/fnv"
	"slices"
	"strings"
	"time"
)

// Signal is one metric of a device.
type Signal struct {
	Name  string
	Model Model
}

// Suite is a device's sensors, in the order in which they stand in the payload.
type Suite []Signal

// order is the one of the source's firmware (seed, step 2); other metrics follow
// by name.
var order = []string{"temperature", "humidity", "pressure", "battery_pct"}

// Firmware are the four metrics of the source's firmware, within its ranges:
// 15…30 °C, 30…80 %, 1003…1023 hPa, a battery that loses a little each hour.
func Firmware() map[string]Spec {
	return map[string]Spec{
		"temperature": {Base: 22, Amplitude: 4, Walk: 2.5, Noise: 0.3, Min: new(15.0), Max: new(30.0)},
		"humidity":    {Base: 55, Amplitude: -12, Walk: 10, Noise: 1, Min: new(30.0), Max: new(80.0)},
		"pressure":    {Base: 1013, Walk: 8, WalkPeriod: 6 * time.Hour, Noise: 0.1, Min: new(1003.0), Max: new(1023.0)},
		"battery_pct": {Base: 95, Drift: -0.05, Walk: 3, Min: new(20.0), Max: new(100.0), Decimals: new(1)},
	}
}

// maxSignals bounds a suite.
const maxSignals = 64

// NewSuite makes a device's sensors. Each metric has its own stream of the seed.
func NewSuite(specs map[string]Spec, seed uint64, start time.Time) (Suite, error) {
	if len(specs) > maxSignals {
		return nil, fmt.Errorf("sensor suite: %d signals are more than %d", len(specs), maxSignals)
	}
	names, err := sequence(specs)
	if err != nil {
		return nil, fmt.Errorf("sensor suite: %w", err)
	}
	var s Suite
	measured := map[string]Model{}
	for _, name := range names {
		spec := specs[name]
		var other Model
		if f := spec.Follows; f != nil {
			other = Correlated(measured[f.Metric], specs[f.Metric].Base, f.Factor, f.Lag)
		}
		h := fnv.New64a()
		_, _ = h.Write([]byte(name))
		m, err := spec.measured(mix(seed)^h.Sum64(), start, other)
		if err != nil {
			return nil, fmt.Errorf("signal %s: sensor model: %w", name, err)
		}
		measured[name] = m
		s = append(s, Signal{name, spec.reported(m, start)})
	}
	slices.SortFunc(s, func(a, b Signal) int {
		if d := rank(a.Name) - rank(b.Name); d != 0 {
			return d
		}
		return strings.Compare(a.Name, b.Name)
	})
	return s, nil
}

func rank(name string) int {
	if i := slices.Index(order, name); i >= 0 {
		return i
	}
	return len(order)
}
