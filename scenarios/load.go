package scenarios

import (
	"errors"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/reports"
	"github.com/shakedown-iot/shakedown/sim/device"
)

// load is how well the fleet kept to its schedule, while it runs.
type load struct {
	mu      sync.Mutex
	late    *reports.Histogram
	skipped int
	dropped int
}

func newLoad() *load { return &load{late: reports.NewHistogram()} }

// take enters a reading that was taken so late.
func (l *load) take(late time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.late.Record(late)
}

// skip enters readings that were not taken at all.
func (l *load) skip(n int) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.skipped += n
}

// drop enters a message that a device gave up, if that is because its queue was full.
func (l *load) drop(why error) {
	if !errors.Is(why, device.ErrOverflow) {
		return
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.dropped++
}

func (l *load) report() *reports.Load {
	l.mu.Lock()
	defer l.mu.Unlock()
	late := l.late.Latency("taken")
	return &reports.Load{Due: int(late.Count) + l.skipped, Late: late, Skipped: l.skipped, Dropped: l.dropped}
}
