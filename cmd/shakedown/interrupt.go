package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"os/signal"
	"sync/atomic"
	"syscall"
)

// untilInterrupted tells by polling whether the user has pressed Ctrl-C, of which
// it says text once; a second signal has its default effect. Signals do not enter a
// bubble, so nobody waits for them there. stop ends the watch.
func untilInterrupted(ctx context.Context, stderr io.Writer, text string) (interrupted func() bool, stop func()) {
	var pressed atomic.Bool
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	watching, cancel := context.WithCancel(ctx)
	go func() {
		select {
		case <-signals:
			signal.Stop(signals)
			pressed.Store(true)
			fmt.Fprintln(stderr, "\n"+text+" (Ctrl-C again ends at once)")
		case <-watching.Done():
		}
	}()
	return pressed.Load, func() {
		signal.Stop(signals)
		cancel()
	}
}
