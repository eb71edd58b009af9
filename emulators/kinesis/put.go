package kinesis

import (
	"context"
	"time"
	"unicode/utf8"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// PutRecordInput is one record for a stream.
type PutRecordInput struct {
	StreamName      string
	StreamARN       string
	PartitionKey    string
	ExplicitHashKey string
	Data            []byte
	// SequenceNumberForOrdering is a sequence number that this one must be behind,
	// in the same shard: so it always is here.
	SequenceNumberForOrdering string
}

// PutRecordOutput says where the record went.
type PutRecordOutput struct {
	ShardId        string
	SequenceNumber string
	EncryptionType string
}

// PutRecord appends one record. Errors: ResourceNotFoundException,
// InvalidArgumentException, ValidationException and, with Enforce,
// ProvisionedThroughputExceededException.
func (s *State) PutRecord(_ context.Context, in *PutRecordInput) (*PutRecordOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	if err := st.checkRecord(in.PartitionKey, in.Data); err != nil {
		return nil, err
	}
	sh, err := st.shardOf(in.PartitionKey, in.ExplicitHashKey)
	if err != nil {
		return nil, err
	}
	if n := in.SequenceNumberForOrdering; n != "" {
		if _, ok := position(sh.index, n); !ok {
			return nil, wire.Errorf("InvalidArgumentException", 0, "SequenceNumberForOrdering %s is not a sequence number of shard %s", n, sh.id)
		}
	}
	now := time.Now()
	if err := s.admit(st, sh, in.PartitionKey, in.Data, now); err != nil {
		return nil, err
	}
	return &PutRecordOutput{sh.id, s.append(st, sh, in.PartitionKey, in.Data, now), st.encryption()}, nil
}

// append appends a record and tells so; the caller holds mu.
func (s *State) append(st *stream, sh *shard, key string, data []byte, now time.Time) string {
	if s.tap != nil {
		s.tap(st.name, sh.id)
	}
	return sh.append(key, data, now)
}

func (st *stream) checkRecord(key string, data []byte) error {
	if n := utf8.RuneCountInString(key); n < 1 || n > maxPartitionKey {
		return wire.Errorf("ValidationException", 0, "Value '%s' at 'partitionKey' failed to satisfy constraint: Member must have length between 1 and %d", key, maxPartitionKey)
	}
	if len(data)+len(key) > st.maxRecord {
		return wire.Errorf("ValidationException", 0, "Value at 'data' failed to satisfy constraint: Member must have length less than or equal to %d", st.maxRecord)
	}
	return nil
}

// PutRecordsEntry is one record of a PutRecords call.
type PutRecordsEntry struct {
	PartitionKey    string
	ExplicitHashKey string
	Data            []byte
}

// PutRecordsInput is up to 500 records for a stream.
type PutRecordsInput struct {
	StreamRef
	Records []PutRecordsEntry
}

// PutRecordsResult is where one record went, or why it did not.
type PutRecordsResult struct {
	ShardId        string `json:",omitempty"`
	SequenceNumber string `json:",omitempty"`
	ErrorCode      string `json:",omitempty"`
	ErrorMessage   string `json:",omitempty"`
}

// PutRecordsOutput has a result per record; without Enforce none fails.
type PutRecordsOutput struct {
	FailedRecordCount int
	Records           []PutRecordsResult
	EncryptionType    string
}

// PutRecords appends records. A record that is invalid refuses the whole call.
func (s *State) PutRecords(_ context.Context, in *PutRecordsInput) (*PutRecordsOutput, error) {
	if n := len(in.Records); n < 1 || n > maxPutRecords {
		return nil, wire.Errorf("ValidationException", 0, "Value at 'records' failed to satisfy constraint: Member must have length between 1 and %d", maxPutRecords)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	total := 0
	for _, r := range in.Records {
		if err := st.checkRecord(r.PartitionKey, r.Data); err != nil {
			return nil, err
		}
		total += len(r.Data) + len(r.PartitionKey)
	}
	if total > maxPutBytes {
		return nil, wire.Errorf("InvalidArgumentException", 0, "Records size exceeds %d bytes", maxPutBytes)
	}
	shards := make([]*shard, len(in.Records))
	for i, r := range in.Records {
		if shards[i], err = st.shardOf(r.PartitionKey, r.ExplicitHashKey); err != nil {
			return nil, err
		}
	}
	out := &PutRecordsOutput{EncryptionType: st.encryption()}
	now := time.Now()
	for i, r := range in.Records {
		if err := s.admit(st, shards[i], r.PartitionKey, r.Data, now); err != nil {
			out.FailedRecordCount++
			out.Records = append(out.Records, PutRecordsResult{ErrorCode: err.Code, ErrorMessage: err.Message})
			continue
		}
		number := s.append(st, shards[i], r.PartitionKey, r.Data, now)
		out.Records = append(out.Records, PutRecordsResult{ShardId: shards[i].id, SequenceNumber: number})
	}
	return out, nil
}
