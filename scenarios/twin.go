package scenarios

import (
	"context"
	"sync"
	"time"

	"github.com/shakedown-iot/shakedown/sim/mqtt"
)

// twinPause is how long a second client waits before it connects again: not whole
// milliseconds, after which the device itself may act, in its lane.
const twinPause = 5*time.Second + 7*time.Nanosecond

// twin is a second client with a device's certificate and client id. Each takes
// the connection from the other, as AWS IoT does with a duplicate client id.
type twin struct {
	cancel context.CancelFunc
	done   sync.WaitGroup
}

func startTwin(w *World, m *member) *twin {
	ctx, cancel := context.WithCancel(context.Background())
	t := &twin{cancel: cancel}
	t.done.Go(func() {
		for ctx.Err() == nil {
			t.connect(ctx, w, m)
			select {
			case <-ctx.Done():
			case <-time.After(twinPause):
			}
		}
	})
	return t
}

// connect holds a connection until somebody takes it away. That it cannot be had
// is what happens to twins.
func (t *twin) connect(ctx context.Context, w *World, m *member) {
	conn, err := w.Secure(ctx, m.identity, w.Dial)
	if err != nil {
		return
	}
	client, err := mqtt.Connect(ctx, conn, mqtt.Options{ClientID: m.Thing, KeepAlive: time.Minute, CleanSession: true})
	if err != nil {
		return
	}
	_ = client.Run(ctx)
}

// stop ends the twin and waits for it.
func (t *twin) stop() {
	t.cancel()
	t.done.Wait()
}

// dismiss ends the second client of a fault, if there is one.
func (m *member) dismiss(i int) {
	m.mu.Lock()
	t := m.twins[i]
	delete(m.twins, i)
	m.mu.Unlock()
	if t != nil {
		t.stop()
	}
}
