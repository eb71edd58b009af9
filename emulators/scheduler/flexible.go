package scheduler

import (
	"hash/fnv"
	"strconv"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// FlexibleTimeWindow is required; its Mode is OFF, or FLEXIBLE with a window.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-flexible-time-windows.html
type FlexibleTimeWindow struct {
	Mode                   string
	MaximumWindowInMinutes *int `json:",omitempty"`
}

const (
	off      = "OFF"
	flexible = "FLEXIBLE"
)

// maxWindow is in minutes.
const maxWindow = 1440

func (w *FlexibleTimeWindow) check() error {
	switch {
	case w == nil:
		return wire.Errorf(codeInvalid, 0, "FlexibleTimeWindow is required")
	case w.Mode != off && w.Mode != flexible:
		return wire.Errorf(codeInvalid, 0, "FlexibleTimeWindow.Mode %q is not OFF or FLEXIBLE", w.Mode)
	case w.Mode == off && w.MaximumWindowInMinutes != nil:
		return wire.Errorf(codeInvalid, 0, "FlexibleTimeWindow.MaximumWindowInMinutes is for Mode FLEXIBLE")
	case w.Mode == flexible && (w.MaximumWindowInMinutes == nil || *w.MaximumWindowInMinutes < 1 || *w.MaximumWindowInMinutes > maxWindow):
		return wire.Errorf(codeInvalid, 0, "FlexibleTimeWindow.MaximumWindowInMinutes of 1 to %d is required for Mode FLEXIBLE", maxWindow)
	}
	return nil
}

// length is that of the window.
func (w *FlexibleTimeWindow) length() time.Duration {
	if w.MaximumWindowInMinutes == nil {
		return 0
	}
	return time.Duration(*w.MaximumWindowInMinutes) * time.Minute
}

// invokes is when the target is invoked for the time that is due next, or zero: at a second
// of its window that is a function of the schedule and the time, so that a run
// repeats; but before the end of the schedule.
func (s *schedule) invokes() time.Time {
	seconds := uint64(s.spec.FlexibleTimeWindow.length() / time.Second)
	if seconds == 0 || s.next.IsZero() {
		return s.next
	}
	sum := fnv.New64a()
	sum.Write(strconv.AppendInt([]byte(s.key()+"|"), s.next.Unix(), 10))
	at := s.next.Add(time.Duration(sum.Sum64()%seconds) * time.Second)
	if end := timeOf(s.spec.EndDate); !end.IsZero() && !at.Before(end) {
		return s.next
	}
	return at
}
