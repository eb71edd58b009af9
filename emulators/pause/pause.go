// Package pause waits: for a time, or until nobody waits for it any more.
package pause

import (
	"context"
	"time"
)

// For waits for d or until ctx ends; it reports whether d has passed.
func For(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-ctx.Done():
		return false
	}
}
