package dynamodb

import (
	"context"
	"maps"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

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
