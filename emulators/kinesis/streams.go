package kinesis

import (
	"context"
	"sort"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// CreateStreamInput declares a stream of provisioned shards.
type CreateStreamInput struct {
	StreamName        string
	ShardCount        int
	StreamModeDetails struct{ StreamMode string }
}

// Empty is the answer of operations that answer nothing.
type Empty struct{}

// CreateStream makes a stream; it is ACTIVE at once. Errors:
// ResourceInUseException, InvalidArgumentException, LimitExceededException.
func (s *State) CreateStream(_ context.Context, in *CreateStreamInput) (*Empty, error) {
	if mode := in.StreamModeDetails.StreamMode; mode != "" && mode != "PROVISIONED" {
		return nil, wire.Errorf("InvalidArgumentException", 0, "StreamMode %s is not implemented by Shakedown", mode)
	}
	if in.StreamName == "" || len(in.StreamName) > 128 {
		return nil, wire.Errorf("InvalidArgumentException", 0, "StreamName %q has not 1 to 128 characters", in.StreamName)
	}
	if in.ShardCount < 1 {
		return nil, wire.Errorf("InvalidArgumentException", 0, "ShardCount %d is not positive", in.ShardCount)
	}
	if in.ShardCount > maxShards {
		return nil, wire.Errorf("LimitExceededException", 0, "ShardCount %d is more than %d", in.ShardCount, maxShards)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.streams[in.StreamName]; ok {
		return nil, wire.Errorf("ResourceInUseException", 0, "Stream %s under account %s already exists.", in.StreamName, s.id.Account)
	}
	s.streams[in.StreamName] = &stream{name: in.StreamName, created: time.Now(), shards: newShards(in.ShardCount), deleted: make(chan struct{})}
	return &Empty{}, nil
}

// StreamRef names a stream by name or ARN.
type StreamRef struct{ StreamName, StreamARN string }

// DeleteStream deletes a stream with its records; who waits for them is told.
func (s *State) DeleteStream(_ context.Context, in *StreamRef) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	close(st.deleted)
	delete(s.streams, st.name)
	return &Empty{}, nil
}

// HashKeyRange and SequenceNumberRange describe a shard.
type (
	HashKeyRange        struct{ StartingHashKey, EndingHashKey string }
	SequenceNumberRange struct{ StartingSequenceNumber string }
)

// Shard describes one shard.
type Shard struct {
	ShardId             string
	HashKeyRange        HashKeyRange
	SequenceNumberRange SequenceNumberRange
}

func (sh *shard) describe() Shard {
	return Shard{sh.id, HashKeyRange{sh.low.String(), sh.high.String()}, SequenceNumberRange{sequenceNumber(sh.index, 0)}}
}

// StreamModeDetails says how capacity is paid for.
type StreamModeDetails struct{ StreamMode string }

// StreamDescription describes a stream with its shards.
type StreamDescription struct {
	StreamName, StreamARN, StreamStatus string
	StreamModeDetails                   StreamModeDetails
	Shards                              []Shard
	HasMoreShards                       bool
	RetentionPeriodHours                int
	StreamCreationTimestamp             wire.Time
	EnhancedMonitoring                  []struct{}
	EncryptionType                      string
}

// DescribeStreamInput asks for a stream and its shards.
type DescribeStreamInput struct {
	StreamRef
	Limit int
}

// DescribeStreamOutput wraps the description.
type DescribeStreamOutput struct{ StreamDescription StreamDescription }

// DescribeStream describes a stream; its shards fit one page.
func (s *State) DescribeStream(_ context.Context, in *DescribeStreamInput) (*DescribeStreamOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	d := StreamDescription{
		StreamName: st.name, StreamARN: s.arn(st.name), StreamStatus: "ACTIVE", StreamModeDetails: StreamModeDetails{"PROVISIONED"},
		RetentionPeriodHours: int(retention.Hours()), StreamCreationTimestamp: wire.At(st.created), EnhancedMonitoring: []struct{}{}, EncryptionType: "NONE",
	}
	for _, sh := range st.shards {
		if in.Limit > 0 && len(d.Shards) == in.Limit {
			d.HasMoreShards = true
			break
		}
		d.Shards = append(d.Shards, sh.describe())
	}
	return &DescribeStreamOutput{d}, nil
}

func (s *State) arn(name string) string { return s.id.ARN("kinesis", "stream/"+name) }

// StreamDescriptionSummary describes a stream without its shards.
type StreamDescriptionSummary struct {
	StreamName, StreamARN, StreamStatus string
	StreamModeDetails                   StreamModeDetails
	OpenShardCount                      int
	RetentionPeriodHours                int
	StreamCreationTimestamp             wire.Time
	EnhancedMonitoring                  []struct{}
	EncryptionType                      string
	ConsumerCount                       int
}

// DescribeStreamSummaryOutput wraps the summary.
type DescribeStreamSummaryOutput struct{ StreamDescriptionSummary StreamDescriptionSummary }

// DescribeStreamSummary describes a stream without its shards.
func (s *State) DescribeStreamSummary(_ context.Context, in *StreamRef) (*DescribeStreamSummaryOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	return &DescribeStreamSummaryOutput{StreamDescriptionSummary{
		StreamName: st.name, StreamARN: s.arn(st.name), StreamStatus: "ACTIVE", StreamModeDetails: StreamModeDetails{"PROVISIONED"},
		OpenShardCount: len(st.shards), RetentionPeriodHours: int(retention.Hours()), StreamCreationTimestamp: wire.At(st.created),
		EnhancedMonitoring: []struct{}{}, EncryptionType: "NONE",
	}}, nil
}

// ListStreamsInput pages through streams by name.
type ListStreamsInput struct {
	Limit                    int
	ExclusiveStartStreamName string
}

// ListStreamsOutput is one page.
type ListStreamsOutput struct {
	StreamNames    []string
	HasMoreStreams bool
}

// ListStreams lists the streams by name.
func (s *State) ListStreams(_ context.Context, in *ListStreamsInput) (*ListStreamsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListStreamsOutput{StreamNames: []string{}}
	for name := range s.streams {
		if name > in.ExclusiveStartStreamName {
			out.StreamNames = append(out.StreamNames, name)
		}
	}
	sort.Strings(out.StreamNames)
	limit := in.Limit
	if limit <= 0 {
		limit = 100
	}
	if len(out.StreamNames) > limit {
		out.StreamNames, out.HasMoreStreams = out.StreamNames[:limit], true
	}
	return out, nil
}

// ListShardsOutput lists all shards: they fit one page.
type ListShardsOutput struct{ Shards []Shard }

// ListShards lists a stream's shards.
func (s *State) ListShards(_ context.Context, in *StreamRef) (*ListShardsOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	out := &ListShardsOutput{}
	for _, sh := range st.shards {
		out.Shards = append(out.Shards, sh.describe())
	}
	return out, nil
}
