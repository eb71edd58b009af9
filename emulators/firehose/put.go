package firehose

import (
	"context"
	"net/http"
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Bounds of records and of a batch of them.
// https://docs.aws.amazon.com/firehose/latest/APIReference/API_PutRecordBatch.html
const (
	maxRecord     = 1000 << 10
	maxRecords    = 500
	maxBatchBytes = 4 << 20
)

const unavailable = "ServiceUnavailableException"

// Record is data of any kind.
type Record struct{ Data []byte }

// PutRecordInput puts one record.
type PutRecordInput struct {
	DeliveryStreamName string
	Record             *Record
}

// PutRecordOutput is the id of a record.
type PutRecordOutput struct {
	RecordID  string `json:"RecordId"`
	Encrypted bool
}

// PutRecord buffers a record. Errors: InvalidArgumentException,
// ResourceNotFoundException, ServiceUnavailableException when buffers are full.
func (s *State) PutRecord(_ context.Context, in *PutRecordInput) (*PutRecordOutput, error) {
	if in.Record == nil {
		return nil, invalid("Record is required.")
	}
	out, err := s.put(in.DeliveryStreamName, []Record{*in.Record})
	if err != nil {
		return nil, err
	}
	if out[0].ErrorCode != "" {
		return nil, wire.Errorf(out[0].ErrorCode, http.StatusServiceUnavailable, "%s", out[0].ErrorMessage)
	}
	return &PutRecordOutput{RecordID: out[0].RecordID}, nil
}

// PutRecordBatchInput puts several records.
type PutRecordBatchInput struct {
	DeliveryStreamName string
	Records            []Record
}

// PutRecordBatchOutput is what became of each record.
type PutRecordBatchOutput struct {
	FailedPutCount   int
	Encrypted        bool
	RequestResponses []PutRecordBatchEntry
}

// PutRecordBatchEntry is the id of a record, or why it was not taken.
type PutRecordBatchEntry struct {
	RecordID     string `json:"RecordId,omitempty"`
	ErrorCode    string `json:",omitempty"`
	ErrorMessage string `json:",omitempty"`
}

// PutRecordBatch buffers records; some may fail. Errors: as those of PutRecord.
func (s *State) PutRecordBatch(_ context.Context, in *PutRecordBatchInput) (*PutRecordBatchOutput, error) {
	if n := len(in.Records); n == 0 || n > maxRecords {
		return nil, invalid("Records has 1 to %d members, not %d.", maxRecords, n)
	}
	entries, err := s.put(in.DeliveryStreamName, in.Records)
	if err != nil {
		return nil, err
	}
	out := &PutRecordBatchOutput{RequestResponses: entries}
	for _, e := range entries {
		if e.ErrorCode != "" {
			out.FailedPutCount++
		}
	}
	return out, nil
}

// put buffers records in order.
func (s *State) put(name string, records []Record) ([]PutRecordBatchEntry, error) {
	total := 0
	for i, r := range records {
		if r.Data == nil {
			return nil, invalid("Record %d has no Data.", i+1)
		}
		if len(r.Data) > maxRecord {
			return nil, invalid("Record %d has %d bytes, more than %d.", i+1, len(r.Data), maxRecord)
		}
		total += len(r.Data)
	}
	if total > maxBatchBytes {
		return nil, invalid("Records exceeds 4MB size limit with %d bytes.", total)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(name)
	if err != nil {
		return nil, err
	}
	if st.source != nil {
		return nil, invalid("This operation is not permitted on %s delivery stream type.", kinesisSource)
	}
	entries := make([]PutRecordBatchEntry, len(records))
	for i, r := range records {
		if !s.room(st, len(r.Data)) {
			entries[i] = PutRecordBatchEntry{ErrorCode: unavailable, ErrorMessage: "Slow down: Shakedown's buffers are full."}
			continue
		}
		entries[i].RecordID = newRecordID()
		s.admit(st, r.Data, nil)
	}
	return entries, nil
}

// room tells whether a record of so many bytes finds some. The caller holds the lock.
func (s *State) room(st *stream, bytes int) bool {
	return s.bytes+bytes+len(st.destination.delimiter) <= s.config.MaxBytes && len(s.sealed)+len(s.works) < maxSealed
}

// newRecordID is a long random text, as on AWS.
func newRecordID() string {
	return strings.ReplaceAll(wire.NewRequestID()+wire.NewRequestID(), "-", "")
}
