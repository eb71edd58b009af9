package kinesis

import (
	"context"
	"fmt"
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
	// SequenceNumberForOrdering is a sequence number of this stream that this one must
	// be behind. In the same shard, or one made of it, it always is.
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
	if err := checkKey("partitionKey", in.PartitionKey); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	if err := st.checkSize("data", in.PartitionKey, in.Data); err != nil {
		return nil, err
	}
	sh, err := st.shardOf(in.PartitionKey, in.ExplicitHashKey)
	if err != nil {
		return nil, err
	}
	if n := in.SequenceNumberForOrdering; n != "" {
		if !st.issued(n) {
			return nil, wire.Errorf("InvalidArgumentException", 0, "ExclusiveMinimumSequenceNumber %.60s used in PutRecord on stream %s under account %s is invalid.", n, st.name, s.id.Account)
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

func checkKey(member, key string) error {
	switch n := utf8.RuneCountInString(key); {
	case n < 1:
		return constraint(member, key, "have length greater than or equal to 1")
	case n > maxPartitionKey:
		return constraint(member, key, fmt.Sprintf("have length less than or equal to %d", maxPartitionKey))
	}
	return nil
}

// checkSize bounds a record with its key.
func (st *stream) checkSize(member, key string, data []byte) error {
	if len(data)+len(key) <= st.maxRecord {
		return nil
	}
	return constraint(member, fmt.Sprintf("%d bytes with the partition key", len(data)+len(key)), fmt.Sprintf("have length less than or equal to %d", st.maxRecord))
}

// issued tells whether a sequence number is one that a shard of the stream gave.
func (st *stream) issued(number string) bool {
	for _, sh := range st.shards {
		if n, ok := sh.position(number); ok {
			return n <= sh.sequence
		}
	}
	return false
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
		return nil, constraint("records", fmt.Sprintf("%d records", n), fmt.Sprintf("have length between 1 and %d", maxPutRecords))
	}
	for i, r := range in.Records {
		if err := checkKey(fmt.Sprintf("records.%d.member.partitionKey", i+1), r.PartitionKey); err != nil {
			return nil, err
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	total := 0
	for i, r := range in.Records {
		if err := st.checkSize(fmt.Sprintf("records.%d.member.data", i+1), r.PartitionKey, r.Data); err != nil {
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
