package hardware

import (
	"fmt"
	"slices"
	"time"
)

// Settings are how a chip measures. The zero value is the datasheet's for weather
// monitoring (DS 3.5.1): each value once, no filter.
type Settings struct {
	// Oversampling is how often each value is measured and averaged: 1, 2, 4, 8 or
	// 16 times; 1 when zero.
	Oversampling int
	// Filter is the coefficient of the low-pass filter for temperature and pressure:
	// 2, 4, 8 or 16; off when zero. In forced mode it moves on once a reading.
	Filter int
}

// The codes of the registers are places in these lists (DS 5.4.3, 5.4.5, 5.4.6).
var (
	oversamplings = []int{0, 1, 2, 4, 8, 16}
	filters       = []int{0, 2, 4, 8, 16}
)

func (s Settings) withDefaults() Settings {
	if s.Oversampling == 0 {
		s.Oversampling = 1
	}
	return s
}

// Validate tells what a chip cannot do.
func (s Settings) Validate() error {
	s = s.withDefaults()
	if !slices.Contains(oversamplings[1:], s.Oversampling) {
		return fmt.Errorf("oversampling %d is none of 1, 2, 4, 8, 16", s.Oversampling)
	}
	if !slices.Contains(filters, s.Filter) {
		return fmt.Errorf("filter %d is none of 0 (off), 2, 4, 8, 16", s.Filter)
	}
	return nil
}

// standby is 1 s between measurements in normal mode (DS table 27), which is not
// used: it makes the config register of a chip that is set up unlike that of one
// that has just got power.
const standby = 0b101 << 5

// config, humidity and forced are the contents of registers 0xF5, 0xF2 and 0xF4.
func (s Settings) config() byte   { return standby | byte(slices.Index(filters, s.Filter))<<2 }
func (s Settings) humidity() byte { return byte(slices.Index(oversamplings, s.Oversampling)) }
func (s Settings) forced() byte {
	code := byte(slices.Index(oversamplings, s.Oversampling))
	return code<<5 | code<<2 | 0b01
}

// conversion is the longest that a measurement takes (DS 9.1).
func (s Settings) conversion() time.Duration {
	n := time.Duration(s.Oversampling)
	return 1250*time.Microsecond + 3*2300*time.Microsecond*n + 2*575*time.Microsecond
}
