package scheduler

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	"github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/smithy-go"

	"github.com/shakedown-iot/shakedown/emulators/policy"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// DeadLetterConfig names the queue that gets what is given up.
type DeadLetterConfig struct{ Arn string }

// queueARN: "EventBridge Scheduler does not support using a FIFO queue".
// https://docs.aws.amazon.com/scheduler/latest/APIReference/API_DeadLetterConfig.html
var queueARN = regexp.MustCompile(`^arn:aws(-[a-z]+)?:sqs:[a-z0-9-]+:\d{12}:[a-zA-Z0-9_-]+$`)

// Why a firing is given up, if not for an error that stays.
const (
	tooManyAttempts = "MaximumRetryAttempts"
	tooOld          = "MaximumEventAgeInSeconds"
)

// bury sends a firing that is given up to the dead-letter queue of its schedule, if it
// has one and its role may.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/configuring-schedule-dlq.html
func (s *State) bury(ctx context.Context, d firingOf, condition string) {
	dead := d.target.DeadLetterConfig
	if dead == nil {
		return
	}
	if refusal, ok := errors.AsType[*policy.Refusal](d.firing.failed); ok && refusal.Assume {
		return // nor can the role send anything
	}
	err := s.ask(d.schedule.group, policy.Use{Role: d.target.RoleArn, Action: "sqs:SendMessage", Resource: dead.Arn})
	if err == nil {
		err = s.send(ctx, dead.Arn, d, condition)
	}
	if err != nil {
		s.config.Log.Warn("schedule could not reach its dead-letter queue", "schedule", d.schedule.name, "queue", dead.Arn, "error", err)
	}
}

func (s *State) send(ctx context.Context, queue string, d firingOf, condition string) error {
	failed := s.call(d.target, d.firing.payload)
	body, err := failed.text()
	if err != nil {
		return err
	}
	code, message := errorOf(d.firing.failed)
	attributes := map[string]types.MessageAttributeValue{}
	for name, value := range map[string]string{
		"ERROR_CODE": code, "ERROR_MESSAGE": message, "EXECUTION_ID": d.firing.id, "EXHAUSTED_RETRY_CONDITION": condition,
		"IS_PAYLOAD_TRUNCATED": "false", "RETRY_ATTEMPTS": strconv.Itoa(d.firing.attempts - 1),
		"SCHEDULED_TIME": d.firing.due.UTC().Format(time.RFC3339), "SCHEDULE_ARN": s.arn(d.schedule),
		"TARGET_ARN": "arn:aws:scheduler:::aws-sdk:" + failed.api,
	} {
		if value != "" {
			attributes[name] = types.MessageAttributeValue{DataType: aws.String("String"), StringValue: &value}
		}
	}
	url := queueURL(queue)
	ctx, cancel := context.WithTimeout(policy.As(ctx, d.target.RoleArn), callTimeout)
	defer cancel()
	_, err = s.config.Queue.SendMessage(ctx, &sqs.SendMessageInput{QueueUrl: &url, MessageBody: &body, MessageAttributes: attributes})
	return err
}

// text is a request as the body of a dead-letter event.
func (c call) text() (string, error) {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	err := encoder.Encode(c.request)
	return strings.TrimSuffix(text.String(), "\n"), err
}

// errorOf is the code and the message of a target's error; what it did not type is
// Scheduler's own.
func errorOf(err error) (code, message string) {
	if typed, ok := errors.AsType[*wire.Error](err); ok {
		return typed.Code, typed.Message
	}
	if typed, ok := errors.AsType[smithy.APIError](err); ok {
		return typed.ErrorCode(), typed.ErrorMessage()
	}
	return "AWS.Scheduler.InternalServerError", "Unexpected error occurred while processing the request"
}
