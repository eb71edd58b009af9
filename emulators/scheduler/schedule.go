package scheduler

import (
	"bytes"
	"encoding/json"
	"regexp"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

const defaultGroup = "default"

// States of a schedule.
const (
	enabled  = "ENABLED"
	disabled = "DISABLED"
)

// maxInput is the limit of a target's input, in bytes.
// See https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html
const maxInput = 256 << 10

// schedule is a schedule and when it fires next.
type schedule struct {
	name    string
	token   string
	spec    Spec
	every   time.Duration
	created time.Time
	updated time.Time
	next    time.Time // when it is due; its retries come before
	retry   *firing
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

// Target is a Lambda function by its ARN.
type Target struct {
	Arn     string
	RoleArn string
	Input   string `json:",omitempty"`
	// RetryPolicy is AWS's default when absent.
	RetryPolicy *RetryPolicy
	// DeadLetterConfig is nil for a schedule that tells nobody what it gives up.
	DeadLetterConfig *DeadLetterConfig `json:",omitempty"`
}

// RetryPolicy bounds the retries of one firing; the next firing of the schedule
// ends them in any case.
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html
type RetryPolicy struct {
	MaximumEventAgeInSeconds int64 // 60 to 86,400
	MaximumRetryAttempts     int   // 0 to 185
}

// exhausted is the bound that a firing reaches that was tried so often, and is tried
// next at a time; or empty.
func (p RetryPolicy) exhausted(f firing) string {
	switch {
	case f.attempts > p.MaximumRetryAttempts:
		return tooManyAttempts
	case f.at.Sub(f.due) > time.Duration(p.MaximumEventAgeInSeconds)*time.Second:
		return tooOld
	}
	return ""
}

// UnmarshalJSON fills in AWS's defaults.
func (p *RetryPolicy) UnmarshalJSON(text []byte) error {
	var given struct {
		MaximumEventAgeInSeconds *int64
		MaximumRetryAttempts     *int
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&given); err != nil {
		return err
	}
	*p = defaultRetryPolicy
	if given.MaximumEventAgeInSeconds != nil {
		p.MaximumEventAgeInSeconds = *given.MaximumEventAgeInSeconds
	}
	if given.MaximumRetryAttempts != nil {
		p.MaximumRetryAttempts = *given.MaximumRetryAttempts
	}
	return nil
}

var defaultRetryPolicy = RetryPolicy{86400, 185}

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
	case s.config.Invoker == nil:
		return 0, wire.Errorf(codeInvalid, 0, "this cloud has no Lambda for schedules to invoke (scheduler.Config.Invoker)")
	case spec.Target.DeadLetterConfig != nil && s.config.Queue == nil:
		return 0, wire.Errorf(codeInvalid, 0, "this cloud has no SQS for Target.DeadLetterConfig (scheduler.Config.Queue)")
	}
	if err := spec.Target.check(); err != nil {
		return 0, err
	}
	return every, s.assumes(spec.Target)
}

func (t *Target) check() error {
	if t.RetryPolicy == nil {
		policy := defaultRetryPolicy
		t.RetryPolicy = &policy
	}
	if t.DeadLetterConfig != nil && t.DeadLetterConfig.Arn == "" {
		t.DeadLetterConfig = nil
	}
	resource, ok := wire.ResourceOf(t.Arn, "lambda")
	switch {
	case !ok || !strings.HasPrefix(resource, "function:"):
		return wire.Errorf(codeInvalid, 0, "Target.Arn %q is not implemented by Shakedown: use the ARN of a Lambda function", t.Arn)
	case !wire.IsRole(t.RoleArn):
		return wire.Errorf(codeInvalid, 0, "Target.RoleArn %q is not the ARN of an IAM role", t.RoleArn)
	case t.DeadLetterConfig != nil && !queueARN.MatchString(t.DeadLetterConfig.Arn):
		return wire.Errorf(codeInvalid, 0, "Target.DeadLetterConfig.Arn %q is not the ARN of a standard queue", t.DeadLetterConfig.Arn)
	case t.RetryPolicy.MaximumRetryAttempts < 0 || t.RetryPolicy.MaximumRetryAttempts > 185:
		return wire.Errorf(codeInvalid, 0, "Target.RetryPolicy.MaximumRetryAttempts is 0 to 185, not %d", t.RetryPolicy.MaximumRetryAttempts)
	case t.RetryPolicy.MaximumEventAgeInSeconds < 60 || t.RetryPolicy.MaximumEventAgeInSeconds > 86400:
		return wire.Errorf(codeInvalid, 0, "Target.RetryPolicy.MaximumEventAgeInSeconds is 60 to 86400, not %d", t.RetryPolicy.MaximumEventAgeInSeconds)
	case len(t.Input) > maxInput:
		return wire.Errorf(codeInvalid, 0, "Target.Input has %d bytes, more than %d", len(t.Input), maxInput)
	case t.Input != "" && !json.Valid([]byte(t.Input)):
		return wire.Errorf(codeInvalid, 0, "Target.Input is not JSON, which a Lambda function needs")
	}
	return nil
}
