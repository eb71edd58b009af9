package dynamodb

import (
	"context"
	"maps"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// ListStreamsInput is the request of ListStreams; Limit is 1 to 100.
type ListStreamsInput struct {
	TableName               string
	ExclusiveStartStreamArn string
	Limit                   *int
}

// ListStreamsOutput is the answer of ListStreams.
type ListStreamsOutput struct {
	Streams                []StreamSummary
	LastEvaluatedStreamArn string `json:",omitempty"`
}

// StreamSummary names a stream.
type StreamSummary struct{ StreamArn, TableName, StreamLabel string }

// ListStreams lists streams in the order of their ARNs; one that was turned off is
// there as long as its records are.
func (s *State) ListStreams(_ context.Context, in *ListStreamsInput) (*ListStreamsOutput, error) {
	limit, err := within100(in.Limit)
	if err != nil {
		return nil, err
	}
	s.lock()
	defer s.mu.Unlock()
	s.forgetStreams()
	out := &ListStreamsOutput{Streams: []StreamSummary{}}
	for _, arn := range slices.Sorted(maps.Keys(s.streams)) {
		st := s.streams[arn]
		if arn <= in.ExclusiveStartStreamArn || in.TableName != "" && st.table != s.tableName(in.TableName) {
			continue
		}
		if len(out.Streams) == limit {
			out.LastEvaluatedStreamArn = out.Streams[limit-1].StreamArn
			break
		}
		out.Streams = append(out.Streams, StreamSummary{arn, st.table, st.label})
	}
	return out, nil
}

// within100 is a limit of 1 to 100, which is 100 when not given.
func within100(given *int) (int, error) {
	var v violations
	limit := v.within100(given)
	return limit, v.err()
}

// forgetStreams drops the streams that have nothing left to read.
func (s *State) forgetStreams() {
	now := time.Now()
	maps.DeleteFunc(s.streams, func(_ string, st *stream) bool { return st.gone(now) })
}

// stream finds a stream by its ARN and drops what of it is too old; the caller
// holds the lock to write.
func (s *State) stream(arn string) (*stream, error) {
	s.forgetStreams()
	st, ok := s.streams[arn]
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", 0, "Requested resource not found: Stream: %s not found", arn)
	}
	st.trim(time.Now())
	return st, nil
}

// shard finds a stream that has a shard.
func (s *State) shard(arn, shard string) (*stream, error) {
	st, err := s.stream(arn)
	if err == nil && shard != st.shard {
		err = wire.Errorf("ResourceNotFoundException", 0, "Requested resource not found: Shard: %s in Stream: %s not found", shard, arn)
	}
	return st, err
}

// DescribeStreamInput is the request of DescribeStream.
type DescribeStreamInput struct {
	StreamArn             string
	Limit                 *int
	ExclusiveStartShardId string
}

// DescribeStreamOutput is the answer of DescribeStream.
type DescribeStreamOutput struct{ StreamDescription StreamDescription }

// StreamDescription describes a stream: its status is ENABLED or DISABLED.
type StreamDescription struct {
	StreamArn, StreamLabel, StreamStatus, StreamViewType string

	CreationRequestDateTime wire.Time
	TableName               string
	KeySchema               []KeySchemaElement
	Shards                  []Shard
}

// Shard is a shard; the range of one that is open has no end.
type Shard struct {
	ShardId             string
	SequenceNumberRange SequenceNumberRange
}

// SequenceNumberRange are the first and last sequence number of a shard.
type SequenceNumberRange struct {
	StartingSequenceNumber string
	EndingSequenceNumber   string `json:",omitempty"`
}

// DescribeStream describes a stream with its shard.
func (s *State) DescribeStream(_ context.Context, in *DescribeStreamInput) (*DescribeStreamOutput, error) {
	if _, err := within100(in.Limit); err != nil {
		return nil, err
	}
	s.lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamArn)
	if err != nil {
		return nil, err
	}
	d := StreamDescription{
		StreamArn: st.arn, StreamLabel: st.label, StreamStatus: "ENABLED", StreamViewType: st.view, CreationRequestDateTime: wire.At(st.created),
		TableName: st.table, KeySchema: st.schema.elements(), Shards: []Shard{},
	}
	numbers := SequenceNumberRange{StartingSequenceNumber: sequenceNumber(0)}
	if !st.closed.IsZero() {
		d.StreamStatus = "DISABLED"
		numbers.EndingSequenceNumber = sequenceNumber(max(st.next(), 1) - 1)
	}
	if in.ExclusiveStartShardId < st.shard {
		d.Shards = append(d.Shards, Shard{st.shard, numbers})
	}
	return &DescribeStreamOutput{d}, nil
}
