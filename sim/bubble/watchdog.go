package bubble

import (
	"bytes"
	"fmt"
	"runtime"
	"time"
)

// WatchdogError says that the virtual clock stood still or ran away. The
// goroutines of the bubble are left behind.
type WatchdogError struct {
	// Virtual is the virtual time, to the second.
	Virtual time.Time
	// Real is how long the clock stood still; 0 when it ran away.
	Real time.Duration
	// Stacks are those of all goroutines, the ones that keep the clock from moving
	// first; at most 1 MiB.
	Stacks []byte
}

// Error implements error.
func (e *WatchdogError) Error() string {
	at := e.Virtual.UTC().Format(time.RFC3339)
	if e.Real > 0 {
		return fmt.Sprintf("virtual clock stands still at %s for %s: a goroutine computes without end or waits for something outside the bubble; its goroutines cannot be ended\n\n%s", at, e.Real, e.Stacks)
	}
	return fmt.Sprintf("virtual clock ran past the limit, to %s: something waits for what never happens; its goroutines cannot be ended\n\n%s", at, e.Stacks)
}

// watch waits for the bubble in real time.
func (o Options) watch(done <-chan error) error {
	look := time.NewTicker(max(o.Stall/20, time.Millisecond))
	defer look.Stop()
	last, beat, since := o.Clock.Load(), o.Beat(), time.Now()
	for {
		select {
		case err := <-done:
			return err
		case <-look.C:
		}
		now := o.Clock.Load()
		virtual := time.Unix(0, now)
		if virtual.Sub(o.Start) > o.Limit {
			return o.settle(done, &WatchdogError{Virtual: virtual, Stacks: stacks()})
		}
		if b := o.Beat(); now != last || b != beat {
			last, beat, since = now, b, time.Now()
			continue
		}
		if d := time.Since(since); d > o.Stall {
			return o.settle(done, &WatchdogError{Virtual: virtual, Real: d, Stacks: stacks()})
		}
	}
}

// settle prefers the bubble's own result where both come at once. A deadlock
// found by synctest after the clock ran away is the consequence, not the cause.
func (o Options) settle(done <-chan error, w *WatchdogError) error {
	select {
	case err := <-done:
		if _, dead := err.(*PanicError); err == nil || !dead {
			return err
		}
	default:
	}
	return w
}

// maxStacks bounds the text of a WatchdogError, in bytes.
const maxStacks = 1 << 20

// stacks are all goroutines' stacks: first those in a bubble which are not idle
// (only they hold the clock), then the bubble's others, then the rest.
func stacks() []byte {
	buf := make([]byte, 64*maxStacks)
	buf = buf[:runtime.Stack(buf, true)]
	var groups [3][][]byte
	for one := range bytes.SplitSeq(buf, []byte("\n\n")) {
		head, _, _ := bytes.Cut(one, []byte("\n"))
		i := 2
		if bytes.Contains(head, []byte("synctest bubble")) {
			i = 0
			if bytes.Contains(head, []byte("(durable)")) {
				i = 1
			}
		}
		groups[i] = append(groups[i], one)
	}
	var all [][]byte
	for _, g := range groups {
		all = append(all, g...)
	}
	out := bytes.Join(all, []byte("\n\n"))
	return bytes.Clone(out[:min(len(out), maxStacks)])
}
