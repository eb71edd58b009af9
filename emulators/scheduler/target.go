package scheduler

import (
	"encoding/json"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// maxInput is the limit of a target's input, in bytes.
// See https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html
const maxInput = 256 << 10

// Target is a Lambda function, a queue, a topic, a Kinesis or a Firehose stream by its ARN.
type Target struct {
	Arn     string
	RoleArn string
	Input   string `json:",omitempty"`
	// RetryPolicy is AWS's default when absent.
	RetryPolicy *RetryPolicy
	// DeadLetterConfig is nil for a schedule that tells nobody what it gives up.
	DeadLetterConfig  *DeadLetterConfig  `json:",omitempty"`
	SqsParameters     *SqsParameters     `json:",omitempty"`
	KinesisParameters *KinesisParameters `json:",omitempty"`
}

// SqsParameters are for FIFO queues, which need them.
type SqsParameters struct {
	MessageGroupId string `json:",omitempty"`
}

// KinesisParameters are required for Kinesis streams.
type KinesisParameters struct{ PartitionKey string }

// targets are what the resource of a target's ARN begins with, by service.
// https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-templated.html
var targets = map[string]string{"lambda": "function:", "sqs": "", "sns": "", "kinesis": "stream/", "firehose": "deliverystream/"}

// service is that of a target's ARN, and the end of that; empty is none that there is.
func (t *Target) service() (service, name string) {
	for service, prefix := range targets {
		resource, ok := wire.ResourceOf(t.Arn, service)
		name, begins := strings.CutPrefix(resource, prefix)
		if ok && begins && name != "" && (service == "lambda" || !strings.ContainsAny(name, ":/")) {
			return service, name
		}
	}
	return "", ""
}

func (s *State) owns(arn, service string) bool {
	return strings.HasPrefix(arn, s.config.Identity.ARN(service, ""))
}

// checkTarget validates a target of a schedule in a group, fills in defaults and asks for
// its role.
func (s *State) checkTarget(group string, t *Target) error {
	if t.RetryPolicy == nil {
		policy := defaultRetryPolicy
		t.RetryPolicy = &policy
	}
	if t.DeadLetterConfig != nil && t.DeadLetterConfig.Arn == "" {
		t.DeadLetterConfig = nil
	}
	service, name := t.service()
	switch {
	case service == "":
		return wire.Errorf(codeInvalid, 0, "Target.Arn %q is not implemented by Shakedown: use the ARN of a Lambda function, an SQS queue, an SNS topic, a Kinesis or a Firehose stream", t.Arn)
	case !s.owns(t.Arn, service):
		return wire.Errorf(codeInvalid, 0, "Target.Arn %q is not of this account and region, and others are not implemented by Shakedown", t.Arn)
	case !wire.IsRole(t.RoleArn):
		return wire.Errorf(codeInvalid, 0, "Target.RoleArn %q is not the ARN of an IAM role", t.RoleArn)
	case t.DeadLetterConfig != nil && !queueARN.MatchString(t.DeadLetterConfig.Arn):
		return wire.Errorf(codeInvalid, 0, "Target.DeadLetterConfig.Arn %q is not the ARN of a standard queue", t.DeadLetterConfig.Arn)
	case t.DeadLetterConfig != nil && !s.owns(t.DeadLetterConfig.Arn, "sqs"):
		return wire.Errorf(codeInvalid, 0, "Target.DeadLetterConfig.Arn %q is not of this account and region, and others are not implemented by Shakedown", t.DeadLetterConfig.Arn)
	case len(t.Input) > maxInput:
		return wire.Errorf(codeInvalid, 0, "Target.Input has %d bytes, more than %d", len(t.Input), maxInput)
	case service == "lambda" && t.Input != "" && !json.Valid([]byte(t.Input)):
		return wire.Errorf(codeInvalid, 0, "Target.Input is not JSON, which a Lambda function needs")
	}
	if err := t.checkParameters(service, name); err != nil {
		return err
	}
	if err := t.RetryPolicy.check(); err != nil {
		return err
	}
	if err := s.config.reaches(service, t.DeadLetterConfig != nil); err != nil {
		return err
	}
	return s.assumes(group, t)
}

// checkParameters wants those of the service, where it needs them, and no others.
func (t *Target) checkParameters(service, name string) error {
	fifo := service == "sqs" && strings.HasSuffix(name, ".fifo")
	switch {
	case t.SqsParameters != nil && service != "sqs":
		return wire.Errorf(codeInvalid, 0, "Target.SqsParameters is for SQS queues, not for %s", t.Arn)
	case fifo && (t.SqsParameters == nil || t.SqsParameters.MessageGroupId == ""):
		return wire.Errorf(codeInvalid, 0, "Target.SqsParameters.MessageGroupId is required for the FIFO queue %s", t.Arn)
	case t.KinesisParameters != nil && service != "kinesis":
		return wire.Errorf(codeInvalid, 0, "Target.KinesisParameters is for Kinesis streams, not for %s", t.Arn)
	case service == "kinesis" && (t.KinesisParameters == nil || t.KinesisParameters.PartitionKey == "" || len(t.KinesisParameters.PartitionKey) > 256):
		return wire.Errorf(codeInvalid, 0, "Target.KinesisParameters.PartitionKey is required for %s and has at most 256 characters", t.Arn)
	}
	return nil
}
