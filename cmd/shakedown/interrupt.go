package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
	"time"
)

// interrupts watches for Ctrl-C, and for the key of that name where a terminal
// sends no signal. Whether it came is asked by polling: signals do not enter a
// bubble. The second time the process ends as it would have at the first.
type interrupts struct {
	pressed atomic.Bool
	signals chan os.Signal
	cancel  context.CancelFunc
}

func newInterrupts() *interrupts { return &interrupts{signals: make(chan os.Signal, 2)} }

// watch begins to watch. The first time say is called with text, restore before the
// second one's effect.
func (i *interrupts) watch(ctx context.Context, text string, say func(string), restore func()) {
	signal.Notify(i.signals, os.Interrupt, syscall.SIGTERM)
	ctx, i.cancel = context.WithCancel(ctx)
	go func() {
		select {
		case <-i.signals:
		case <-ctx.Done():
			return
		}
		i.pressed.Store(true)
		say(text + " (Ctrl-C again ends at once)")
		select {
		case again := <-i.signals:
			restore()
			endBy(again)
		case <-ctx.Done():
		}
	}()
}

// press is Ctrl-C as a key.
func (i *interrupts) press() {
	select {
	case i.signals <- os.Interrupt:
	default: // two are on their way already
	}
}

// stop ends the watch; signals have their default effect again.
func (i *interrupts) stop() {
	signal.Stop(i.signals)
	i.cancel()
}

// endBy ends the process by a signal's default effect. A process that is sent a
// signal may live a moment longer; where there are no signals, or they are ignored,
// it ends with the exit code that a shell would show.
func endBy(s os.Signal) {
	signal.Reset(s)
	if self, err := os.FindProcess(os.Getpid()); err == nil && self.Signal(s) == nil {
		time.Sleep(time.Second)
	}
	code := 1
	if number, ok := s.(syscall.Signal); ok {
		code = 128 + int(number)
	}
	os.Exit(code)
}

// untilInterrupted is the watch of a command that only writes to stderr.
func untilInterrupted(ctx context.Context, stderr io.Writer, text string) (interrupted func() bool, stop func()) {
	i := newInterrupts()
	i.watch(ctx, text, func(text string) { fmt.Fprintln(stderr, "\n"+text) }, func() {})
	return i.pressed.Load, i.stop
}
