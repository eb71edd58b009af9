package lambda

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"
)

// strand is one of the ParallelizationFactor parts of a shard: the records whose
// keys hash to its number, in order, of which one batch is in process at a time.
type strand struct {
	poller
	number int
	since  time.Time // when the batching window began
	busy   bool
}

func newStrand(of *poller, number int, finish func([]Record)) *strand {
	s := &strand{poller: poller{state: of.state, mapping: of.mapping, shard: of.shard, rules: of.rules, finish: finish}, number: number}
	s.name = fmt.Sprintf("%s/%d", of.shard, number)
	return s
}

// take lets records wait for their turn.
func (s *strand) take(r Record) {
	if len(s.read) == 0 && !s.busy {
		s.since = time.Now()
	}
	s.read = append(s.read, r)
}

// due is when a batch may begin: at once when it is full or the batching window
// has passed. The caller knows that something waits.
func (s *strand) due() time.Time {
	c := &s.mapping.config
	if len(s.read) >= int(c.BatchSize) || s.source().fit(s.read) < len(s.read) {
		return s.since
	}
	return s.since.Add(time.Duration(c.MaximumBatchingWindowInSeconds) * time.Second)
}

// batch takes what is invoked next.
func (s *strand) batch() []Record {
	n := s.source().fit(s.read[:min(len(s.read), int(s.mapping.config.BatchSize))])
	batch := s.read[:n:n]
	s.read, s.busy = s.read[n:], true
	return batch
}

// free ends a batch: "the next batching window begins as soon as the previous
// function invocation completes".
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html
func (s *strand) free() { s.busy, s.since = false, time.Now() }

// strandOf is the strand of a record among n: the order is kept of each partition
// key of Kinesis, and of each item of a table.
// See https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html
// and https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
func strandOf(r Record, table bool, n int) int {
	key := r.PartitionKey
	if table {
		key = itemKey(r.Data)
	}
	return int(hash(key, "", 0) % uint64(n))
}

// itemKey is the key of the item that a record of a table is about, as text that is
// the same for all of its records.
func itemKey(data []byte) string {
	var record struct {
		DynamoDB struct{ Keys json.RawMessage } `json:"dynamodb"`
	}
	if json.Unmarshal(data, &record) != nil {
		return ""
	}
	var attributes map[string]any // encodes in the order of the names
	if json.Unmarshal(record.DynamoDB.Keys, &attributes) != nil {
		return ""
	}
	var key bytes.Buffer
	if json.NewEncoder(&key).Encode(attributes) != nil {
		return ""
	}
	return key.String()
}
