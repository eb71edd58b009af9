package action

import (
	"fmt"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Roles decides whether a service may assume a role that then may do something; the
// error says why not.
type Roles interface {
	Decide(policy.Use) error
}

// CheckRole asks for the ARN of a role; what the role may do is decided when the action
// runs, as AWS does.
func CheckRole(arn string) error {
	if !wire.IsRole(arn) {
		return fmt.Errorf("roleArn %q is not the ARN of a role", arn)
	}
	return nil
}

// May asks whether the rule may assume a role and do with it an action, as in
// kinesis:PutRecord, to a resource of the account, as in stream/telemetry.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-create-role.html
func (a *Firing) May(role, action, resource string) error {
	if a.Roles == nil {
		return nil
	}
	service, _, _ := strings.Cut(action, ":")
	return a.ask(role, action, a.Owner.ARN(service, resource), false)
}

// ask is May with the whole ARN of the resource, or *. Once is that it is hardly asked
// for again.
func (a *Firing) ask(role, action, arn string, once bool) error {
	return a.decide(policy.Use{Role: role, Action: action, Resource: arn, Once: once})
}

// decide asks whatever a use is, for the rule.
func (a *Firing) decide(u policy.Use) error {
	if a.Roles == nil {
		return nil
	}
	u.Caller = a.Rule.Caller
	return a.Roles.Decide(u)
}
