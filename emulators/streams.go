package emulators

import (
	"context"
	"errors"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb"
	"github.com/shakedown-iot/shakedown/emulators/kinesis"
	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Streams lets event source mappings read the embedded Kinesis, and the streams of
// the tables of the embedded DynamoDB, without polling: Next wakes when a record is
// appended.
type Streams struct {
	state  *kinesis.State
	tables *dynamodb.State
}

// ShardIDs implements lambda.Streams.
func (s Streams) ShardIDs(_ context.Context, streamARN string) ([]string, error) {
	if ofTable(streamARN) {
		return s.tables.ShardIDs(streamARN)
	}
	name, err := s.state.NameOf(streamARN) // not of another account or region
	if err != nil {
		return nil, err
	}
	return s.state.ShardIDs(name)
}

// Next implements lambda.Streams.
func (s Streams) Next(ctx context.Context, streamARN, shard, after string, start lambda.Start, max int) ([]lambda.Record, error) {
	if ofTable(streamARN) {
		return s.nextOfTable(ctx, streamARN, shard, after, start, max)
	}
	name, err := streamName(streamARN)
	if err != nil {
		return nil, err
	}
	records, err := s.state.Next(ctx, name, shard, after, kinesis.Start{Position: start.Position, At: start.At}, max)
	if errors.Is(err, kinesis.ErrShardEnd) {
		return nil, lambda.ErrShardEnd
	}
	if err != nil {
		return nil, err
	}
	out := make([]lambda.Record, len(records))
	for i, r := range records {
		out[i] = lambda.Record(r)
	}
	return out, nil
}

// Parents implements lambda.ShardParents.
func (s Streams) Parents(_ context.Context, streamARN string) (map[string][]string, error) {
	if ofTable(streamARN) {
		return nil, nil // one shard
	}
	name, err := streamName(streamARN)
	if err != nil {
		return nil, err
	}
	return s.state.Parents(name)
}

// Retention implements lambda.StreamRetention.
func (s Streams) Retention(_ context.Context, streamARN string) (time.Duration, error) {
	if ofTable(streamARN) {
		return dynamodb.StreamRetention, nil
	}
	name, err := streamName(streamARN)
	if err != nil {
		return 0, err
	}
	return s.state.Retention(name)
}

func streamName(arn string) (string, error) {
	resource, ok := wire.ResourceOf(arn, "kinesis")
	name, isStream := strings.CutPrefix(resource, "stream/")
	if !ok || !isStream {
		return "", wire.Errorf("InvalidParameterValueException", 0, "%s is not the ARN of a stream", arn)
	}
	return name, nil
}
