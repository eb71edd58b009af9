package dynamodb

import (
	"context"
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
	rep, err := s.newReport(in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics)
	if err != nil {
		return nil, err
	}
	if len(in.RequestItems) == 0 {
		return nil, constraint("'{}'", "requestItems", "Member must have length greater than or equal to 1")
	}
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
	case r.PutRequest != nil && r.DeleteRequest != nil:
		return nil, nil, invalid("Supplied AttributeValue has more than one datatypes set, must contain exactly one of the supported datatypes")
	case r.PutRequest != nil:
		item := r.PutRequest.Item
		if err := checkNewItem(item); err != nil {
			return nil, nil, err
		}
		return item, func(rep *report) error {
			old := t.get(item)
			if err := t.admitWrite(old, item); err != nil {
				return err
			}
			t.put(item, old)
			rep.wrote(name, t, old, item)
			return nil
		}, t.checkNew(item)
	case r.DeleteRequest != nil:
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
		}, t.checkGiven(key)
	}
	return nil, nil, invalid("Supplied AttributeValue is empty, must contain exactly one of the supported datatypes")
}

// KeysAndAttributes are reads of one table.
type KeysAndAttributes struct {
	Keys                     []attribute.Item
	ConsistentRead           bool              `json:",omitempty"`
	ProjectionExpression     *string           `json:",omitempty"`
	ExpressionAttributeNames map[string]string `json:",omitempty"`
}

// BatchGetItemInput is the request of BatchGetItem: keys by table, 100 at most.
type BatchGetItemInput struct {
	RequestItems           map[string]KeysAndAttributes
	ReturnConsumedCapacity string
}

// BatchGetItemOutput is the answer of BatchGetItem: the items that exist, and
// the keys that the 16 MB of an answer left no room for.
type BatchGetItemOutput struct {
	Responses        map[string][]attribute.Item
	UnprocessedKeys  map[string]KeysAndAttributes
	refusal          error              // why a key is unprocessed
	ConsumedCapacity []ConsumedCapacity `json:",omitempty"`
}

// BatchGetItem reads the items of many keys.
func (s *State) BatchGetItem(_ context.Context, in *BatchGetItemInput) (*BatchGetItemOutput, error) {
	rep, err := s.newReport(in.ReturnConsumedCapacity, "")
	if err != nil {
		return nil, err
	}
	if len(in.RequestItems) == 0 {
		return nil, constraint("'{}'", "requestItems", "Member must have length greater than or equal to 1")
	}
	s.rlock()
	defer s.mu.RUnlock()
	out := &BatchGetItemOutput{Responses: map[string][]attribute.Item{}, UnprocessedKeys: map[string]KeysAndAttributes{}}
	keys, room := 0, maxBatchBytes
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		wanted := in.RequestItems[name]
		if keys += len(wanted.Keys); keys > maxBatchGet {
			return nil, invalid("Too many items requested for the BatchGetItem call")
		}
		if err := s.batchGet(name, wanted, out, &room, rep); err != nil {
			return nil, err
		}
	}
	if out.refusal != nil && out.unprocessed() == keys {
		return nil, out.refusal
	}
	out.ConsumedCapacity = rep.all()
	return out, nil
}

func (s *State) batchGet(name string, wanted KeysAndAttributes, out *BatchGetItemOutput, room *int, rep *report) error {
	t, err := s.table(name)
	if err != nil {
		return err
	}
	projection, err := s.projection(wanted.ProjectionExpression, wanted.ExpressionAttributeNames)
	if err != nil {
		return err
	}
	seen := map[string]bool{}
	items, left := []attribute.Item{}, wanted
	left.Keys = nil
	for _, key := range wanted.Keys {
		if err := t.checkGiven(key); err != nil {
			return err
		}
		encoded := string(t.schema.encode(key))
		if seen[encoded] {
			return invalid("Provided list of item keys contains duplicates")
		}
		seen[encoded] = true
		r, ok := t.items.Get(encoded)
		switch refusal := t.admitRead(nil); {
		case refusal != nil:
			out.refusal = refusal
			left.Keys = append(left.Keys, key)
		case !ok:
			rep.read(name, t, nil, 0, wanted.ConsistentRead)
		case r.size > *room:
			left.Keys = append(left.Keys, key)
		default:
			rep.read(name, t, nil, r.size, wanted.ConsistentRead)
			*room -= r.size
			items = append(items, projected(projection, r.item))
		}
	}
	out.Responses[name] = items
	if left.Keys != nil {
		out.UnprocessedKeys[name] = left
	}
	return nil
}

func (out *BatchGetItemOutput) unprocessed() int {
	n := 0
	for _, left := range out.UnprocessedKeys {
		n += len(left.Keys)
	}
	return n
}
