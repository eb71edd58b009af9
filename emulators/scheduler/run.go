package scheduler

import (
	"context"
	"errors"
	"maps"
	"slices"
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Run fires schedules until ctx ends, and then returns nil. Of the times of a
// schedule that passed before Run, one is made up for.
func (s *State) Run(ctx context.Context) error {
	if !s.claim() {
		return errors.New("scheduler: Run runs already")
	}
	defer s.release()
	for {
		for _, d := range s.takeDue(time.Now()) {
			if d.over {
				s.bury(ctx, d, tooOld)
				continue
			}
			s.fire(ctx, d)
		}
		var due <-chan time.Time
		var timer *time.Timer
		if at, any := s.nextDue(); any {
			timer = time.NewTimer(time.Until(at))
			due = timer.C
		}
		select {
		case <-due:
		case <-s.changed:
		case <-ctx.Done():
		}
		if timer != nil {
			timer.Stop()
		}
		if ctx.Err() != nil {
			return nil
		}
	}
}

// firingOf is one firing of one schedule, to be tried now or over: the next is due.
type firingOf struct {
	schedule *schedule
	name     string
	target   Target
	firing   firing
	over     bool
}

// takeDue moves every schedule that is due to its next time, and returns what
// is to be fired in order of (due time, name).
func (s *State) takeDue(now time.Time) []firingOf {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []firingOf
	for _, name := range slices.Sorted(maps.Keys(s.schedules)) {
		found := s.schedules[name]
		if found.spec.State != enabled {
			continue
		}
		retry, of := found.retry, firingOf{schedule: found, name: name, target: *found.spec.Target}
		if found.next.After(now) {
			if retry != nil && !retry.at.After(now) {
				found.retry, of.firing = nil, *retry
				out = append(out, of)
			}
			continue
		}
		if retry != nil {
			late := of
			late.firing, late.over = *retry, true
			out = append(out, late)
		}
		// Times that were missed altogether count as this one.
		found.retry, of.firing = nil, firing{due: found.next}
		missed := now.Sub(found.next) / found.every
		found.next = found.next.Add((missed + 1) * found.every)
		out = append(out, of)
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].firing.due.Before(out[j].firing.due) })
	return out
}

// fire invokes the target once.
func (s *State) fire(ctx context.Context, d firingOf) {
	f := &d.firing
	f.attempts++
	f.id = wire.NewRequestID()
	if f.payload, f.failed = s.payload(d.name, d.target.Input, *f); f.failed == nil {
		f.failed = s.perform(ctx, d.target, s.call(d.target, f.payload))
	}
	if s.config.Tap != nil {
		s.config.Tap(Event{
			At: time.Now(), Schedule: d.name, Due: f.due, Attempt: f.attempts,
			Target: d.target.Arn, Payload: f.payload, Err: f.failed,
		})
	}
	if f.failed == nil {
		return
	}
	s.config.Log.Warn("schedule could not invoke its target", "schedule", d.name, "target", d.target.Arn, "attempt", f.attempts, "error", f.failed)
	if permanent(f.failed) {
		s.bury(ctx, d, "")
	} else if condition := s.again(&d); condition != "" {
		s.bury(ctx, d, condition)
	}
}

// again plans the next attempt of a firing, or answers why there is none. With its
// schedule a firing is forgotten.
func (s *State) again(d *firingOf) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.firing.at = time.Now().Add(time.Second << min(d.firing.attempts-1, 10))
	if s.schedules[d.name] != d.schedule {
		return ""
	}
	if condition := d.target.RetryPolicy.exhausted(d.firing); condition != "" {
		return condition
	}
	if !d.firing.at.Before(d.schedule.next) {
		return tooOld
	}
	d.schedule.retry = &d.firing
	return ""
}

// nextDue is the earliest time that anything is due.
func (s *State) nextDue() (time.Time, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var first time.Time
	for _, found := range s.schedules {
		if found.spec.State != enabled {
			continue
		}
		at := found.next
		if found.retry != nil && found.retry.at.Before(at) {
			at = found.retry.at
		}
		if first.IsZero() || at.Before(first) {
			first = at
		}
	}
	return first, !first.IsZero()
}

func (s *State) claim() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	was := s.claimed
	s.claimed = true
	return !was
}

func (s *State) release() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.claimed = false
}
