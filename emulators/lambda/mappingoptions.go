package lambda

import (
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// MappingOptions are what a request sets of a mapping; nil leaves it as it is.
type MappingOptions struct {
	Enabled                        *bool
	BatchSize                      *int32
	MaximumBatchingWindowInSeconds *int32
	MaximumRetryAttempts           *int32
	MaximumRecordAgeInSeconds      *int32
	BisectBatchOnFunctionError     *bool
	ParallelizationFactor          *int32
	DestinationConfig              *DestinationConfig
	FunctionResponseTypes          []string
	FilterCriteria                 *FilterCriteria
	TumblingWindowInSeconds        *int32
	ScalingConfig                  *ScalingConfig
}

const (
	maxParallel = 10  // batches of a shard that are in process at a time
	maxTumbling = 900 // seconds
)

// configuration checks a request and fills in defaults.
// See https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
// and https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-parameters.html
func (in *CreateEventSourceMappingInput) configuration() (EventSourceMapping, error) {
	c := EventSourceMapping{EventSourceArn: in.EventSourceArn}
	if ofQueue(in.EventSourceArn) {
		c.BatchSize = 10
		if in.StartingPosition != "" || in.StartingPositionTimestamp != nil {
			return c, notFor("StartingPosition", "an SQS queue")
		}
		return c, in.apply(&c)
	}
	c.BatchSize = 100
	c.StreamSettings = &StreamSettings{
		MaximumRetryAttempts: -1, MaximumRecordAgeInSeconds: -1, ParallelizationFactor: 1,
		StartingPosition: in.StartingPosition, StartingPositionTimestamp: in.StartingPositionTimestamp,
	}
	return c, in.apply(&c)
}

func notFor(member, source string) error {
	return wire.Errorf(codeInvalid, 0, "Unsupported parameter for given event source mapping type: %s is not for %s", member, source)
}

// apply changes what the request names, and checks the whole.
func (o *MappingOptions) apply(c *EventSourceMapping) error {
	set(&c.BatchSize, o.BatchSize)
	set(&c.MaximumBatchingWindowInSeconds, o.MaximumBatchingWindowInSeconds)
	if o.FunctionResponseTypes != nil {
		c.FunctionResponseTypes = o.FunctionResponseTypes
	}
	if o.FilterCriteria != nil {
		c.FilterCriteria = o.FilterCriteria
		if len(o.FilterCriteria.Filters) == 0 {
			c.FilterCriteria = nil // an empty object removes the filters
		}
	}
	if ofQueue(c.EventSourceArn) {
		return o.applyQueue(c)
	}
	if o.ScalingConfig != nil {
		return notFor("ScalingConfig", "a stream")
	}
	stream := *c.StreamSettings
	set(&stream.MaximumRetryAttempts, o.MaximumRetryAttempts)
	set(&stream.MaximumRecordAgeInSeconds, o.MaximumRecordAgeInSeconds)
	set(&stream.BisectBatchOnFunctionError, o.BisectBatchOnFunctionError)
	set(&stream.ParallelizationFactor, o.ParallelizationFactor)
	set(&stream.TumblingWindowInSeconds, o.TumblingWindowInSeconds)
	c.StreamSettings = &stream
	return c.check()
}

// check finds what is out of its bounds.
func (c *EventSourceMapping) check() error {
	switch {
	case c.EventSourceArn == "":
		return wire.Errorf(codeInvalid, 0, "EventSourceArn is required: sources without one are not implemented by Shakedown")
	case c.BatchSize < 1 || c.BatchSize > 10000:
		return wire.Errorf(codeInvalid, 0, "BatchSize %d is not between 1 and 10000", c.BatchSize)
	case c.MaximumBatchingWindowInSeconds < 0 || c.MaximumBatchingWindowInSeconds > 300:
		return wire.Errorf(codeInvalid, 0, "MaximumBatchingWindowInSeconds %d is not between 0 and 300", c.MaximumBatchingWindowInSeconds)
	}
	for _, t := range c.FunctionResponseTypes {
		if t != "ReportBatchItemFailures" {
			return wire.Errorf(codeInvalid, 0, "FunctionResponseTypes: %q is not ReportBatchItemFailures", t)
		}
	}
	if c.StreamSettings == nil {
		return nil
	}
	return c.StreamSettings.check(c.EventSourceArn)
}

func (c *StreamSettings) check(arn string) error {
	age := c.MaximumRecordAgeInSeconds
	switch {
	case c.MaximumRetryAttempts < -1 || c.MaximumRetryAttempts > 10000:
		return wire.Errorf(codeInvalid, 0, "MaximumRetryAttempts %d is not between -1 and 10000", c.MaximumRetryAttempts)
	case age != -1 && (age < 60 || age > 604800):
		return wire.Errorf(codeInvalid, 0, "MaximumRecordAgeInSeconds %d is not -1 and not between 60 and 604800", age)
	case c.ParallelizationFactor < 1 || c.ParallelizationFactor > maxParallel:
		return wire.Errorf(codeInvalid, 0, "ParallelizationFactor %d is not between 1 and %d", c.ParallelizationFactor, maxParallel)
	case c.TumblingWindowInSeconds < 0 || c.TumblingWindowInSeconds > maxTumbling:
		return wire.Errorf(codeInvalid, 0, "TumblingWindowInSeconds %d is not between 0 and %d", c.TumblingWindowInSeconds, maxTumbling)
	case c.TumblingWindowInSeconds > 0 && c.ParallelizationFactor > 1:
		return wire.Errorf(codeInvalid, 0, "TumblingWindowInSeconds %d: with a tumbling window ParallelizationFactor is 1, not %d", c.TumblingWindowInSeconds, c.ParallelizationFactor)
	}
	return c.checkStart(arn)
}

// checkStart holds a starting position to its source.
// https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html
func (c *StreamSettings) checkStart(arn string) error {
	switch c.StartingPosition {
	case "":
		return wire.Errorf(codeInvalid, 0, "1 validation error detected: Value null at 'startingPosition' failed to satisfy constraint: Member must not be null.")
	case TrimHorizon, Latest:
		if c.StartingPositionTimestamp != nil {
			return wire.Errorf(codeInvalid, 0, "StartingPositionTimestamp is only valid with StartingPosition AT_TIMESTAMP")
		}
	case AtTimestamp:
		if ofTable(arn) {
			return wire.Errorf(codeInvalid, 0, "StartingPosition AT_TIMESTAMP is not for the stream of a DynamoDB table")
		}
		if c.StartingPositionTimestamp == nil {
			return wire.Errorf(codeInvalid, 0, "StartingPositionTimestamp is required with StartingPosition AT_TIMESTAMP")
		}
		if c.StartingPositionTimestamp.After(time.Now()) {
			return wire.Errorf(codeInvalid, 0, "StartingPositionTimestamp cannot be in the future")
		}
	default:
		return wire.Errorf(codeInvalid, 0, "StartingPosition %q is not TRIM_HORIZON, LATEST or AT_TIMESTAMP", c.StartingPosition)
	}
	return nil
}
