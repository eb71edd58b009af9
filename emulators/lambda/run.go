package lambda

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"
)

// Run performs asynchronous invocations and polls event source mappings until
// ctx ends. It then lets invocations in progress finish and waits at most
// Config.Drain for abandoned handlers, which it names in its error when they
// still run; processes are killed then. What is queued stays queued for another Run.
func (s *State) Run(ctx context.Context) error {
	if !s.claim() {
		return errors.New("lambda: Run runs already")
	}
	defer s.release()
	var group sync.WaitGroup
	active := map[string]*running{}
	for {
		s.startLanes(ctx, &group)
		s.reconcile(ctx, &group, active)
		select {
		case <-s.changed:
			continue
		case <-ctx.Done():
		}
		group.Wait()
		err := s.drain()
		if s.pool != nil {
			s.pool.Stop()
		}
		return err
	}
}

// running is a mapping that is being polled.
type running struct {
	mapping *mapping
	cancel  context.CancelFunc
	done    chan struct{}
}

func (r *running) over() bool {
	select {
	case <-r.done:
		return true
	default:
		return false
	}
}

// reconcile stops what is disabled or deleted and starts what is enabled. A
// mapping starts again only when its former pollers have ended.
func (s *State) reconcile(ctx context.Context, group *sync.WaitGroup, active map[string]*running) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, id := range slices.Sorted(maps.Keys(active)) {
		if m := s.mappings[id]; m != active[id].mapping || !m.enabled {
			active[id].cancel()
		}
		if active[id].over() {
			active[id].cancel()
			delete(active, id)
		}
	}
	for _, id := range slices.Sorted(maps.Keys(s.mappings)) {
		m := s.mappings[id]
		if !m.enabled || active[id] != nil || ctx.Err() != nil {
			continue
		}
		polling, cancel := context.WithCancel(ctx)
		r := &running{mapping: m, cancel: cancel, done: make(chan struct{})}
		active[id] = r
		group.Go(func() {
			defer s.notify()
			defer close(r.done)
			defer cancel()
			if ofQueue(m.config.EventSourceArn) {
				s.runQueue(polling, m)
			} else {
				s.runMapping(polling, m)
			}
		})
	}
}

func (s *State) startLanes(ctx context.Context, group *sync.WaitGroup) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, name := range slices.Sorted(maps.Keys(s.lanes)) {
		l := s.lanes[name]
		if l.started || ctx.Err() != nil {
			continue
		}
		l.started = true
		group.Go(func() { s.runLane(ctx, l) })
	}
}

func (s *State) claim() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.claimed {
		return false
	}
	s.claimed = true
	if s.pool != nil {
		s.pool.Keep(true)
	}
	return true
}

func (s *State) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claimed = false
	s.cool()
	for _, l := range s.lanes {
		l.started = false
	}
}

// drain waits for handlers that are still in progress.
func (s *State) drain() error {
	s.mu.Lock()
	if s.running == 0 {
		s.mu.Unlock()
		return nil
	}
	drained := make(chan struct{})
	s.drained = drained
	s.mu.Unlock()
	timer := time.NewTimer(s.config.Drain)
	defer timer.Stop()
	select {
	case <-drained:
		return nil
	case <-timer.C:
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	names := slices.Sorted(maps.Keys(s.inside))
	return fmt.Errorf("lambda: handlers still run %s after the end: %s", s.config.Drain, strings.Join(names, ", "))
}

// idleHold is how long a poller must have found nothing before its shard
// counts as read to the end: between two batches it waits for less.
const idleHold = 50 * time.Millisecond

// Idle tells that nothing is on its way: no handler runs, no asynchronous event
// is queued (a wait for a retry counts as queued), and every enabled mapping has
// read all its shards to the end and has no batch in hand. A record that was
// appended at this very instant may not have been seen yet; ask once more later.
func (s *State) Idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running > 0 || s.queued > 0 {
		return false
	}
	for _, m := range s.mappings {
		if !m.enabled {
			continue
		}
		if !m.ready {
			return false
		}
		for id, st := range m.shards {
			if st.ended {
				continue
			}
			if !st.waiting || st.held > 0 || time.Since(st.since) < idleHold || time.Now().Before(st.hidden) || !s.atEnd(m, id, st) {
				return false
			}
		}
	}
	return true
}

// atEnd asks streams that have to be asked.
func (s *State) atEnd(m *mapping, shard string, st *shardState) bool {
	if ofQueue(m.config.EventSourceArn) {
		return true // a receive that waits has found nothing
	}
	end, ok := s.config.Streams.(StreamEnd)
	return !ok || end.AtEnd(m.config.EventSourceArn, shard, st.checkpoint)
}
