package scheduler

import (
	"context"
	"errors"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Run fires schedules until ctx ends, and then returns nil: behind the call that is under
// way and its dead letter, of [callTimeout] each at most; what else is due waits for the
// next Run. Of the times of a schedule that passed before Run, one is made up for.
func (s *State) Run(ctx context.Context) error {
	if !s.claim() {
		return errors.New("scheduler: Run runs already")
	}
	defer s.release()
	for ctx.Err() == nil {
		if d, ok := s.takeDue(time.Now()); ok {
			s.act(context.WithoutCancel(ctx), d)
			continue
		}
		s.sleep(ctx)
	}
	return nil
}

// sleep waits until something is due, has changed, or ctx ends.
func (s *State) sleep(ctx context.Context) {
	var due <-chan time.Time
	if at := s.nextDue(); !at.IsZero() {
		timer := time.NewTimer(time.Until(at))
		defer timer.Stop()
		due = timer.C
	}
	select {
	case <-due:
	case <-s.changed:
	case <-ctx.Done():
	}
}

// firingOf is one firing of one version of a schedule, to be tried now or over: the next
// is due.
type firingOf struct {
	schedule *schedule
	version  int
	target   Target
	firing   firing
	over     bool
}

// takeDue takes what is due first, in order of (time, name), off the schedule, if
// anything is.
func (s *State) takeDue(now time.Time) (firingOf, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := s.agenda.first()
	if found == nil || found.at.After(now) {
		return firingOf{}, false
	}
	defer s.agenda.put(found)
	out := firingOf{schedule: found, version: found.version, target: *found.spec.Target}
	if retry := found.retry; retry != nil {
		found.retry = nil
		out.firing, out.over = *retry, !found.next.IsZero() && !found.invokes().After(now)
		return out, true
	}
	// Times that were missed altogether count as this one.
	out.firing.due, out.firing.from = found.next, found.invokes()
	passed := now.Add(-found.spec.FlexibleTimeWindow.length())
	if passed.Before(found.next) {
		passed = found.next
	}
	found.next = found.times.next(passed)
	return out, true
}

// act does what is due.
func (s *State) act(ctx context.Context, d firingOf) {
	if d.over {
		s.bury(ctx, d, tooOld)
		return
	}
	s.fire(ctx, d)
	s.complete(d)
}

// complete deletes the schedule of a firing if that was its last one, as it may say.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-delete.html
func (s *State) complete(d firingOf) {
	s.mu.Lock()
	defer s.mu.Unlock()
	found := d.schedule
	if s.holds(d) && found.spec.ActionAfterCompletion == deleteIt && found.next.IsZero() && found.retry == nil {
		s.remove(found)
	}
}

// holds tells whether a firing is of the version of a schedule that is there. The caller
// holds the lock.
func (s *State) holds(d firingOf) bool {
	return s.schedules[d.schedule.key()] == d.schedule && d.schedule.version == d.version
}

// fire invokes the target once.
func (s *State) fire(ctx context.Context, d firingOf) {
	f := &d.firing
	f.attempts++
	f.id = wire.NewRequestID()
	if f.payload, f.failed = s.payload(s.arn(d.schedule), d.target.Input, *f); f.failed == nil {
		f.failed = s.perform(ctx, d.schedule.group, d.target, s.call(d.target, f.payload))
	}
	if s.config.Tap != nil {
		s.config.Tap(Event{
			At: time.Now(), Schedule: d.schedule.name, Due: f.due, Attempt: f.attempts,
			Target: d.target.Arn, Payload: f.payload, Err: f.failed,
		})
	}
	if f.failed == nil {
		return
	}
	s.config.Log.Warn("schedule could not invoke its target", "schedule", d.schedule.name, "target", d.target.Arn, "attempt", f.attempts, "error", f.failed)
	if permanent(f.failed) {
		s.bury(ctx, d, "")
	} else if condition := s.again(&d); condition != "" {
		s.bury(ctx, d, condition)
	}
}

// again plans the next attempt of a firing, or answers why there is none. With its
// version of the schedule a firing is forgotten.
func (s *State) again(d *firingOf) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	d.firing.at = time.Now().Add(time.Second << min(d.firing.attempts-1, 10))
	if !s.holds(*d) {
		return ""
	}
	if condition := d.target.RetryPolicy.exhausted(d.firing); condition != "" {
		return condition
	}
	if next := d.schedule.invokes(); !next.IsZero() && !d.firing.at.Before(next) {
		return tooOld
	}
	d.schedule.retry = &d.firing
	s.agenda.put(d.schedule)
	return ""
}

// nextDue is the earliest time that anything is due; zero is never.
func (s *State) nextDue() time.Time {
	s.mu.Lock()
	defer s.mu.Unlock()
	if found := s.agenda.first(); found != nil {
		return found.at
	}
	return time.Time{}
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
