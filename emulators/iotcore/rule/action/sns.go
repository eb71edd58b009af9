package action

import (
	"context"
	"errors"
	"fmt"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sns"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// SNS publishes a message to a topic. MessageFormat is RAW, the default, or JSON: then the
// payload has a text for each protocol, and one that is the default.
// https://docs.aws.amazon.com/iot/latest/developerguide/sns-rule-action.html
type SNS struct {
	TargetArn     string `json:"targetArn"`
	RoleArn       string `json:"roleArn"`
	MessageFormat string `json:"messageFormat,omitempty"`
}

type snsAction struct {
	target    SNSTarget
	role      string
	topic     *sql.Template
	structure *string // json, or nil
}

func (c *Compiler) sns(a *SNS) (Compiled, error) {
	target := c.Targets.SNS
	if target == nil {
		return nil, noTarget("sns")
	}
	var structure *string
	switch a.MessageFormat {
	case "", "RAW":
	case "JSON":
		structure = aws.String("json")
	default:
		return nil, fmt.Errorf("sns: messageFormat is RAW or JSON, not %q", a.MessageFormat)
	}
	topic, err := c.template("targetArn", a.TargetArn)
	if err := errors.Join(err, CheckRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("sns: %w", err)
	}
	return snsAction{target: target, role: a.RoleArn, topic: topic, structure: structure}, nil
}

func (snsAction) Kind() string { return "sns" }

func (s snsAction) Run(ctx context.Context, a *Firing, payload []byte) (Outcome, error) {
	topic, err := s.topic.Expand(a.Input)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Made: topic, Resource: topic}
	if !utf8.Valid(payload) {
		return o, errors.New("publish: the payload is not text")
	}
	if err := a.ask(s.role, "sns:Publish", topic, false); err != nil {
		return o, fmt.Errorf("publish: %w", err)
	}
	_, err = s.target.Publish(policy.As(ctx, s.role), &sns.PublishInput{
		TopicArn: aws.String(topic), Message: aws.String(string(payload)), MessageStructure: s.structure,
	})
	if err != nil {
		return o, fmt.Errorf("publish: %w", err)
	}
	return o, nil
}
