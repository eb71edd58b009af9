package iotcore

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

// checkRole asks for the ARN of a role; what the role may do is decided when the action
// runs, as AWS does.
func checkRole(arn string) error {
	if !wire.IsRole(arn) {
		return fmt.Errorf("roleArn %q is not the ARN of a role", arn)
	}
	return nil
}

// may asks whether the rule may assume a role and do with it an action, as in
// kinesis:PutRecord, to a resource of the account, as in stream/telemetry.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-create-role.html
func (a *activation) may(role, action, resource string) error {
	if a.roles == nil {
		return nil
	}
	service, _, _ := strings.Cut(action, ":")
	return a.ask(role, action, a.owner.ARN(service, resource), false)
}

// ask is may with the whole ARN of the resource, or *. Once is that it is hardly asked
// for again.
func (a *activation) ask(role, action, arn string, once bool) error {
	return a.decide(policy.Use{Role: role, Action: action, Resource: arn, Once: once})
}

// decide asks whatever a use is, for the rule.
func (a *activation) decide(u policy.Use) error {
	if a.roles == nil {
		return nil
	}
	u.Caller = a.rule.caller
	return a.roles.Decide(u)
}

// callerOf is IoT Core as it acts for a rule.
// https://docs.aws.amazon.com/iot/latest/developerguide/cross-service-confused-deputy-prevention.html
func callerOf(owner wire.Identity, rule string) policy.Caller {
	return policy.Caller{Service: "iot.amazonaws.com", SourceARN: owner.ARN("iot", "rule/"+rule), SourceAccount: owner.Account}
}

// queueOf is the ARN's end of a queue: the account is the ARN's.
func queueOf(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }
