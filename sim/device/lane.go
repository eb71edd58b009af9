package device

import "time"

// slot is the length of time that all lanes share.
const slot = time.Millisecond

// Lanes are 10 ns apart, so that what others do in answer (settling takes single
// nanoseconds, DESIGN.md §3) falls between them, and never on a full microsecond
// or millisecond, where the world's own timers are.
const (
	lanes   = 100_000
	spacing = 10
	offset  = 5
)

// Lane is the share of a millisecond that belongs to the index-th device of a
// fleet: a permutation chosen by the seed. Two of 100,000 consecutive devices
// never have the same.
func Lane(seed uint64, index int) time.Duration {
	const stride = 61_803 // has no factor in common with lanes
	place := (uint64(index)*stride + seed%lanes) % lanes
	return time.Duration(place*spacing + offset)
}

// next is the first instant of the lane at or after t.
func next(t time.Time, lane time.Duration) time.Time {
	wait := (int64(lane) - t.UnixNano()) % int64(slot)
	if wait < 0 {
		wait += int64(slot)
	}
	return t.Add(time.Duration(wait))
}
