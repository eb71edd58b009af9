package kinesis

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// iterator is what a shard iterator holds; it travels as base64.
type iterator struct {
	Stream  string
	Shard   string
	Origin  string // what the shard's sequence numbers begin with
	Next    uint64
	Expires int64 // Unix ns
}

// iteratorLife is how long an iterator may be used (AWS.md §3).
const iteratorLife = 5 * time.Minute

func (it iterator) String() string {
	text, _ := json.Marshal(it)
	return base64.StdEncoding.EncodeToString(text)
}

func parseIterator(text string) (iterator, error) {
	var it iterator
	raw, err := base64.StdEncoding.DecodeString(text)
	if err == nil {
		err = json.Unmarshal(raw, &it)
	}
	if err != nil {
		return it, errIterator
	}
	return it, nil
}

var errIterator = wire.Errorf("InvalidArgumentException", 0, "Invalid ShardIterator.")

// GetShardIteratorInput says where to read from.
type GetShardIteratorInput struct {
	StreamRef
	ShardId                string
	ShardIteratorType      string
	StartingSequenceNumber string
	Timestamp              wire.Time
}

// GetShardIteratorOutput is the iterator.
type GetShardIteratorOutput struct{ ShardIterator string }

// GetShardIterator makes an iterator of one of the five types.
func (s *State) GetShardIterator(_ context.Context, in *GetShardIteratorInput) (*GetShardIteratorOutput, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	st, err := s.stream(in.StreamName, in.StreamARN)
	if err != nil {
		return nil, err
	}
	sh, ok := st.shard(in.ShardId)
	if !ok {
		return nil, wire.Errorf("ResourceNotFoundException", 0, "Shard %s in stream %s under account %s does not exist", in.ShardId, st.name, s.id.Account)
	}
	now := time.Now()
	sh.trim(now)
	next, err := sh.at(in)
	if err != nil {
		return nil, err
	}
	if err := s.admitIterator(st, sh, now); err != nil {
		return nil, err
	}
	return &GetShardIteratorOutput{iterator{st.name, sh.id, sh.origin, next, now.Add(iteratorLife).UnixNano()}.String()}, nil
}

func (in *GetShardIteratorInput) bySequence() bool {
	return in.ShardIteratorType == "AT_SEQUENCE_NUMBER" || in.ShardIteratorType == "AFTER_SEQUENCE_NUMBER"
}

// check holds a position to its type: what another type needs is refused.
func (in *GetShardIteratorInput) check(now time.Time) error {
	const rule = "Must either specify (1) AT_SEQUENCE_NUMBER or AFTER_SEQUENCE_NUMBER and StartingSequenceNumber or (2) TRIM_HORIZON or LATEST and no StartingSequenceNumber. Request specified %s and %s."
	byTime := in.ShardIteratorType == "AT_TIMESTAMP"
	switch {
	case !in.bySequence() && !byTime && in.ShardIteratorType != "TRIM_HORIZON" && in.ShardIteratorType != "LATEST":
		return constraint("shardIteratorType", in.ShardIteratorType, "satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]")
	case in.bySequence() && in.StartingSequenceNumber == "":
		return wire.Errorf("InvalidArgumentException", 0, rule, in.ShardIteratorType, "no StartingSequenceNumber")
	case !in.bySequence() && in.StartingSequenceNumber != "":
		return wire.Errorf("InvalidArgumentException", 0, rule, in.ShardIteratorType, "also a StartingSequenceNumber")
	case byTime && in.Timestamp.IsZero():
		return wire.Errorf("InvalidArgumentException", 0, "Must specify timestamp parameter for iterator of type AT_TIMESTAMP.")
	case !byTime && !in.Timestamp.IsZero():
		return wire.Errorf("InvalidArgumentException", 0, "Timestamp is for iterators of type AT_TIMESTAMP, not %s.", in.ShardIteratorType)
	case byTime && in.Timestamp.After(now):
		return wire.Errorf("InvalidArgumentException", 0, "The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: %d, currentTimestampInMillis: %d",
			in.Timestamp.UnixMilli(), now.UnixMilli())
	}
	return nil
}

// at is the sequence an iterator request points to.
func (s *shard) at(in *GetShardIteratorInput) (uint64, error) {
	if err := in.check(time.Now()); err != nil {
		return 0, err
	}
	if in.bySequence() {
		next, err := s.resume(in.StartingSequenceNumber, Start{})
		if err != nil {
			return 0, err
		}
		if in.ShardIteratorType == "AT_SEQUENCE_NUMBER" {
			next = max(next-1, 1) // the shard's StartingSequenceNumber, 0, is before its first record
		}
		return next, nil
	}
	return s.resume("", Start{in.ShardIteratorType, in.Timestamp.Time})
}

// GetRecordsInput reads from an iterator.
type GetRecordsInput struct {
	ShardIterator string
	StreamARN     string
	Limit         *int
}

// WireRecord is a record on the wire.
type WireRecord struct {
	SequenceNumber              string
	ApproximateArrivalTimestamp wire.Time
	Data                        []byte
	PartitionKey                string
	EncryptionType              string `json:",omitempty"`
}

// GetRecordsOutput is one read.
type GetRecordsOutput struct {
	Records            []WireRecord
	NextShardIterator  string `json:",omitempty"` // empty at the end of a closed shard
	MillisBehindLatest int64
	ChildShards        []ChildShard `json:",omitempty"`
}

// ChildShard is where a closed shard goes on.
type ChildShard struct {
	ShardId      string
	ParentShards []string
	HashKeyRange HashKeyRange
}

// GetRecords reads at most 10,000 records or 10 MiB. Errors:
// ExpiredIteratorException, InvalidArgumentException, ResourceNotFoundException
// and, with Enforce, ProvisionedThroughputExceededException.
func (s *State) GetRecords(_ context.Context, in *GetRecordsInput) (*GetRecordsOutput, error) {
	it, err := parseIterator(in.ShardIterator)
	if err != nil {
		return nil, err
	}
	limit, err := most(in.Limit, "Limit", maxGetRecords, maxGetRecords)
	if err != nil {
		return nil, err
	}
	now := time.Now()
	if now.UnixNano() > it.Expires {
		made := time.Unix(0, it.Expires).Add(-iteratorLife).UTC()
		return nil, wire.Errorf("ExpiredIteratorException", 0, "Iterator expired. The iterator was created at time %s while right now it is %s which is further in the future than the tolerated delay of %d milliseconds.",
			made.Format(time.UnixDate), now.UTC().Format(time.UnixDate), iteratorLife.Milliseconds())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if _, err := s.stream(it.Stream, in.StreamARN); err != nil {
		return nil, err
	}
	st, sh, err := s.lookup(it.Stream, it.Shard)
	if err != nil {
		return nil, err
	}
	if it.Origin != sh.origin { // of a stream that was deleted, and had this one's name
		return nil, errIterator
	}
	if err := s.admitRead(st, sh, now); err != nil {
		return nil, err
	}
	sh.trim(now)
	out := &GetRecordsOutput{Records: []WireRecord{}}
	size := 0
	next := max(it.Next, sh.first())
	for _, r := range sh.from(next, limit) {
		size += len(r.Data) + len(r.PartitionKey)
		if size > maxGetBytes {
			break
		}
		out.Records = append(out.Records, WireRecord{r.SequenceNumber, wire.At(r.ApproximateArrivalTimestamp), r.Data, r.PartitionKey, st.recordEncryption()})
		next++
	}
	sh.out.bytes += int64(min(size, maxGetBytes))
	if rest := sh.from(next, 1); len(rest) > 0 {
		out.MillisBehindLatest = now.Sub(rest[0].ApproximateArrivalTimestamp).Milliseconds()
	}
	if sh.ended(next) {
		out.ChildShards = sh.childShards()
		return out, nil
	}
	it.Next, it.Expires = next, now.Add(iteratorLife).UnixNano()
	out.NextShardIterator = it.String()
	return out, nil
}
