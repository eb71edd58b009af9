package fault

import (
	"context"
	"net"
	"os"
	"syscall"
	"time"
)

// handshake takes the time that TCP's SYN and its answer take under the link's
// conditions. On a healthy link it is none.
func (l *Link) handshake(ctx context.Context) error {
	if !l.troubled() {
		return nil
	}
	began, number, losses := time.Now(), l.dials.Add(1), 0
	for {
		now, changed := l.watch()
		var wait time.Duration
		switch {
		case now.cut:
			return &net.OpError{Op: "dial", Net: "tcp", Err: os.NewSyscallError("connect", syscall.ECONNREFUSED)}
		case now.held || now.frozen:
			wait = -1
		case now.lost("dial", number, losses):
			losses++
			wait = rto(synRTO, losses)
		default:
			return l.answer(ctx, began, now.delay("dial", number, now.generation)+now.delay("answer", number, now.generation))
		}
		if err := pause(ctx, wait, changed); err != nil {
			return err
		}
	}
}

// troubled tells whether any fault acts; it asks as little as it can.
func (l *Link) troubled() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.active) > 0
}

// answer waits for the round trip, and for the dial's own lane: after something has
// ended for all at once, each goes on at another nanosecond (DESIGN.md §3).
func (l *Link) answer(ctx context.Context, began time.Time, trip time.Duration) error {
	late := time.Since(began) % time.Millisecond
	if late > 0 {
		trip += time.Millisecond - late
	}
	if trip == 0 {
		return ctx.Err()
	}
	if err := pause(ctx, trip, nil); err != nil {
		return err
	}
	if l.current().cut {
		return errReset("connect")
	}
	return nil
}

// pause waits for a time, or for ever when it is negative, or until something has
// changed, or ctx ends, which is an error as of a dial that timed out.
func pause(ctx context.Context, d time.Duration, changed <-chan struct{}) error {
	var over <-chan time.Time
	if d >= 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		over = t.C
	}
	select {
	case <-over:
	case <-changed:
		// Of all that changes at this instant, an end and a beginning, only what comes
		// out counts; the dial goes on in its lane anyway.
		time.Sleep(time.Nanosecond)
	case <-ctx.Done():
		return &net.OpError{Op: "dial", Net: "tcp", Err: context.Cause(ctx)}
	}
	return nil
}
