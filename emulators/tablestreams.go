package emulators

import (
	"context"
	"errors"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb"
	"github.com/shakedown-iot/shakedown/emulators/lambda"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

func ofTable(streamARN string) bool {
	_, ok := wire.ResourceOf(streamARN, "dynamodb")
	return ok
}

// nextOfTable is Next for the stream of a table.
func (s Streams) nextOfTable(ctx context.Context, streamARN, shard, after string, start lambda.Start, max int) ([]lambda.Record, error) {
	events, err := s.tables.Next(ctx, streamARN, shard, after, dynamodb.Start{Position: start.Position, At: start.At}, max)
	if errors.Is(err, dynamodb.ErrShardEnd) {
		return nil, lambda.ErrShardEnd
	}
	if err != nil {
		return nil, err
	}
	out := make([]lambda.Record, len(events))
	for i, e := range events {
		out[i] = lambda.Record{SequenceNumber: e.SequenceNumber, Data: e.Data, ApproximateArrivalTimestamp: e.At}
	}
	return out, nil
}
