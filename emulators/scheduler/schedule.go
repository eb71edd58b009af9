package scheduler

import (
	"cmp"
	"regexp"
	"time"
	"unicode/utf8"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// States of a schedule.
const (
	enabled  = "ENABLED"
	disabled = "DISABLED"
)

// What is done to a schedule that will not be due again.
const (
	keepIt   = "NONE"
	deleteIt = "DELETE"
)

// maxDescription is in characters.
const maxDescription = 512

// schedule is a schedule and when it fires next.
type schedule struct {
	name    string
	group   string
	token   string
	spec    Spec
	times   times
	created time.Time
	updated time.Time
	version int       // counts the updates
	next    time.Time // when it is due, or zero for never again; its retries come before
	retry   *firing

	// Where it is in the agenda: when it has something to do, and its place,
	// counted from 1; 0 is none.
	at    time.Time
	place int
}

// firing is one due time that could not be queued yet, and its last attempt.
type firing struct {
	due, at  time.Time
	from     time.Time // when it was to be tried first
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
	// ScheduleExpressionTimezone is UTC when absent; a rate does not depend on it.
	ScheduleExpressionTimezone string
	// StartDate and EndDate are nil for none; a one-time schedule does not depend on them.
	StartDate, EndDate *wire.Time `json:",omitempty"`
	// ActionAfterCompletion is NONE when absent, or DELETE.
	ActionAfterCompletion string
}

var (
	namePattern  = regexp.MustCompile(`^[0-9a-zA-Z_.-]{1,64}$`)
	tokenPattern = regexp.MustCompile(`^[0-9a-zA-Z_-]{1,64}$`)
)

// key is a schedule's in the State: names have no slash.
func (s *schedule) key() string { return s.group + "/" + s.name }

func invalidName(member, name string) error {
	return wire.Errorf(codeInvalid, 0, "%s %q is not 1 to 64 of 0-9 a-z A-Z _ . -", member, name)
}

func invalidToken(token string) error {
	return wire.Errorf(codeInvalid, 0, "ClientToken %q is not 1 to 64 of 0-9 a-z A-Z _ -", token)
}

// check validates a request, fills in defaults and returns when the schedule is due.
func (s *State) check(in *CreateScheduleInput, now time.Time) (times, error) {
	spec := &in.Spec
	in.GroupName = cmp.Or(in.GroupName, defaultGroup)
	if spec.State == "" {
		spec.State = enabled
	}
	if spec.ScheduleExpressionTimezone == "" {
		spec.ScheduleExpressionTimezone = "UTC"
	}
	if spec.ActionAfterCompletion == "" {
		spec.ActionAfterCompletion = keepIt
	}
	due, err := spec.times(now)
	switch {
	case err != nil:
		return nil, err
	case !namePattern.MatchString(in.Name):
		return nil, invalidName("Name", in.Name)
	case !namePattern.MatchString(in.GroupName):
		return nil, invalidName("GroupName", in.GroupName)
	case in.ClientToken != "" && !tokenPattern.MatchString(in.ClientToken):
		return nil, invalidToken(in.ClientToken)
	case utf8.RuneCountInString(spec.Description) > maxDescription:
		return nil, wire.Errorf(codeInvalid, 0, "Description has more than %d characters", maxDescription)
	case spec.ActionAfterCompletion != keepIt && spec.ActionAfterCompletion != deleteIt:
		return nil, wire.Errorf(codeInvalid, 0, "ActionAfterCompletion %q is not NONE or DELETE", spec.ActionAfterCompletion)
	case spec.State != enabled && spec.State != disabled:
		return nil, wire.Errorf(codeInvalid, 0, "State %q is not ENABLED or DISABLED", spec.State)
	case spec.Target == nil:
		return nil, wire.Errorf(codeInvalid, 0, "Target is required")
	}
	if err := spec.FlexibleTimeWindow.check(); err != nil {
		return nil, err
	}
	if err := s.checkTarget(in.GroupName, spec.Target); err != nil {
		return nil, err
	}
	return due, nil
}
