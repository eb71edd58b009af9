package firehose

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"sync"
	"time"
)

// maxTasks bounds the invocations and deliveries that are under way together.
const maxTasks = 16

// task is an invocation or a delivery. Of one stream there is one of a kind at a time.
type task struct {
	key string
	run func(context.Context)
}

// Run reads the sources, and transforms and delivers what is full or old enough, until
// ctx ends and everything has stopped. What is left then is Flush's.
//
// A task that takes no time ends before the next one begins, so that in virtual time
// they have an order; others do not wait for one that does take time.
func (s *State) Run(ctx context.Context) error {
	var under sync.WaitGroup
	defer under.Wait()
	timer := time.NewTimer(0)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-s.wake:
			time.Sleep(time.Nanosecond) // what else is put at this instant counts too
		case <-timer.C:
		}
		s.startSources(ctx, &under)
		for t := s.next(); t != nil && ctx.Err() == nil; t = s.next() {
			done := make(chan struct{})
			under.Go(func() {
				defer close(done)
				t.run(ctx)
				s.finish(t)
			})
			select {
			case <-done:
			case <-time.After(time.Nanosecond):
			}
		}
		timer.Stop()
		if at, ok := s.due(); ok {
			timer.Reset(time.Until(at))
		}
	}
}

// next is a task to begin now, or nil.
func (s *State) next() *task {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := time.Now()
	for _, name := range slices.Sorted(maps.Keys(s.streams)) {
		s.sealDue(s.streams[name], now)
	}
	if len(s.busy) >= maxTasks {
		return nil
	}
	if w := s.nextWork(now); w != nil {
		s.busy[w.key()] = true
		return &task{w.key(), func(ctx context.Context) { s.transform(ctx, w) }}
	}
	if b := s.nextBatch(now); b != nil {
		s.busy[b.key()] = true
		return &task{b.key(), func(ctx context.Context) { _ = s.deliver(ctx, b) }} // it tells the log
	}
	return nil
}

// overfull tells that records have become more than may be buffered by what functions
// made of them: then no more are transformed before some are delivered.
func (s *State) overfull() bool { return s.bytes > s.config.MaxBytes }

// nextWork is the one that has waited longest; of one instant, by name.
func (s *State) nextWork(now time.Time) (next *work) {
	if s.overfull() {
		return nil
	}
	for _, w := range s.works {
		if s.busy[w.key()] || now.Before(w.notBefore) {
			continue
		}
		if next == nil || cmp.Or(w.sealed.Compare(next.sealed), cmp.Compare(w.stream.name, next.stream.name)) < 0 {
			next = w
		}
	}
	return next
}

func (s *State) nextBatch(now time.Time) (next *batch) {
	for _, b := range s.sealed {
		if s.busy[b.key()] || now.Before(b.notBefore) {
			continue
		}
		if next == nil || cmp.Or(b.sealed.Compare(next.sealed), cmp.Compare(b.stream, next.stream)) < 0 {
			next = b
		}
	}
	return next
}

func (w *work) key() string  { return "transform " + w.stream.name }
func (b *batch) key() string { return "deliver " + b.stream }

func (s *State) finish(t *task) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.busy, t.key)
	s.notify()
}

// due is when next will have a task, if nothing happens before; the end of one that is
// under way tells so itself.
func (s *State) due() (at time.Time, ok bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	earliest := func(t time.Time) {
		if !ok || t.Before(at) {
			at, ok = t, true
		}
	}
	for _, st := range s.streams {
		st.earliestDue(earliest)
	}
	if len(s.busy) >= maxTasks {
		return at, ok
	}
	for _, w := range s.works {
		if !s.busy[w.key()] && !s.overfull() {
			earliest(w.notBefore)
		}
	}
	for _, b := range s.sealed {
		if !s.busy[b.key()] {
			earliest(b.notBefore)
		}
	}
	return at, ok
}

// Idle tells that nothing is buffered, transformed or waits for its delivery, and that
// the sources are read to their end. A record that was put into one at this very
// instant may not have been seen yet; ask once more later.
func (s *State) Idle() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, st := range s.streams {
		if !st.empty() || !s.readToTheEnd(st) {
			return false
		}
	}
	return len(s.sealed)+len(s.works)+len(s.busy) == 0
}

// Flush transforms and delivers everything that is buffered, once Run has ended and
// nothing puts any more. Each invocation and each batch is tried once; records that a
// function fails on are delivered as failed. An error tells how much could not be
// delivered, and why the last of it.
func (s *State) Flush(ctx context.Context) error {
	s.mu.Lock()
	s.flushing = true
	for _, name := range slices.Sorted(maps.Keys(s.streams)) {
		s.sealWork(s.streams[name])
	}
	works := slices.Clone(s.works)
	s.mu.Unlock()
	for _, w := range works {
		s.transform(ctx, w)
	}
	s.mu.Lock()
	s.flushing = false
	for _, name := range slices.Sorted(maps.Keys(s.streams)) {
		s.seal(s.streams[name])
	}
	left, untouched := slices.Clone(s.sealed), 0
	for _, w := range s.works {
		untouched += len(w.records)
	}
	s.mu.Unlock()
	failed, bytes := 0, 0
	var last error
	for _, b := range left {
		if err := s.deliver(ctx, b); err != nil {
			failed, bytes, last = failed+1, bytes+len(b.data), err
		}
	}
	if failed > 0 {
		last = fmt.Errorf("firehose: %d batches of %d bytes could not be delivered: %w", failed, bytes, last)
	}
	if untouched > 0 {
		last = errors.Join(last, fmt.Errorf("firehose: %d records could not be transformed: %w", untouched, ctx.Err()))
	}
	return last
}
