package main

import (
	"errors"
	"fmt"
	"os"

	"github.com/spf13/pflag"
	"periph.io/x/conn/v3/i2c"

	"github.com/shakedown-iot/shakedown/hardware"
)

// boardFlags say which board there is: a BME280 on a bus of this machine, or a tape
// of one.
type boardFlags struct {
	bus, playback, record string
	settings              hardware.Settings
}

func (f *boardFlags) register(flags *pflag.FlagSet) {
	flags.StringVar(&f.playback, "playback", "", "play this tape of a bus instead of using a board")
	flags.StringVar(&f.record, "record", "", "record what goes over the bus to this new file")
	flags.StringVar(&f.bus, "bus", "", "I²C bus, such as 1 for /dev/i2c-1; the first one by default")
	flags.IntVar(&f.settings.Oversampling, "oversampling", 1, "how often each value is measured: 1, 2, 4, 8 or 16")
	flags.IntVar(&f.settings.Filter, "filter", 0, "low-pass filter: 2, 4, 8 or 16; 0 is off")
}

// used tells that some flag is not as it is by default.
func (f *boardFlags) used() bool {
	return f.bus != "" || f.playback != "" || f.record != "" || f.settings != hardware.Settings{Oversampling: 1}
}

// openBoard is a board with what has to be closed after it.
type openBoard struct {
	hardware.Board
	player   *hardware.Player
	recorder *hardware.Recorder
	closers  []func() error
}

// open finds the board. Its errors have exit codes and hints.
func (f *boardFlags) open() (*openBoard, error) {
	if err := f.settings.Validate(); err != nil {
		return nil, usage(err)
	}
	b := &openBoard{Board: hardware.Board{Settings: f.settings}}
	bus, err := f.openBus(b)
	if err != nil {
		return nil, err
	}
	if b.Bus = bus; f.record != "" {
		tape, err := os.OpenFile(f.record, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if err != nil {
			return nil, errors.Join(usage(fmt.Errorf("--record: %w", err)), b.release())
		}
		b.closers = append(b.closers, tape.Close)
		b.recorder = hardware.NewRecorder(bus, tape)
		b.Bus = b.recorder
	}
	if err := b.Open(); err != nil {
		_ = b.release() // the board itself is what the user has to see to
		return nil, boardError(err)
	}
	return b, nil
}

func (f *boardFlags) openBus(b *openBoard) (i2c.Bus, error) {
	if f.playback == "" {
		bus, err := hardware.OpenBus(f.bus)
		if err != nil {
			return nil, boardError(err)
		}
		b.closers = append(b.closers, bus.Close)
		return bus, nil
	}
	if f.bus != "" {
		return nil, usage(errors.New("give --bus or --playback, not both"))
	}
	tape, err := os.Open(f.playback)
	if err != nil {
		return nil, usage(fmt.Errorf("--playback: %w", err))
	}
	defer tape.Close()
	if b.player, err = hardware.NewPlayer(f.playback, tape); err != nil {
		return nil, usage(fmt.Errorf("--playback: %w", err))
	}
	return b.player, nil
}

// boardError gives an error of the bus its exit code and a hint.
func boardError(err error) error {
	_, mismatch := errors.AsType[*hardware.TapeError](err)
	switch {
	case errors.Is(err, hardware.ErrNoBus):
		return environment(err, `on a Raspberry Pi: sudo raspi-config nonint do_i2c 0; sudo modprobe i2c-dev;
      sudo usermod -aG i2c $USER, and log in again. Without a board: --playback FILE`)
	case errors.Is(err, hardware.ErrNoSensor):
		return environment(err, `check the wires (3V3, GND, SDA, SCL; hardware/README.md has the pins):
      i2cdetect -y 1 must show 76 or 77`)
	case mismatch:
		return &exitError{code: exitFailed, err: err, hint: "was the tape recorded with other --oversampling or --filter?"}
	}
	return environment(err, "")
}

// complete tells what is left on a tape, which an interruption excuses, and why one
// that was recorded is not complete.
func (b *openBoard) complete(interrupted bool) error {
	var errs []error
	if b.player != nil && !interrupted {
		errs = append(errs, b.player.Close())
	}
	if b.recorder != nil {
		errs = append(errs, b.recorder.Err())
	}
	return errors.Join(errs...)
}

// finish is complete, and closes the board.
func (b *openBoard) finish(interrupted bool) error {
	return errors.Join(b.complete(interrupted), b.release())
}

// release closes bus and files.
func (b *openBoard) release() error {
	var errs []error
	for _, c := range b.closers {
		errs = append(errs, c())
	}
	return errors.Join(errs...)
}
