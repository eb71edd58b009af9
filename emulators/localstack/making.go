package localstack

import (
	"context"
	"sync"
	"time"

	"github.com/testcontainers/testcontainers-go"
)

// making is whether the engine is making a container. Then the start is not cut
// short: the engine would go on, and hand the container to nobody.
type making struct {
	mu   sync.Mutex
	done chan struct{} // while the engine makes one
	cut  bool          // before it has begun
}

// bound is a context that ends with ctx, or after startBound, but not while the
// engine is making a container; that in turn takes makeBound at most.
func (m *making) bound(ctx context.Context) (context.Context, context.CancelFunc) {
	starting, cancel := context.WithTimeout(context.WithoutCancel(ctx), startBound)
	stop := context.AfterFunc(ctx, func() {
		m.mu.Lock()
		done := m.done
		m.cut = done == nil
		m.mu.Unlock()
		if done != nil {
			select {
			case <-done:
			case <-time.After(makeBound):
			}
		}
		cancel()
	})
	return starting, func() { stop(); cancel() }
}

// hooks tell from when to when the engine makes the container.
func (m *making) hooks() testcontainers.ContainerCustomizer {
	return testcontainers.WithAdditionalLifecycleHooks(testcontainers.ContainerLifecycleHooks{
		PreCreates: []testcontainers.ContainerRequestHook{func(ctx context.Context, _ testcontainers.ContainerRequest) error {
			m.mu.Lock()
			defer m.mu.Unlock()
			if m.cut {
				return context.Canceled
			}
			m.done = make(chan struct{})
			return ctx.Err()
		}},
		PostCreates: []testcontainers.ContainerHook{func(context.Context, testcontainers.Container) error {
			m.over()
			return nil
		}},
	})
}

// over ends a making, also of a container that the engine did not make.
func (m *making) over() {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.done != nil {
		close(m.done)
		m.done = nil
	}
}
