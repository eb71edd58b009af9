package sensor

import "time"

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

// NewSuite makes a device's sensors.
func NewSuite(specs map[string]Spec, seed uint64, start time.Time) (Suite, error) {
	p, err := NewPlan(specs, start)
	if err != nil {
		return nil, err
	}
	return p.Suite(seed), nil
}
