package dynamodb

import (
	"context"
	"fmt"
	"iter"
	"maps"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// Limits of batches.
const (
	maxBatchWrite = 25
	maxBatchGet   = 100
	maxBatchBytes = 16 << 20
)

// WriteRequest is one write of a batch: a put or a delete.
type WriteRequest struct {
	PutRequest    *PutRequest    `json:",omitempty"`
	DeleteRequest *DeleteRequest `json:",omitempty"`
}

// PutRequest stores an item.
type PutRequest struct{ Item attribute.Item }

// DeleteRequest deletes the item of a key.
type DeleteRequest struct{ Key attribute.Item }

// BatchWriteItemInput is the request of BatchWriteItem: writes by table, 25 at
// most.
type BatchWriteItemInput struct {
	RequestItems                map[string][]WriteRequest
	ReturnConsumedCapacity      string
	ReturnItemCollectionMetrics string
}

// BatchWriteItemOutput is the answer of BatchWriteItem: what the capacity did not
// suffice for is left unprocessed.
type BatchWriteItemOutput struct {
	UnprocessedItems      map[string][]WriteRequest
	ConsumedCapacity      []ConsumedCapacity                 `json:",omitempty"`
	ItemCollectionMetrics map[string][]ItemCollectionMetrics `json:",omitempty"`
}

// BatchWriteItem checks all writes and then does them.
func (s *State) BatchWriteItem(_ context.Context, in *BatchWriteItemInput) (*BatchWriteItemOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	rep := s.newReport(in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics)
	s.lock()
	defer s.mu.Unlock()
	var writes []batchWrite
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		t, err := s.table(name)
		if err != nil {
			return nil, err
		}
		if writes, err = t.batch(name, in.RequestItems[name], writes); err != nil {
			return nil, err
		}
	}
	left, unprocessed, refusal := map[string][]WriteRequest{}, 0, error(nil)
	for _, write := range writes {
		if err := write.do(rep); err != nil {
			refusal = err
			left[write.table] = append(left[write.table], write.request)
			unprocessed++
		}
	}
	if refusal != nil && unprocessed == len(writes) {
		return nil, refusal
	}
	return &BatchWriteItemOutput{left, rep.all(), rep.allCollections()}, nil
}

// check finds what of a batch is wrong whatever its tables are.
func (in *BatchWriteItemInput) check() error {
	var v violations
	v.returns(in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics)
	v.batch(in.RequestItems != nil, len(in.RequestItems))
	v.batchTables(maps.Keys(in.RequestItems))
	names := slices.Sorted(maps.Keys(in.RequestItems))
	for _, name := range names {
		requests := in.RequestItems[name]
		if n := len(requests); n < 1 || n > maxBatchWrite {
			v.add(fmt.Sprintf("'{%s=[%d requests]}'", name, n), "requestItems", fmt.Sprintf("Map value must satisfy constraint: [Member must have length less than or equal to %d, %s]", maxBatchWrite, notEmpty))
		}
		for n, r := range requests {
			at := fmt.Sprintf("requestItems.%s.member.%d.member.", name, n+1)
			v.required(r.PutRequest == nil || r.PutRequest.Item != nil, at+"putRequest.item")
			v.required(r.DeleteRequest == nil || r.DeleteRequest.Key != nil, at+"deleteRequest.key")
		}
	}
	if err := v.err(); err != nil {
		return err
	}
	for _, name := range names {
		for _, r := range in.RequestItems[name] {
			if err := r.check(); err != nil {
				return err
			}
		}
	}
	return nil
}

// check wants one of the members; the service has the message of values for it.
func (r WriteRequest) check() error {
	switch {
	case (r.PutRequest != nil) == (r.DeleteRequest != nil):
		return invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
	case r.PutRequest != nil:
		return checkNewItem(r.PutRequest.Item)
	}
	return nil
}

// batch checks that a batch is given and not empty.
func (v *violations) batch(given bool, count int) {
	if v.required(given, "requestItems"); given && count == 0 {
		v.add("'{}'", "requestItems", notEmpty)
	}
}

// batchTables checks the tables that a batch names.
func (v *violations) batchTables(names iter.Seq[string]) {
	for name := range names {
		var wrong violations
		if wrong.name(name, ""); len(wrong) > 0 {
			v.add("'{"+name+"=…}'", "requestItems", "Map keys must satisfy constraint: [Member must have length less than or equal to 255, Member must have length greater than or equal to 3, "+namePattern+"]")
			return
		}
	}
}

// batchWrite is a write that has been checked: do does it, unless the table has no
// capacity left.
type batchWrite struct {
	table   string
	request WriteRequest
	do      func(*report) error
}

// batch checks the writes to a table, which the request calls name, and appends them.
func (t *table) batch(name string, requests []WriteRequest, writes []batchWrite) ([]batchWrite, error) {
	if len(writes)+len(requests) > maxBatchWrite {
		return nil, invalid("Too many items requested for the BatchWriteItem call")
	}
	seen := map[string]bool{}
	for _, r := range requests {
		key, write, err := t.write(name, r)
		if err != nil {
			return nil, err
		}
		if encoded := string(t.schema.encode(key)); seen[encoded] {
			return nil, invalid("Provided list of item keys contains duplicates")
		} else {
			seen[encoded] = true
		}
		writes = append(writes, batchWrite{name, r, write})
	}
	return writes, nil
}

func (t *table) write(name string, r WriteRequest) (attribute.Item, func(*report) error, error) {
	switch {
	case r.PutRequest != nil:
		item := r.PutRequest.Item
		return item, func(rep *report) error {
			old := t.get(item)
			if err := t.admitWrite(old, item); err != nil {
				return err
			}
			t.put(item, old)
			rep.wrote(name, t, old, item)
			return nil
		}, t.checkNew(item)
	default:
		key := r.DeleteRequest.Key
		return key, func(rep *report) error {
			old := t.get(key)
			if err := t.admitWrite(old, nil); err != nil {
				return err
			}
			if old != nil {
				t.remove(old)
			}
			rep.wrote(name, t, old, nil)
			return nil
		}, t.schema.checkKey(key)
	}
}
