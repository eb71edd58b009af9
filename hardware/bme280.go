package hardware

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"periph.io/x/conn/v3/i2c"
)

// The registers (DS table 18).
const (
	regID          = 0xD0
	regHumidity    = 0xF2 // ctrl_hum; counts from the next write to 0xF4 on
	regStatus      = 0xF3
	regMeasurement = 0xF4 // ctrl_meas
	regConfig      = 0xF5
	regData        = 0xF7

	chipID    = 0x60
	measuring = 1 << 3 // in regStatus
	lenData   = 8
)

// addresses are the two that a BME280 can have: SDO on ground, SDO on VDDIO (DS 6.2).
var addresses = []uint16{0x76, 0x77}

// strangers are other chips at these addresses, by id.
var strangers = map[byte]string{
	0x55: "a BMP180, which has no humidity sensor",
	0x56: "a BMP280, which has no humidity sensor", 0x57: "a BMP280, which has no humidity sensor",
	0x58: "a BMP280, which has no humidity sensor",
	0x61: "a BME680 or BME688, which measures otherwise",
	0x00: "no chip: a bus line is stuck low", 0xFF: "no chip: nobody drives the bus",
}

// ErrNoSensor says that no BME280 answers on a bus; the error that wraps it says
// what does.
var ErrNoSensor = errors.New("no BME280")

// chip is a BME280 that has been found and set up.
type chip struct {
	dev         i2c.Dev
	settings    Settings
	calibration calibration
}

// find looks at both addresses and sets the chip up.
func find(bus i2c.Bus, s Settings) (*chip, error) {
	var seen []string
	for _, addr := range addresses {
		c := &chip{dev: i2c.Dev{Bus: bus, Addr: addr}, settings: s}
		err := c.identify()
		if err == nil {
			return c, c.setUp()
		}
		if final(err) {
			return nil, err
		}
		seen = append(seen, fmt.Sprintf("0x%x: %v", addr, err))
	}
	return nil, fmt.Errorf("%w on %s: %s", ErrNoSensor, bus, strings.Join(seen, "; "))
}

// final tells that a bus will never answer again: its tape is over, or not its own.
func final(err error) bool {
	_, mismatch := errors.AsType[*TapeError](err)
	return mismatch || errors.Is(err, io.EOF)
}

// identify tells whether the chip is a BME280.
func (c *chip) identify() error {
	id, err := c.read(regID, 1)
	switch {
	case err != nil:
		return err
	case id[0] == chipID:
		return nil
	case strangers[id[0]] != "":
		return fmt.Errorf("chip id 0x%02x is %s", id[0], strangers[id[0]])
	}
	return fmt.Errorf("chip id 0x%02x is not that of a BME280, 0x%02x", id[0], chipID)
}

// setUp reads the trimming parameters and writes the filter.
func (c *chip) setUp() error {
	one, err := c.read(regCalibration1, lenCalibration1)
	if err != nil {
		return c.wrap("read the trimming parameters", err)
	}
	two, err := c.read(regCalibration2, lenCalibration2)
	if err != nil {
		return c.wrap("read the trimming parameters", err)
	}
	if c.calibration, err = parseCalibration(one, two); err != nil {
		return c.wrap("set up", err)
	}
	// In normal mode writes to config may be ignored (DS 5.4.6): to sleep first.
	return c.wrap("set up", c.dev.Tx([]byte{regMeasurement, 0, regConfig, c.settings.config()}, nil))
}

var (
	errLost = errors.New("it has lost its settings: the power was gone, or it is another chip")
	errBusy = errors.New("the measurement does not end")
)

// maxPolls bounds how often the status is asked after the longest time that a
// measurement takes; pollPause lies between.
const (
	maxPolls  = 5
	pollPause = 5 * time.Millisecond
)

// measure takes one measurement in forced mode (DS 3.3.3).
func (c *chip) measure() (Measurement, error) {
	config, err := c.read(regConfig, 1)
	if err != nil {
		return Measurement{}, c.wrap("read the settings", err)
	}
	if config[0] != c.settings.config() {
		return Measurement{}, c.wrap("measure", errLost)
	}
	order := []byte{regHumidity, c.settings.humidity(), regMeasurement, c.settings.forced()}
	if err := c.dev.Tx(order, nil); err != nil {
		return Measurement{}, c.wrap("start a measurement", err)
	}
	time.Sleep(c.settings.conversion())
	if err := c.ready(); err != nil {
		return Measurement{}, c.wrap("wait for the measurement", err)
	}
	data, err := c.read(regData, lenData) // in one go, so that the values belong together (DS 4.1)
	if err != nil {
		return Measurement{}, c.wrap("read the measurement", err)
	}
	m, err := c.calibration.decode(data)
	return m, c.wrap("measure", err)
}

// ready waits until a measurement has ended.
func (c *chip) ready() error {
	for range maxPolls {
		status, err := c.read(regStatus, 1)
		if err != nil {
			return err
		}
		if status[0]&measuring == 0 {
			return nil
		}
		time.Sleep(pollPause)
	}
	return errBusy
}

func (c *chip) read(register byte, n int) ([]byte, error) {
	b := make([]byte, n)
	return b, c.dev.Tx([]byte{register}, b)
}

func (c *chip) wrap(operation string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("bme280 at 0x%x: %s: %w", c.dev.Addr, operation, err)
}
