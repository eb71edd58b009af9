package hardware

import (
	"errors"
	"fmt"
	"math"
)

// Metrics are the names of what a board measures, in the order of Measurement.Values:
// °C, % and hPa, as in the source's firmware.
var Metrics = []string{"temperature", "humidity", "pressure"}

// Measurement is one reading of a board.
type Measurement struct {
	// Temperature is in °C, Humidity in % and Pressure in hPa, with two decimals.
	Temperature, Humidity, Pressure float64
}

// Values are the values in the order of Metrics.
func (m Measurement) Values() []float64 {
	return []float64{m.Temperature, m.Humidity, m.Pressure}
}

// String is the measurement with units.
func (m Measurement) String() string {
	return fmt.Sprintf("%.2f °C, %.2f %%, %.2f hPa", m.Temperature, m.Humidity, m.Pressure)
}

// ErrImplausible says that a value is outside of what the chip can measure.
var ErrImplausible = errors.New("implausible")

// ranges are those in which the chip operates (DS tables 1, 2 and 3).
var ranges = []struct {
	low, high float64
	unit      string
}{{-40, 85, "°C"}, {0, 100, "%"}, {300, 1100, "hPa"}}

// check tells the first value that is out of its range.
func (m Measurement) check() error {
	for i, v := range m.Values() {
		if r := ranges[i]; !(v >= r.low && v <= r.high) {
			return fmt.Errorf("%s of %.2f %s is %w: a BME280 measures %g to %g %s", Metrics[i], v, r.unit, ErrImplausible, r.low, r.high, r.unit)
		}
	}
	return nil
}

// What the data registers hold when a value was not measured (DS tables 18, 20, 23).
const (
	skipped20 = 0x80000
	skipped16 = 0x8000
)

var errSkipped = errors.New("the chip has not measured")

// decode takes the registers 0xF7 to 0xFE (DS 4).
func (c *calibration) decode(b []byte) (Measurement, error) {
	p := int64(b[0])<<12 | int64(b[1])<<4 | int64(b[2])>>4
	t := int64(b[3])<<12 | int64(b[4])<<4 | int64(b[5])>>4
	h := int64(b[6])<<8 | int64(b[7])
	if p == skipped20 || t == skipped20 || h == skipped16 {
		return Measurement{}, errSkipped
	}
	centi, fine := c.temperature(t)
	m := Measurement{
		Temperature: float64(centi) / 100,
		Humidity:    round(float64(c.humidity(h, fine)) / 1024),
		Pressure:    round(float64(c.pressure(p, fine)) / 256 / 100),
	}
	return m, m.check()
}

func round(v float64) float64 { return math.Round(v*100) / 100 }
