package bubble

import (
	"errors"
	"fmt"
	"runtime/debug"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// Epoch is where a bubble's clock begins.
var Epoch = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)

// DefaultStall is Options.Stall when zero.
const DefaultStall = time.Minute

// tick is the virtual time between two looks at the clock.
const tick = time.Second

// Options are the bounds of a bubble. The zero value is ready.
type Options struct {
	// Start is the virtual time at which f is called; Epoch when zero. It cannot
	// be before Epoch.
	Start time.Time
	// Stall is the real time that the virtual clock may stand still; DefaultStall
	// when zero.
	Stall time.Duration
	// Limit is the virtual time that f may take at most, against a clock that
	// runs away because f waits for ever beside a ticker; 0 is ten years.
	Limit time.Duration
	// Clock, if set, follows the virtual time (Unix ns, to the second), to be read
	// from outside. It does not change what happens inside.
	Clock *atomic.Int64
	// Beat, if set, is another sign of life, and called from outside: as long as what
	// it returns changes, f computes at one instant of virtual time and has not got
	// stuck. It must come to an end: else nothing finds what goes on for ever there.
	Beat func() int64
}

// PanicError is a panic of f, or synctest's own about a deadlock.
type PanicError struct {
	Value any
	Stack []byte
}

// Error implements error.
func (e *PanicError) Error() string { return fmt.Sprintf("panic in the bubble: %v", e.Value) }

// Unwrap gives the panic's value when it is an error.
func (e *PanicError) Unwrap() error {
	err, _ := e.Value.(error)
	return err
}

// Run calls f in a bubble of virtual time and waits for it and for all
// goroutines that it started. It must not be called from within a bubble.
func Run(o Options, f func()) error {
	if o.Start.IsZero() {
		o.Start = Epoch
	}
	if o.Start.Before(Epoch) {
		return fmt.Errorf("run bubble: start %s is before %s, where virtual time begins", o.Start, Epoch)
	}
	if o.Stall <= 0 {
		o.Stall = DefaultStall
	}
	if o.Limit <= 0 {
		o.Limit = 10 * 365 * 24 * time.Hour
	}
	if o.Clock == nil {
		o.Clock = new(atomic.Int64)
	}
	if o.Beat == nil {
		o.Beat = func() int64 { return 0 }
	}
	o.Clock.Store(o.Start.UnixNano())
	done := make(chan error, 1)
	go o.enter(f, done)
	return o.watch(done)
}

// enter makes the bubble. The testing.T is empty and never leaves this function:
// synctest.Test only makes a child of it. A deadlock panics here, outside.
func (o Options) enter(f func(), done chan<- error) {
	var err error
	defer func() { done <- err }()
	defer func() {
		if v := recover(); v != nil {
			// A panic of f comes first: it is why goroutines were left behind.
			err = errors.Join(err, &PanicError{v, debug.Stack()})
		}
	}()
	synctest.Test(new(testing.T), func(*testing.T) {
		time.Sleep(time.Until(o.Start))
		stop := make(chan struct{})
		defer close(stop)
		go o.follow(stop)
		err = protect(f)
	})
}

// protect calls f in a goroutine of its own, because the one of the empty
// testing.T cannot survive a panic or a runtime.Goexit.
func protect(f func()) error {
	result := make(chan error, 1)
	go func() {
		err := errors.New("run bubble: the function called runtime.Goexit")
		defer func() { result <- err }()
		defer func() {
			if v := recover(); v != nil {
				err = &PanicError{v, debug.Stack()}
			}
		}()
		f()
		err = nil
	}()
	return <-result
}

// follow shows the virtual time to the outside. It ends past the limit, so that a
// bubble which waits for nothing but this ticker is found to be deadlocked.
func (o Options) follow(stop <-chan struct{}) {
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for {
		select {
		case <-stop:
			return
		case now := <-ticker.C:
			o.Clock.Store(now.UnixNano())
			if now.Sub(o.Start) > o.Limit {
				return
			}
		}
	}
}
