package hardware

import (
	"errors"
	"fmt"
	"time"

	"periph.io/x/conn/v3/i2c"
)

// Board is a BME280 on a bus, which may be pulled out and come back. The zero value
// with a Bus is ready; a Board is used by one goroutine at a time.
//
//	     found and set up
//	lost ───────────────> ready ── a reading failed maxTries times ─> lost
//	  ^                                                                │
//	  └──── pause: 1 s, 2 s, … MaxPause; the bus is left alone ────────┘
type Board struct {
	Bus      i2c.Bus
	Settings Settings
	// Pause is the first pause after a failure, 1 s when zero; it doubles up to
	// MaxPause, 1 min when zero.
	Pause, MaxPause time.Duration

	chip     *chip
	failures int
	retryAt  time.Time
	last     error
}

// maxTries bounds how often one reading is tried before the chip counts as lost, and
// tryPause lies between: a disturbed line is well again by then.
const (
	maxTries = 3
	tryPause = 20 * time.Millisecond
)

// ErrLost says that there is no reading because the board is lost: the error that
// wraps it names the cause.
var ErrLost = errors.New("no reading")

// Open looks for the chip at once.
func (b *Board) Open() error {
	settings := b.Settings.withDefaults()
	if err := settings.Validate(); err != nil {
		return fmt.Errorf("bme280: %w", err)
	}
	c, err := find(b.Bus, settings)
	if err != nil {
		b.chip = nil
		return err
	}
	b.chip = c
	return nil
}

// Address is where the chip is; 0 while it is lost.
func (b *Board) Address() uint16 {
	if b.chip == nil {
		return 0
	}
	return b.chip.dev.Addr
}

// Read takes a measurement, which lasts up to 0.4 s when all goes wrong. ErrLost,
// also during a pause, and ErrImplausible are for the moment; io.EOF, the end of a
// tape, and *TapeError are for ever.
func (b *Board) Read() (Measurement, error) {
	if wait := time.Until(b.retryAt); wait > 0 {
		return Measurement{}, fmt.Errorf("%w: the next try is in %s: %w", ErrLost, wait.Round(time.Millisecond), b.last)
	}
	m, err := b.try()
	switch {
	case err == nil:
		b.failures = 0
		return m, nil
	case final(err) || errors.Is(err, ErrImplausible):
		return Measurement{}, err
	}
	b.lose(err)
	return Measurement{}, fmt.Errorf("%w: %w", ErrLost, err)
}

// try reads, and finds the chip before that if need be.
func (b *Board) try() (m Measurement, err error) {
	for attempt := range maxTries {
		if attempt > 0 {
			time.Sleep(tryPause)
		}
		if b.chip == nil {
			if err = b.Open(); err != nil {
				return m, err
			}
		}
		if m, err = b.chip.measure(); err == nil || final(err) || errors.Is(err, ErrImplausible) {
			return m, err
		}
		if errors.Is(err, errLost) {
			b.chip = nil // found again in the next attempt
		}
	}
	return m, err
}

// lose begins a pause.
func (b *Board) lose(err error) {
	pause, limit := b.Pause, b.MaxPause
	if pause <= 0 {
		pause = time.Second
	}
	if limit <= 0 {
		limit = time.Minute
	}
	for range b.failures {
		if pause *= 2; pause >= limit {
			break
		}
	}
	b.failures++
	b.chip, b.last, b.retryAt = nil, err, time.Now().Add(min(pause, limit))
}
