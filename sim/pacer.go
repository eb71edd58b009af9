package sim

import "time"

// Pacer says when devices begin: along a profile, at a constant rate if it has
// none, the first at once, the last before Over has passed. It is a pure function;
// the zero value lets all begin at once.
//
//	started
//	 n ┤          ┌───
//	   │      ┌───┘
//	   │  ┌───┘
//	 1 ┼──┘            elapsed
//	   0        Over
type Pacer struct {
	Devices int
	Over    time.Duration
	Profile Profile
}

// Delay is when the i-th device begins, from 0, in whole milliseconds.
func (p Pacer) Delay(i int) time.Duration {
	if p.Over <= 0 || p.Devices <= 0 {
		return 0
	}
	// In floating point: a product of nanoseconds and devices may overflow.
	return time.Duration(float64(p.Over.Milliseconds())*p.Profile.when(float64(i)/float64(p.Devices))) * time.Millisecond
}

// Started is how many devices have begun after the time elapsed.
func (p Pacer) Started(elapsed time.Duration) int {
	if elapsed < 0 {
		return 0
	}
	low, high := 0, p.Devices
	for low < high {
		if mid := (low + high) / 2; p.Delay(mid) <= elapsed {
			low = mid + 1
		} else {
			high = mid
		}
	}
	return low
}
