package emulators

import (
	"context"
	"errors"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/firehose"
	"github.com/shakedown-iot/shakedown/emulators/lambda"
)

// firehoseSource lets Firehose read streams as event source mappings do.
type firehoseSource struct{ lambda.Streams }

// Next implements firehose.Streams.
func (s firehoseSource) Next(ctx context.Context, streamARN, shard, after string, from time.Time, max int) ([]firehose.SourceRecord, error) {
	records, err := s.Streams.Next(ctx, streamARN, shard, after, lambda.Start{Position: lambda.AtTimestamp, At: from}, max)
	if errors.Is(err, lambda.ErrShardEnd) {
		return nil, firehose.ErrShardEnd
	}
	if err != nil {
		return nil, err
	}
	out := make([]firehose.SourceRecord, len(records))
	for i, r := range records {
		out[i] = firehose.SourceRecord{SequenceNumber: r.SequenceNumber, PartitionKey: r.PartitionKey, Data: r.Data, Arrived: r.ApproximateArrivalTimestamp}
	}
	return out, nil
}

// Parents implements firehose.Streams: streams that cannot tell have none.
func (s firehoseSource) Parents(ctx context.Context, streamARN string) (map[string][]string, error) {
	if p, ok := s.Streams.(lambda.ShardParents); ok {
		return p.Parents(ctx, streamARN)
	}
	return nil, nil
}

// AtEnd implements firehose.Streams: streams that do not have to be asked have told
// their readers of all there is.
func (s firehoseSource) AtEnd(streamARN, shard, after string) bool {
	end, ok := s.Streams.(lambda.StreamEnd)
	return !ok || end.AtEnd(streamARN, shard, after)
}
