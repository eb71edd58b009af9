package scenarios

import (
	"context"
	"time"
)

// Drain waits until nothing is on its way through the pipeline, at most so
// long. That it did not come to rest is a fact for the audit, not an error.
func (w *World) Drain(ctx context.Context, bound time.Duration) error {
	if w.attached != nil {
		return w.settle(ctx, min(bound, settleTime))
	}
	deadline := time.Now().Add(bound)
	step := 20 * time.Millisecond
	quiet := 0
	for {
		if w.Cloud.Idle() {
			quiet++
		} else {
			quiet = 0
		}
		// Twice in a row: what one part has just handed to the next is seen.
		if quiet == 2 {
			w.found.Drained = true
			return nil
		}
		if !time.Now().Before(deadline) {
			w.found.Drained = false
			return nil
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(step):
		}
		// A pipeline that retries for hours is not looked at fifty times a second.
		step = min(step*2, time.Second)
		if quiet > 0 {
			step = 20 * time.Millisecond
		}
	}
}

// settle gives an attached cloud time. Nobody tells whether it was enough: what is
// missing then is in flight, not lost.
func (w *World) settle(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
