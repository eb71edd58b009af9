package iotcore

import (
	"context"
	"errors"
	"fmt"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/destination"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// RuleAction is one action of a rule: exactly one member is set. The actions of
// AWS that are not members are refused by name.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-actions.html
type RuleAction struct {
	Kinesis   *KinesisAction   `json:"kinesis,omitempty"`
	Lambda    *LambdaAction    `json:"lambda,omitempty"`
	S3        *S3Action        `json:"s3,omitempty"`
	SNS       *SNSAction       `json:"sns,omitempty"`
	SQS       *SQSAction       `json:"sqs,omitempty"`
	Republish *RepublishAction `json:"republish,omitempty"`

	DynamoDB   *DynamoDBAction   `json:"dynamoDB,omitempty"`
	DynamoDBv2 *DynamoDBv2Action `json:"dynamoDBv2,omitempty"`
	Timestream *TimestreamAction `json:"timestream,omitempty"`
	HTTP       *HTTPAction       `json:"http,omitempty"`

	CloudwatchLogs   *CloudwatchLogsAction   `json:"cloudwatchLogs,omitempty"`
	CloudwatchMetric *CloudwatchMetricAction `json:"cloudwatchMetric,omitempty"`
	Firehose         *FirehoseAction         `json:"firehose,omitempty"`
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
// who follow a message (an object's key), resource for the error action (a bucket),
// confirmed for the log of an http action (the confirmed URL that made is below).
type outcome struct{ made, resource, confirmed string }

// activation is one firing of one rule for one message.
type activation struct {
	rule    *rule
	owner   wire.Identity
	roles   Roles
	message *message
	input   *sql.Message
	// republished collects what the rule publishes.
	republished []*message
}

// as is who invokes functions: IoT Core, for the rule. Other actions assume a role: see
// may.
// https://docs.aws.amazon.com/iot/latest/developerguide/lambda-rule-action.html
func (a *activation) as(ctx context.Context) context.Context {
	return policy.WithCaller(ctx, a.rule.caller)
}

// compiler makes the actions of one rule, whose templates may use the variables of
// its statement.
type compiler struct {
	targets      Targets
	destinations *destination.State
	statement    *sql.Statement
	fetches      []sql.Fetch // of the statement and of all templates
	posts        []string    // the confirmation URLs of http actions that are no templates
}

// action checks an action and its templates.
func (c *compiler) action(a RuleAction) (action, error) {
	var s chosen
	choose(&s, a.Kinesis, c.kinesis)
	choose(&s, a.Lambda, c.lambda)
	choose(&s, a.S3, c.s3)
	choose(&s, a.SNS, c.sns)
	choose(&s, a.SQS, c.sqs)
	choose(&s, a.Republish, c.republish)
	choose(&s, a.DynamoDB, c.dynamoDB)
	choose(&s, a.DynamoDBv2, c.dynamoDBv2)
	choose(&s, a.Timestream, c.timestream)
	choose(&s, a.HTTP, c.http)
	choose(&s, a.CloudwatchLogs, c.cloudwatchLogs)
	choose(&s, a.CloudwatchMetric, c.cloudwatchMetric)
	choose(&s, a.Firehose, c.firehose)
	if s.n != 1 {
		return nil, fmt.Errorf("an action has exactly one of cloudwatchLogs, cloudwatchMetric, dynamoDB, dynamoDBv2, firehose, http, kinesis, lambda, republish, s3, sns, sqs and timestream, not %d", s.n)
	}
	return s.action, s.err
}

// chosen are the members of a RuleAction that are set: how many, and the last one.
type chosen struct {
	n      int
	action action
	err    error
}

// choose compiles a member if it is set.
func choose[T any](s *chosen, member *T, compile func(*T) (action, error)) {
	if member != nil {
		s.n++
		s.action, s.err = compile(member)
	}
}

// template compiles a member in which ${…} is replaced.
func (c *compiler) template(member, text string) (*sql.Template, error) {
	if text == "" {
		return nil, fmt.Errorf("%s is missing", member)
	}
	t, err := c.statement.ParseTemplate(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", member, err)
	}
	c.fetches = append(c.fetches, t.Fetches()...)
	return t, nil
}

func noTarget(kind string) error {
	return errors.New("this cloud has no target for the action " + kind)
}
