package scheduler

import (
	"regexp"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

const defaultGroup = "default"

// States of a schedule.
const (
	enabled  = "ENABLED"
	disabled = "DISABLED"
)

// schedule is a schedule and when it fires next.
type schedule struct {
	name    string
	token   string
	spec    Spec
	every   time.Duration
	created time.Time
	updated time.Time
	version int       // counts the updates
	next    time.Time // when it is due; its retries come before
	retry   *firing

	// Where it is in the agenda: when it has something to do, and its place,
	// counted from 1; 0 is none.
	at    time.Time
	place int
}

// firing is one due time that could not be queued yet, and its last attempt.
type firing struct {
	due, at  time.Time
	attempts int
	id       string
	payload  []byte
	failed   error
}

// Spec is what CreateSchedule and UpdateSchedule say about a schedule.
type Spec struct {
	ScheduleExpression string
	Description        string `json:",omitempty"`
	State              string
	Target             *Target
	FlexibleTimeWindow *FlexibleTimeWindow
	// ScheduleExpressionTimezone is UTC, which a rate does not depend on.
	ScheduleExpressionTimezone string
}

// FlexibleTimeWindow is required; its Mode is OFF.
type FlexibleTimeWindow struct{ Mode string }

var namePattern = regexp.MustCompile(`^[0-9a-zA-Z_.-]{1,64}$`)

func checkGroup(group string) error {
	if group != "" && group != defaultGroup {
		return wire.Errorf("ResourceNotFoundException", 404, "Schedule group %s does not exist: groups other than %s are not implemented by Shakedown.", group, defaultGroup)
	}
	return nil
}

// check validates a spec, fills in defaults and returns its interval.
func (s *State) check(name, group string, spec *Spec) (time.Duration, error) {
	if err := checkGroup(group); err != nil {
		return 0, err
	}
	every, err := parseRate(spec.ScheduleExpression)
	if err != nil {
		return 0, err
	}
	if spec.State == "" {
		spec.State = enabled
	}
	if spec.ScheduleExpressionTimezone == "" {
		spec.ScheduleExpressionTimezone = "UTC"
	}
	switch {
	case !namePattern.MatchString(name):
		return 0, wire.Errorf(codeInvalid, 0, "Name %q is not 1 to 64 of 0-9 a-z A-Z _ . -", name)
	case spec.State != enabled && spec.State != disabled:
		return 0, wire.Errorf(codeInvalid, 0, "State %q is not ENABLED or DISABLED", spec.State)
	case spec.ScheduleExpressionTimezone != "UTC":
		return 0, wire.Errorf(codeInvalid, 0, "ScheduleExpressionTimezone %q is not implemented by Shakedown; use UTC", spec.ScheduleExpressionTimezone)
	case spec.FlexibleTimeWindow == nil:
		return 0, wire.Errorf(codeInvalid, 0, "FlexibleTimeWindow is required")
	case spec.FlexibleTimeWindow.Mode != "OFF":
		return 0, wire.Errorf(codeInvalid, 0, "FlexibleTimeWindow mode %q is not implemented by Shakedown; use OFF", spec.FlexibleTimeWindow.Mode)
	case spec.Target == nil:
		return 0, wire.Errorf(codeInvalid, 0, "Target is required")
	}
	if err := s.checkTarget(spec.Target); err != nil {
		return 0, err
	}
	return every, nil
}
