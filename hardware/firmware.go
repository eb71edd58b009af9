package hardware

import (
	"context"
	"errors"
	"io"
	"time"

	"github.com/shakedown-iot/shakedown/sim/device"
	"github.com/shakedown-iot/shakedown/sim/sensor"
)

// Run lives the life of a device whose sensors are the board: the firmware is that of
// the virtual ones. Of c it needs Thing, Dial and whatever is not to be the default;
// Signals, Read and Goodbye are the board's.
//
// It ends when ctx is done or a tape is over, with a good-bye and what waits sent. The
// error is a *TapeError, or that of the configuration.
func (b *Board) Run(ctx context.Context, c device.Config) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var mismatch error // written and read by the device's goroutine, which is this one
	c.Signals, c.Goodbye = nil, true
	for _, name := range Metrics {
		c.Signals = append(c.Signals, sensor.Signal{Name: name})
	}
	c.Read = func(time.Time) ([]float64, error) {
		m, err := b.Read()
		switch {
		case err == nil:
			return m.Values(), nil
		case !final(err):
			return nil, err
		case !errors.Is(err, io.EOF):
			mismatch = err
		}
		stop()
		return nil, io.EOF
	}
	return errors.Join(device.New(c).Run(ctx), mismatch)
}
