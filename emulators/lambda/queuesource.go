package lambda

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Messages is how mappings read SQS queues; *sqs.Client is one. Queue URLs are as
// those of Queue.
type Messages interface {
	ReceiveMessage(context.Context, *sqs.ReceiveMessageInput, ...func(*sqs.Options)) (*sqs.ReceiveMessageOutput, error)
	DeleteMessageBatch(context.Context, *sqs.DeleteMessageBatchInput, ...func(*sqs.Options)) (*sqs.DeleteMessageBatchOutput, error)
	GetQueueAttributes(context.Context, *sqs.GetQueueAttributesInput, ...func(*sqs.Options)) (*sqs.GetQueueAttributesOutput, error)
}

// ScalingConfig bounds the concurrent invocations of a mapping that reads a queue.
type ScalingConfig struct {
	MaximumConcurrency *int32 `json:",omitempty"`
}

// pollers are the concurrent batches of a mapping without a bound. AWS begins with
// five and goes on to 1,250 while messages wait.
// See https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
const pollers = 5

func (c *EventSourceMapping) concurrency() int {
	if c.ScalingConfig == nil {
		return pollers
	}
	return int(*c.ScalingConfig.MaximumConcurrency)
}

func ofQueue(arn string) bool {
	name, ok := wire.ResourceOf(arn, "sqs")
	return ok && name != "" && !strings.ContainsAny(name, ":/")
}

// isFIFO tells the ARN of a FIFO queue.
func isFIFO(arn string) bool { return strings.HasSuffix(arn, ".fifo") }

// queueURL is where the queue of an ARN is.
func queueURL(arn string) string {
	parts := strings.SplitN(arn, ":", 6)
	return fmt.Sprintf("https://sqs.%s.amazonaws.com/%s/%s", parts[3], parts[4], parts[5])
}

// applyQueue changes what only queues have, and refuses what only streams do.
func (o *MappingOptions) applyQueue(c *EventSourceMapping) error {
	for _, member := range []struct {
		name  string
		given bool
	}{
		{"MaximumRetryAttempts", o.MaximumRetryAttempts != nil},
		{"MaximumRecordAgeInSeconds", o.MaximumRecordAgeInSeconds != nil},
		{"ParallelizationFactor", o.ParallelizationFactor != nil},
		{"TumblingWindowInSeconds", o.TumblingWindowInSeconds != nil},
		{"BisectBatchOnFunctionError", o.BisectBatchOnFunctionError != nil},
		{"DestinationConfig", o.DestinationConfig != nil},
	} {
		if member.given {
			return notFor(member.name, "an SQS queue")
		}
	}
	if o.ScalingConfig != nil {
		c.ScalingConfig = o.ScalingConfig
		if most := o.ScalingConfig.MaximumConcurrency; most == nil {
			c.ScalingConfig = nil // an empty object removes the bound
		} else if *most < 2 || *most > 1000 {
			return wire.Errorf(codeInvalid, 0, "MaximumConcurrency %d is not between 2 and 1000", *most)
		}
	}
	switch {
	case isFIFO(c.EventSourceArn) && c.BatchSize > 10:
		return wire.Errorf(codeInvalid, 0, "BatchSize %d is not between 1 and 10, as for a FIFO queue", c.BatchSize)
	case isFIFO(c.EventSourceArn) && c.MaximumBatchingWindowInSeconds != 0:
		return notFor("MaximumBatchingWindowInSeconds", "a FIFO queue")
	case c.BatchSize > 10 && c.MaximumBatchingWindowInSeconds < 1:
		return wire.Errorf(codeInvalid, 0, "Maximum batch window in seconds must be greater than 0 if maximum batch size is greater than 10")
	}
	return c.check()
}

// checkQueue makes sure that the queue is there and hides a message for as long as
// the function may run.
func (s *State) checkQueue(ctx context.Context, arn, function, qualifier string) error {
	if s.config.Messages == nil {
		return wire.Errorf(codeInvalid, 0, "event source %q: this cloud has no queues for Lambda to read (lambda.Config.Messages)", arn)
	}
	hidden, err := s.visibility(ctx, arn)
	if err != nil {
		return wire.Errorf(codeInvalid, 0, "Error occurred while ReceiveMessage. The queue of the event source %s cannot be read: %s", arn, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.find(function, qualifier)
	if err != nil {
		return err
	}
	if timeout := t.version.timeout(); hidden < timeout {
		return wire.Errorf(codeInvalid, 0, "Queue visibility timeout: %d seconds is less than Function timeout: %d seconds", int(hidden.Seconds()), int(timeout.Seconds()))
	}
	return nil
}

// visibility is for how long a queue hides a message that was received.
func (s *State) visibility(ctx context.Context, arn string) (time.Duration, error) {
	url, name := queueURL(arn), sqstypes.QueueAttributeNameVisibilityTimeout
	out, err := s.config.Messages.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []sqstypes.QueueAttributeName{name}})
	if err != nil {
		return 0, err
	}
	seconds, err := strconv.Atoi(out.Attributes[string(name)])
	return time.Duration(seconds) * time.Second, err
}
