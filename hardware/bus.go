package hardware

import (
	"errors"
	"fmt"

	"periph.io/x/conn/v3/i2c"
	"periph.io/x/conn/v3/i2c/i2creg"
	"periph.io/x/host/v3"
)

// ErrNoBus says that this machine has no I²C bus, or none that it may use.
var ErrNoBus = errors.New("no i2c bus")

// OpenBus opens an I²C bus of this machine, such as "1" for /dev/i2c-1; the first one
// when name is empty. The caller closes it.
func OpenBus(name string) (i2c.BusCloser, error) {
	if _, err := host.Init(); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrNoBus, err)
	}
	if len(i2creg.All()) == 0 {
		return nil, fmt.Errorf("%w on this machine: there is no /dev/i2c-*", ErrNoBus)
	}
	bus, err := i2creg.Open(name)
	if err != nil {
		return nil, fmt.Errorf("%w: open %q: %w", ErrNoBus, name, err)
	}
	return bus, nil
}
