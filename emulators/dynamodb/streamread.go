package dynamodb

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Limits of reading a stream.
// https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_streams_GetRecords.html
const (
	iteratorLife     = 15 * time.Minute
	maxStreamRecords = 1000
	maxStreamBytes   = 1 << 20
)

// GetShardIteratorInput is the request of GetShardIterator.
type GetShardIteratorInput struct {
	StreamArn, ShardId, ShardIteratorType string
	SequenceNumber                        string
}

// GetShardIteratorOutput is the answer of GetShardIterator.
type GetShardIteratorOutput struct{ ShardIterator string }

// iterator is a place in a shard; it is the token itself.
type iterator struct {
	Next  uint64
	Given time.Time
}

func (st *stream) token(next uint64) (string, error) {
	text, err := json.Marshal(iterator{next, time.Now()})
	if err != nil {
		return "", fmt.Errorf("encoding an iterator: %w", err)
	}
	return st.arn + "|1|" + base64.StdEncoding.EncodeToString(text), nil
}

// GetShardIterator answers where to read from.
func (s *State) GetShardIterator(_ context.Context, in *GetShardIteratorInput) (*GetShardIteratorOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	s.lock()
	defer s.mu.Unlock()
	st, err := s.shard(in.StreamArn, in.ShardId)
	if err != nil {
		return nil, err
	}
	next, err := in.place(st)
	if err != nil {
		return nil, err
	}
	token, err := st.token(next)
	return &GetShardIteratorOutput{token}, err
}

func (in *GetShardIteratorInput) check() error {
	if err := oneOf(in.ShardIteratorType, "shardIteratorType", "TRIM_HORIZON", "LATEST", "AT_SEQUENCE_NUMBER", "AFTER_SEQUENCE_NUMBER"); err != nil {
		return err
	}
	bySequence := strings.HasSuffix(in.ShardIteratorType, "_SEQUENCE_NUMBER")
	switch {
	case in.ShardIteratorType == "":
		return constraint("null", "shardIteratorType", "Member must not be null")
	case in.ShardId == "":
		return constraint("null", "shardId", "Member must not be null")
	case bySequence && in.SequenceNumber == "":
		return invalid("SequenceNumber is required for the shard iterator type %s", in.ShardIteratorType)
	case !bySequence && in.SequenceNumber != "":
		return invalid("SequenceNumber must not be given for the shard iterator type %s", in.ShardIteratorType)
	}
	return nil
}

// place is the number of the change to begin with.
func (in *GetShardIteratorInput) place(st *stream) (uint64, error) {
	switch in.ShardIteratorType {
	case "TRIM_HORIZON":
		return st.first, nil
	case "LATEST":
		return st.next(), nil
	}
	n, err := sequenceOf(in.SequenceNumber)
	switch {
	case err != nil:
		return 0, err
	case n < st.first:
		return 0, trimmed()
	case n >= st.next():
		return 0, invalid("Invalid SequenceNumber: %s is not of this stream", in.SequenceNumber)
	case in.ShardIteratorType == "AFTER_SEQUENCE_NUMBER":
		n++
	}
	return n, nil
}

func trimmed() error {
	return wire.Errorf("TrimmedDataAccessException", 0, "The operation attempted to read past the oldest stream record in a shard")
}

// GetRecordsInput is the request of GetRecords; Limit is 1 to 1000.
type GetRecordsInput struct {
	ShardIterator string
	Limit         *int
}

// GetRecordsOutput is the answer of GetRecords; NextShardIterator is empty at the
// end of a shard.
type GetRecordsOutput struct {
	Records           []StreamRecord
	NextShardIterator string `json:",omitempty"`
}

// GetRecords reads changes in their order.
func (s *State) GetRecords(_ context.Context, in *GetRecordsInput) (*GetRecordsOutput, error) {
	limit := maxStreamRecords
	if in.Limit != nil {
		limit = *in.Limit
	}
	if limit < 1 || limit > maxStreamRecords {
		return nil, constraint(fmt.Sprintf("'%d'", limit), "limit", fmt.Sprintf("Member must have value between 1 and %d", maxStreamRecords))
	}
	arn, it, err := parseIterator(in.ShardIterator)
	if err != nil {
		return nil, err
	}
	s.lock()
	defer s.mu.Unlock()
	st, err := s.stream(arn)
	if err != nil {
		return nil, err
	}
	if it.Next < st.first {
		return nil, trimmed()
	}
	out := &GetRecordsOutput{Records: []StreamRecord{}}
	for size := 0; it.Next < st.next() && len(out.Records) < limit; it.Next++ {
		r := st.record(s.id.Region, it.Next)
		if size += r.Dynamodb.SizeBytes; size > maxStreamBytes && len(out.Records) > 0 {
			break
		}
		out.Records = append(out.Records, r)
	}
	if st.closed.IsZero() || it.Next < st.next() {
		out.NextShardIterator, err = st.token(it.Next)
	}
	return out, err
}

func parseIterator(token string) (arn string, it iterator, err error) {
	parts := strings.Split(token, "|")
	if len(parts) != 3 {
		return "", it, invalid("Invalid ShardIterator")
	}
	text, err := base64.StdEncoding.DecodeString(parts[2])
	if err != nil || json.Unmarshal(text, &it) != nil {
		return "", it, invalid("Invalid ShardIterator")
	}
	if time.Since(it.Given) >= iteratorLife {
		return "", it, wire.Errorf("ExpiredIteratorException", 0, "The provided iterator exceeds the maximum age allowed")
	}
	return parts[0], it, nil
}
