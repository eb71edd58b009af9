package iotcore

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

// SQSAction sends one message to a queue, in base64 where UseBase64 says so. FIFO
// queues are not supported by AWS either.
// https://docs.aws.amazon.com/iot/latest/developerguide/sqs-rule-action.html
type SQSAction struct {
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

func (c *compiler) sqs(a *SQSAction) (action, error) {
	if c.targets.SQS == nil {
		return nil, noTarget("sqs")
	}
	queue, err := c.template("queueUrl", a.QueueURL)
	if err := errors.Join(err, checkQueue(a.QueueURL), checkRole(a.RoleArn)); err != nil {
		return nil, fmt.Errorf("sqs: %w", err)
	}
	return sqsAction{c.targets.SQS, a.RoleArn, queue, a.UseBase64}, nil
}

func checkQueue(url string) error {
	if strings.HasSuffix(url, ".fifo") {
		return fmt.Errorf("queue %s: the action does not support FIFO queues", url)
	}
	return nil
}

func (sqsAction) kind() string { return "sqs" }

func (s sqsAction) run(ctx context.Context, a *activation, payload []byte) (outcome, error) {
	queue, err := s.queue.Expand(a.input)
	if err != nil {
		return outcome{}, err
	}
	o := outcome{made: queue, resource: queue}
	if err := checkQueue(queue); err != nil {
		return o, err
	}
	body := string(payload)
	if s.base64 {
		body = base64.StdEncoding.EncodeToString(payload)
	} else if !utf8.Valid(payload) {
		return o, errors.New("send message: the payload is not text, and useBase64 is false")
	}
	if err := a.may(s.role, "sqs:SendMessage", queueOf(queue)); err != nil {
		return o, fmt.Errorf("send message: %w", err)
	}
	if _, err = s.target.SendMessage(policy.As(ctx, s.role), &sqs.SendMessageInput{QueueUrl: aws.String(queue), MessageBody: aws.String(body)}); err != nil {
		return o, fmt.Errorf("send message: %w", err)
	}
	return o, nil
}
