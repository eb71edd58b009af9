package iotcore

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
)

// RuleAction is one action of a rule: exactly one member is set. The actions of
// AWS that are not members are refused by name.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-actions.html
type RuleAction struct {
	Kinesis   *KinesisAction   `json:"kinesis,omitempty"`
	Lambda    *LambdaAction    `json:"lambda,omitempty"`
	S3        *S3Action        `json:"s3,omitempty"`
	SNS       *SNSAction       `json:"sns,omitempty"`
	Republish *RepublishAction `json:"republish,omitempty"`
}

// action is a compiled RuleAction.
type action interface {
	// kind is the member of RuleAction, such as "kinesis".
	kind() string
	// run carries out the action for one message and its payload as the rule's
	// SELECT made it.
	run(ctx context.Context, a *activation, payload []byte) (outcome, error)
}

// outcome names what an action worked on, also when it failed: made for people
// who follow a message (an object's key), resource for the error action (a bucket).
type outcome struct {
	made     string
	resource string
}

// activation is one firing of one rule for one message.
type activation struct {
	rule    *rule
	message *message
	input   *sql.Message
	// republished collects what the rule publishes.
	republished []*message
}

// compileAction checks an action and its templates.
func (e *engine) compileAction(a RuleAction) (action, error) {
	var compiled []action
	var errs []error
	add := func(c action, err error) {
		compiled = append(compiled, c)
		errs = append(errs, err)
	}
	if a.Kinesis != nil {
		add(compileKinesis(a.Kinesis, e.targets.Kinesis))
	}
	if a.Lambda != nil {
		add(compileLambda(a.Lambda, e.targets.Lambda))
	}
	if a.S3 != nil {
		add(compileS3(a.S3, e.targets.S3))
	}
	if a.SNS != nil {
		add(compileSNS(a.SNS, e.targets.SNS))
	}
	if a.Republish != nil {
		add(compileRepublish(a.Republish))
	}
	if len(compiled) != 1 {
		return nil, fmt.Errorf("an action has exactly one of kinesis, lambda, republish, s3 and sns, not %d", len(compiled))
	}
	return compiled[0], errs[0]
}

// template compiles a member in which ${…} is replaced.
func template(member, text string) (*sql.Template, error) {
	if text == "" {
		return nil, fmt.Errorf("%s is missing", member)
	}
	t, err := sql.ParseTemplate(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", member, err)
	}
	for _, f := range t.Fetches() {
		return nil, fmt.Errorf("%s: %w", member, f.Fail("function %s is not implemented by Shakedown", f.Function))
	}
	return t, nil
}

// checkRole asks for the role that AWS asks for. Who may do what is not checked:
// there is no IAM here.
func checkRole(arn string) error {
	if !strings.HasPrefix(arn, "arn:") || !strings.Contains(arn, ":role/") {
		return fmt.Errorf("roleArn %q is not the ARN of a role", arn)
	}
	return nil
}

func noTarget(kind string) error {
	return errors.New("this cloud has no target for the action " + kind)
}
