package action

import (
	"context"
	"errors"
	"fmt"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/destination"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/message"
	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Action is one action of a rule: exactly one member is set. The actions of
// AWS that are not members are refused by name.
// https://docs.aws.amazon.com/iot/latest/developerguide/iot-rule-actions.html
type Action struct {
	Kinesis   *Kinesis   `json:"kinesis,omitempty"`
	Lambda    *Lambda    `json:"lambda,omitempty"`
	S3        *S3        `json:"s3,omitempty"`
	SNS       *SNS       `json:"sns,omitempty"`
	SQS       *SQS       `json:"sqs,omitempty"`
	Republish *Republish `json:"republish,omitempty"`

	DynamoDB   *DynamoDB   `json:"dynamoDB,omitempty"`
	DynamoDBv2 *DynamoDBv2 `json:"dynamoDBv2,omitempty"`
	Timestream *Timestream `json:"timestream,omitempty"`
	HTTP       *HTTP       `json:"http,omitempty"`

	CloudwatchLogs   *CloudwatchLogs   `json:"cloudwatchLogs,omitempty"`
	CloudwatchMetric *CloudwatchMetric `json:"cloudwatchMetric,omitempty"`
	Firehose         *Firehose         `json:"firehose,omitempty"`
}

// Compiled is an Action that was checked and can be carried out.
type Compiled interface {
	// Kind is the member of Action, such as "kinesis".
	Kind() string
	// Run carries out the action for one message and its payload as the rule's
	// SELECT made it.
	Run(ctx context.Context, a *Firing, payload []byte) (Outcome, error)
}

// Outcome names what an action worked on, also when it failed: Made for people
// who follow a message (an object's key), Resource for the error action (a bucket),
// Confirmed for the log of an http action (the confirmed URL that Made is below).
type Outcome struct{ Made, Resource, Confirmed string }

// Rule is who an action acts for.
type Rule struct {
	Name   string
	Caller policy.Caller
}

// Firing is one firing of one rule for one message.
type Firing struct {
	Rule    *Rule
	Owner   wire.Identity
	Roles   Roles
	Message *message.Message
	Input   *sql.Message
	// Republished collects what the rule publishes.
	Republished []*message.Message
}

// As is who invokes functions: IoT Core, for the rule. Other actions assume a role: see
// May.
// https://docs.aws.amazon.com/iot/latest/developerguide/lambda-rule-action.html
func (a *Firing) As(ctx context.Context) context.Context {
	return policy.WithCaller(ctx, a.Rule.Caller)
}

// Compiler makes the actions of one rule, whose templates may use the variables of
// its statement.
type Compiler struct {
	Targets      Targets
	Destinations *destination.State
	Statement    *sql.Statement
	Fetches      []sql.Fetch // of the statement and of all templates
	Posts        []string    // the confirmation URLs of http actions that are no templates
}

// Compile checks an action and its templates.
func (c *Compiler) Compile(a Action) (Compiled, error) {
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

// chosen are the members of an Action that are set: how many, and the last one.
type chosen struct {
	n      int
	action Compiled
	err    error
}

// choose compiles a member if it is set.
func choose[T any](s *chosen, member *T, compile func(*T) (Compiled, error)) {
	if member != nil {
		s.n++
		s.action, s.err = compile(member)
	}
}

// template compiles a member in which ${…} is replaced.
func (c *Compiler) template(member, text string) (*sql.Template, error) {
	if text == "" {
		return nil, fmt.Errorf("%s is missing", member)
	}
	t, err := c.Statement.ParseTemplate(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", member, err)
	}
	c.Fetches = append(c.Fetches, t.Fetches()...)
	return t, nil
}

func noTarget(kind string) error {
	return errors.New("this cloud has no target for the action " + kind)
}
