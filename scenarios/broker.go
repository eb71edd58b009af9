package scenarios

import (
	"context"
	"fmt"
	"sync"
)

// brokerRun is the broker's listener while it is up.
type brokerRun struct {
	mu      sync.Mutex
	running context.Context // of the world
	stop    context.CancelFunc
	done    chan struct{}
}

// StartBroker lets the broker take connections. Sessions, retained messages and
// the rules queue are as they were when it stopped.
func (w *World) StartBroker() error {
	if w.attached != nil {
		return errNoListener
	}
	b := &w.broker
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stop != nil || b.running.Err() != nil {
		return nil
	}
	listener, err := w.options.Network.Listen(w.options.BrokerAddr)
	if err != nil {
		return fmt.Errorf("mqtt: %w", err)
	}
	serving, stop := context.WithCancel(b.running)
	done := make(chan struct{})
	b.stop, b.done = stop, done
	w.run("broker", func() error {
		defer close(done)
		return w.Cloud.IoT.Serve(serving, listener)
	})
	return nil
}

// StopBroker ends every connection and takes none until StartBroker.
func (w *World) StopBroker() {
	b := &w.broker
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.stop == nil {
		return
	}
	b.stop()
	<-b.done
	b.stop = nil
}
