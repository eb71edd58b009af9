package fault

import "time"

// latency delays each segment by delay ± jitter; several add up.
type latency struct {
	id, begun     int
	delay, jitter time.Duration
}

func (l latency) on(c *conditions) { c.latencies = append(c.latencies, l) }

// of is the delay for a number drawn in [0, 1). Jitter comes in whole milliseconds
// where it can, so that what a device sends stays in the device's lane (DESIGN.md §3).
func (l latency) of(draw float64) time.Duration {
	vary := time.Duration((2*draw - 1) * float64(l.jitter))
	if l.jitter >= time.Millisecond {
		vary = vary.Round(time.Millisecond)
	}
	return max(l.delay+min(max(vary, -l.jitter), l.jitter), 0)
}
