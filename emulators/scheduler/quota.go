package scheduler

import "github.com/shakedown-iot/shakedown/emulators/wire"

// AWS has ten million schedules of an account and region; one process has these.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/scheduler-quotas.html
const (
	maxSchedules = 100_000
	maxInputs    = 64 << 20 // bytes of all targets' inputs
)

const codeQuota = "ServiceQuotaExceededException"

// fits refuses what would be too much in place of old, which may be nil. The caller holds
// the lock.
func (s *State) fits(old *schedule, in *Spec) error {
	more := len(in.Target.Input)
	if old != nil {
		more -= len(old.spec.Target.Input)
	}
	switch {
	case old == nil && len(s.schedules) >= maxSchedules:
		return wire.Errorf(codeQuota, 402, "Shakedown has no more than %d schedules.", maxSchedules)
	case more > 0 && s.inputs+more > maxInputs:
		return wire.Errorf(codeQuota, 402, "Shakedown has no more than %d bytes of inputs of schedules.", maxInputs)
	}
	s.inputs += more
	return nil
}
