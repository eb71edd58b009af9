package kinesis

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// CreateStreamInput declares a stream of provisioned shards, or on demand.
type CreateStreamInput struct {
	StreamName         string
	ShardCount         *int
	StreamModeDetails  *StreamModeDetails
	MaxRecordSizeInKiB int
	Tags               map[string]string
}

// Empty is the answer of operations that answer nothing.
type Empty struct{}

var namePattern = regexp.MustCompile(`^[a-zA-Z0-9_.-]{1,128}$`)

// CreateStream makes a stream; it is ACTIVE at once. Errors:
// ResourceInUseException, InvalidArgumentException, LimitExceededException.
func (s *State) CreateStream(_ context.Context, in *CreateStreamInput) (*Empty, error) {
	if err := checkName("streamName", in.StreamName); err != nil {
		return nil, err
	}
	now := time.Now()
	st := &stream{
		name: in.StreamName, created: now, mode: provisionedMode, retention: leastRetention, maxRecord: leastRecord, deleted: make(chan struct{}),
	}
	shards, err := in.shards(st)
	if err != nil {
		return nil, err
	}
	if err := addTags(&st.tags, in.Tags); err != nil {
		return nil, err
	}
	for _, keys := range evenly(min(shards, s.shardLimit())) { // of more there is no stream
		st.add(keys, now)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, ok := s.streams[in.StreamName]; ok {
		return nil, wire.Errorf("ResourceInUseException", 0, "Stream %s under account %s already exists.", in.StreamName, s.id.Account)
	}
	if err := s.room(st.mode, shards); err != nil {
		return nil, err
	}
	s.streams[in.StreamName] = st
	return &Empty{}, nil
}

// shards sets mode and record size, and answers the number of shards.
func (in *CreateStreamInput) shards(st *stream) (int, error) {
	if in.StreamModeDetails != nil {
		st.mode = in.StreamModeDetails.StreamMode
		if err := checkMode(st.mode); err != nil {
			return 0, err
		}
	}
	if k := in.MaxRecordSizeInKiB; k != 0 {
		if st.maxRecord = k << 10; k < leastRecord>>10 || k > mostRecord>>10 {
			return 0, wire.Errorf("ValidationException", 0, "MaxRecordSizeInKiB %d is not between %d and %d", k, leastRecord>>10, mostRecord>>10)
		}
	}
	switch n := in.ShardCount; {
	case st.mode == onDemandMode && n != nil:
		return 0, wire.Errorf("InvalidArgumentException", 0, "ShardCount cannot be given for a stream in mode ON_DEMAND")
	case st.mode == onDemandMode:
		return onDemandShards, nil
	case n == nil || *n < 1:
		return 0, wire.Errorf("InvalidArgumentException", 0, "ShardCount is required in mode PROVISIONED, and positive")
	default:
		return *n, nil
	}
}

// StreamRef names a stream by name or ARN.
type StreamRef struct{ StreamName, StreamARN string }

// DeleteStreamInput names a stream to delete.
type DeleteStreamInput struct {
	StreamRef
	// EnforceConsumerDeletion deletes a stream although it has consumers.
	EnforceConsumerDeletion bool
}

// DeleteStream deletes a stream with its records; who waits for them is told.
func (s *State) DeleteStream(_ context.Context, in *DeleteStreamInput) (*Empty, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	consumers := s.consumersOf(st)
	if len(consumers) > 0 && !in.EnforceConsumerDeletion {
		return nil, wire.Errorf("ResourceInUseException", 0, "Stream %s under account %s has registered consumers, delete consumers first.", st.name, s.id.Account)
	}
	for _, c := range consumers {
		s.drop(c)
	}
	close(st.deleted)
	delete(s.streams, st.name)
	return &Empty{}, nil
}

// HashKeyRange and SequenceNumberRange describe a shard; an open one has no end.
type (
	HashKeyRange        struct{ StartingHashKey, EndingHashKey string }
	SequenceNumberRange struct {
		StartingSequenceNumber string
		EndingSequenceNumber   string `json:",omitempty"`
	}
)

// Shard describes one shard.
type Shard struct {
	ShardId               string
	ParentShardId         string `json:",omitempty"`
	AdjacentParentShardId string `json:",omitempty"`
	HashKeyRange          HashKeyRange
	SequenceNumberRange   SequenceNumberRange
}

func (sh *shard) describe() Shard {
	out := Shard{
		ShardId: sh.id, HashKeyRange: HashKeyRange{sh.low.String(), sh.high.String()},
		SequenceNumberRange: SequenceNumberRange{StartingSequenceNumber: sh.sequenceNumber(0)},
	}
	if len(sh.parents) > 0 {
		out.ParentShardId = sh.parents[0]
	}
	if n := len(sh.parents); n > 1 {
		out.AdjacentParentShardId = sh.parents[n-1]
	}
	if !sh.closed.IsZero() {
		out.SequenceNumberRange.EndingSequenceNumber = sh.sequenceNumber(sh.sequence + 1)
	}
	return out
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
	EnhancedMonitoring                  []Monitoring
	EncryptionType                      string
	KeyId                               string `json:",omitempty"`
}

// DescribeStreamInput asks for a stream and its shards.
type DescribeStreamInput struct {
	StreamRef
	Limit                 *int
	ExclusiveStartShardId string
}

// DescribeStreamOutput wraps the description.
type DescribeStreamOutput struct{ StreamDescription StreamDescription }

// DescribeStream describes a stream with at most Limit of its shards, or 100: by id, those
// behind ExclusiveStartShardId. That need not be one of them: AWS documents no error for it.
// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStream.html
func (s *State) DescribeStream(_ context.Context, in *DescribeStreamInput) (*DescribeStreamOutput, error) {
	limit, err := most(in.Limit, "Limit", maxPage, 100)
	if err != nil {
		return nil, err
	}
	if err := checkStart(in.ExclusiveStartShardId); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	st.expire(time.Now())
	d := StreamDescription{
		StreamName: st.name, StreamARN: s.arn(st.name), StreamStatus: "ACTIVE", StreamModeDetails: StreamModeDetails{st.mode}, Shards: []Shard{},
		RetentionPeriodHours: int(st.retention.Hours()), StreamCreationTimestamp: wire.At(st.created),
		EnhancedMonitoring: noMonitoring, EncryptionType: st.encryption(), KeyId: st.keyID,
	}
	for _, sh := range st.shards {
		switch {
		case sh.id <= in.ExclusiveStartShardId:
		case len(d.Shards) == limit:
			d.HasMoreShards = true
		default:
			d.Shards = append(d.Shards, sh.describe())
		}
	}
	return &DescribeStreamOutput{d}, nil
}

// noMonitoring is the metrics of shards: EnableEnhancedMonitoring is refused.
var noMonitoring = []Monitoring{{ShardLevelMetrics: []string{}}}

// Monitoring is metrics of shards.
type Monitoring struct{ ShardLevelMetrics []string }

func (s *State) arn(name string) string { return s.id.ARN("kinesis", "stream/"+name) }

// StreamDescriptionSummary describes a stream without its shards.
type StreamDescriptionSummary struct {
	StreamName, StreamARN, StreamStatus string
	StreamModeDetails                   StreamModeDetails
	OpenShardCount                      int
	RetentionPeriodHours                int
	StreamCreationTimestamp             wire.Time
	EnhancedMonitoring                  []Monitoring
	EncryptionType                      string
	KeyId                               string `json:",omitempty"`
	ConsumerCount                       int
	MaxRecordSizeInKiB                  int
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
		StreamName: st.name, StreamARN: s.arn(st.name), StreamStatus: "ACTIVE", StreamModeDetails: StreamModeDetails{st.mode},
		OpenShardCount: len(st.open), RetentionPeriodHours: int(st.retention.Hours()), StreamCreationTimestamp: wire.At(st.created),
		EnhancedMonitoring: noMonitoring, EncryptionType: st.encryption(), KeyId: st.keyID,
		ConsumerCount: len(s.consumersOf(st)), MaxRecordSizeInKiB: st.maxRecord >> 10,
	}}, nil
}

// ListStreamsInput pages through streams by name; a token is the last name.
type ListStreamsInput struct {
	Limit                    *int
	ExclusiveStartStreamName string
	NextToken                string
}

// StreamSummary is a stream in a list.
type StreamSummary struct {
	StreamName, StreamARN, StreamStatus string
	StreamModeDetails                   StreamModeDetails
	StreamCreationTimestamp             wire.Time
}

// ListStreamsOutput is one page.
type ListStreamsOutput struct {
	StreamNames     []string
	StreamSummaries []StreamSummary
	HasMoreStreams  bool
	NextToken       string `json:",omitempty"`
}

// ListStreams lists the streams by name, at most Limit of them, or 100.
func (s *State) ListStreams(_ context.Context, in *ListStreamsInput) (*ListStreamsOutput, error) {
	limit, err := most(in.Limit, "Limit", maxPage, 100)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	out := &ListStreamsOutput{StreamNames: []string{}, StreamSummaries: []StreamSummary{}}
	for _, name := range slices.Sorted(maps.Keys(s.streams)) {
		switch {
		case name <= max(in.ExclusiveStartStreamName, in.NextToken):
		case len(out.StreamNames) == limit:
			out.HasMoreStreams, out.NextToken = true, out.StreamNames[limit-1]
		default:
			st := s.streams[name]
			out.StreamNames = append(out.StreamNames, name)
			out.StreamSummaries = append(out.StreamSummaries, StreamSummary{name, s.arn(name), "ACTIVE", StreamModeDetails{st.mode}, wire.At(st.created)})
		}
	}
	return out, nil
}
