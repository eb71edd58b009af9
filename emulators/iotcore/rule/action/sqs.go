package action

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"

	"github.com/shakedown-iot/shakedown/emulators/iotcore/sql"
	"github.com/shakedown-iot/shakedown/emulators/policy"
)

// SQS sends one message to a queue, in base64 where UseBase64 says so. FIFO
// queues are not supported by AWS either.
// https://docs.aws.amazon.com/iot/latest/developerguide/sqs-rule-action.html
type SQS struct {
	QueueURL  string `json:"queueUrl"`
	RoleArn   string `json:"roleArn"`
	UseBase64 bool   `json:"useBase64"`
}

type sqsAction struct {
	target SQSTarget
	role   string
	queue  *sql.Template
	base64 bool
}

func (c *Compiler) sqs(a *SQS) (Compiled, error) {
	if c.Targets.SQS == nil {
		return nil, noTarget("sqs")
	}
	queue, err := c.template("queueUrl", a.QueueURL)
	if err := errors.Join(err, checkQueue(a.QueueURL), CheckRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("sqs: %w", err)
	}
	return sqsAction{c.Targets.SQS, a.RoleArn, queue, a.UseBase64}, nil
}

// queueOf is the ARN's end of a queue: the account is the ARN's.
func queueOf(url string) string { return url[strings.LastIndexByte(url, '/')+1:] }

func checkQueue(url string) error {
	if strings.HasSuffix(url, ".fifo") {
		return fmt.Errorf("queue %s: the action does not support FIFO queues", url)
	}
	return nil
}

func (sqsAction) Kind() string { return "sqs" }

func (s sqsAction) Run(ctx context.Context, a *Firing, payload []byte) (Outcome, error) {
	queue, err := s.queue.Expand(a.Input)
	if err != nil {
		return Outcome{}, err
	}
	o := Outcome{Made: queue, Resource: queue}
	if err := checkQueue(queue); err != nil {
		return o, err
	}
	body := string(payload)
	if s.base64 {
		body = base64.StdEncoding.EncodeToString(payload)
	} else if !utf8.Valid(payload) {
		return o, errors.New("send message: the payload is not text, and useBase64 is false")
	}
	if err := a.May(s.role, "sqs:SendMessage", queueOf(queue)); err != nil {
		return o, fmt.Errorf("send message: %w", err)
	}
	if _, err = s.target.SendMessage(policy.As(ctx, s.role), &sqs.SendMessageInput{QueueUrl: aws.String(queue), MessageBody: aws.String(body)}); err != nil {
		return o, fmt.Errorf("send message: %w", err)
	}
	return o, nil
}
