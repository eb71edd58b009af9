package console

import (
	"context"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/kinesis"
	"github.com/aws/aws-sdk-go-v2/service/lambda"
	"github.com/aws/aws-sdk-go-v2/service/lambda/types"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"

	"github.com/shakedown-iot/shakedown/scenarios/traffic"
)

// Stream is a Kinesis stream with its shards and who reads them.
type Stream struct {
	Name, ARN, State string
	Hours            int32 // that it keeps a record
	Shards           []Shard
	Readers          []Reader
}

// Shard is a shard of a stream.
type Shard struct {
	ID  string
	Put Records
}

// Records is a number of records, where somebody has counted.
type Records struct {
	N     int64
	Known bool
}

// Reader is an event source mapping.
type Reader struct {
	Function, State, LastResult string
	Batch                       int32
	Behind                      []Records // by shard; nil where nobody can tell
}

// Function is a Lambda function with what it has counted.
type Function struct {
	Name, Runtime string
	Timeout       int32
	Memory        int32
	Count         *traffic.FunctionCount // nil where nobody counts
}

// Queue is the dead-letter queue.
type Queue struct{ Name, Waiting, InFlight string }

// Bounds of the page.
const (
	mostStreams   = 50
	mostShards    = 100
	mostFunctions = 200
)

// streamsOf are the streams with their shards and readers.
func (c *Console) streamsOf(ctx context.Context) ([]Stream, error) {
	names, err := c.streams.ListStreams(ctx, &kinesis.ListStreamsInput{Limit: aws.Int32(mostStreams)})
	if err != nil {
		return nil, fmt.Errorf("list streams: %w", err)
	}
	var list []Stream
	for _, name := range names.StreamNames {
		out, err := c.streams.DescribeStreamSummary(ctx, &kinesis.DescribeStreamSummaryInput{StreamName: &name})
		if err != nil {
			return nil, fmt.Errorf("describe stream %s: %w", name, err)
		}
		d := out.StreamDescriptionSummary
		s := Stream{Name: name, ARN: aws.ToString(d.StreamARN), State: string(d.StreamStatus), Hours: aws.ToInt32(d.RetentionPeriodHours)}
		if err := c.fill(ctx, &s); err != nil {
			return nil, err
		}
		list = append(list, s)
	}
	return list, nil
}

// fill looks up a stream's shards and readers.
func (c *Console) fill(ctx context.Context, s *Stream) error {
	shards, err := c.streams.ListShards(ctx, &kinesis.ListShardsInput{StreamName: &s.Name})
	if err != nil {
		return fmt.Errorf("list the shards of %s: %w", s.Name, err)
	}
	readers, err := c.functions.ListEventSourceMappings(ctx, &lambda.ListEventSourceMappingsInput{EventSourceArn: &s.ARN})
	if err != nil {
		return fmt.Errorf("list the readers of %s: %w", s.Name, err)
	}
	counted, counting := c.counted()
	for _, shard := range shards.Shards[:min(len(shards.Shards), mostShards)] {
		s.Shards = append(s.Shards, Shard{ID: aws.ToString(shard.ShardId), Put: put(counted, s.Name, aws.ToString(shard.ShardId))})
	}
	for _, m := range readers.EventSourceMappings {
		r := Reader{
			Function: lastPart(aws.ToString(m.FunctionArn)), State: aws.ToString(m.State),
			LastResult: aws.ToString(m.LastProcessingResult), Batch: aws.ToInt32(m.BatchSize),
		}
		if counting && m.StartingPosition == types.EventSourcePositionTrimHorizon {
			r.Behind = behind(counted, s, r.Function, aws.ToString(m.UUID))
		}
		s.Readers = append(s.Readers, r)
	}
	return nil
}

func put(counted traffic.Snapshot, stream, shard string) Records {
	for _, c := range counted.Shards {
		if c.Shard == (traffic.Shard{Stream: stream, ID: shard}) {
			return Records{c.Put, true}
		}
	}
	return Records{}
}

// behind is how many records of each shard a reader has still to read.
func behind(counted traffic.Snapshot, s *Stream, function, mapping string) []Records {
	list := make([]Records, len(s.Shards))
	for i, shard := range s.Shards {
		list[i].N, list[i].Known = counted.Behind(s.Name, traffic.Reader{Function: function, Mapping: mapping, Shard: shard.ID})
	}
	return list
}

// functionsOf are the functions by name.
func (c *Console) functionsOf(ctx context.Context) ([]Function, error) {
	counted, counting := c.counted()
	pages := lambda.NewListFunctionsPaginator(c.functions, &lambda.ListFunctionsInput{})
	var list []Function
	for pages.HasMorePages() && len(list) < mostFunctions {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, fmt.Errorf("list functions: %w", err)
		}
		for _, f := range page.Functions {
			function := Function{Name: aws.ToString(f.FunctionName), Runtime: string(f.Runtime), Timeout: aws.ToInt32(f.Timeout), Memory: aws.ToInt32(f.MemorySize)}
			if counting {
				function.Count = &traffic.FunctionCount{Name: function.Name}
				for _, n := range counted.Functions {
					if n.Name == function.Name {
						function.Count = &n
					}
				}
			}
			list = append(list, function)
		}
	}
	return list, nil
}

// deadLetters looks at the dead-letter queue without receiving from it.
func (c *Console) deadLetters(ctx context.Context) (*Queue, error) {
	url := c.config.Deployed.DeadLetterURL
	if url == "" {
		return nil, nil
	}
	waiting, flying := sqstypes.QueueAttributeNameApproximateNumberOfMessages, sqstypes.QueueAttributeNameApproximateNumberOfMessagesNotVisible
	out, err := c.queues.GetQueueAttributes(ctx, &sqs.GetQueueAttributesInput{QueueUrl: &url, AttributeNames: []sqstypes.QueueAttributeName{waiting, flying}})
	if err != nil {
		return nil, fmt.Errorf("look at the dead letters: %w", err)
	}
	return &Queue{lastPart(url), out.Attributes[string(waiting)], out.Attributes[string(flying)]}, nil
}
