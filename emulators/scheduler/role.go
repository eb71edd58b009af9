package scheduler

import (
	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Roles decides whether a service may assume a role that then may do something; the
// error says why not.
type Roles interface {
	Decide(policy.Use) error
}

// ask is whether Scheduler may assume a role, which then may do an action to a resource.
// A role's trust policy is told the group of the schedule, not the schedule.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
func (s *State) ask(group string, u policy.Use) error {
	if s.config.Roles == nil {
		return nil
	}
	id := s.config.Identity
	u.Caller = policy.Caller{Service: "scheduler.amazonaws.com", SourceARN: s.groupARN(group), SourceAccount: id.Account}
	return s.config.Roles.Decide(u)
}

// assumes makes sure that Scheduler may assume the role of a target; what the role may
// do is asked at each firing.
func (s *State) assumes(group string, t *Target) error {
	if err := s.ask(group, policy.Use{Role: t.RoleArn}); err != nil {
		return wire.Errorf(codeInvalid, 0, "The execution role you provide must allow AWS EventBridge Scheduler to assume the role. (%s)", err)
	}
	return nil
}

// may asks whether the role of a target may do an action to it.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/setting-up.html#setting-up-execution-role
func (s *State) may(group string, t Target, action string) error {
	if err := s.ask(group, policy.Use{Role: t.RoleArn, Action: action, Resource: t.Arn}); err != nil {
		return wire.Errorf("AccessDeniedException", 403, "%s", err).Because(err)
	}
	return nil
}
