package dynamodb

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
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
	if err := in.check(); err != nil {
		return nil, err
	}
	projections, err := in.bind(s)
	if err != nil {
		return nil, err
	}
	rep := s.newReport(in.ReturnConsumedCapacity, "")
	s.rlock()
	defer s.mu.RUnlock()
	out := &BatchGetItemOutput{Responses: map[string][]attribute.Item{}, UnprocessedKeys: map[string]KeysAndAttributes{}}
	keys, room := 0, maxBatchBytes
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		wanted := in.RequestItems[name]
		keys += len(wanted.Keys)
		if err := s.batchGet(name, wanted, projections[name], out, &room, rep); err != nil {
			return nil, err
		}
	}
	if out.refusal != nil && out.unprocessed() == keys {
		return nil, out.refusal
	}
	out.ConsumedCapacity = rep.all()
	return out, nil
}

// check finds what of a batch is wrong whatever its tables are.
func (in *BatchGetItemInput) check() error {
	var v violations
	v.returns(in.ReturnConsumedCapacity, "")
	v.batch(in.RequestItems != nil, len(in.RequestItems))
	v.batchTables(maps.Keys(in.RequestItems))
	names, keys := slices.Sorted(maps.Keys(in.RequestItems)), 0
	for _, name := range names {
		wanted, member := in.RequestItems[name], "requestItems."+name+".member.keys"
		keys += len(wanted.Keys)
		v.required(wanted.Keys != nil, member)
		switch {
		case wanted.Keys != nil && len(wanted.Keys) == 0:
			v.add("'[]'", member, notEmpty)
		case len(wanted.Keys) > maxBatchGet:
			v.add(fmt.Sprintf("'[%d keys]'", len(wanted.Keys)), member, fmt.Sprintf("Member must have length less than or equal to %d", maxBatchGet))
		}
	}
	if err := v.err(); err != nil {
		return err
	}
	if keys > maxBatchGet {
		return invalid("Too many items requested for the BatchGetItem call")
	}
	return nil
}

// bind binds the projections of the tables, and refuses a key that is there twice.
func (in *BatchGetItemInput) bind(s *State) (map[string]*expression.Projection, error) {
	projections := map[string]*expression.Projection{}
	for _, name := range slices.Sorted(maps.Keys(in.RequestItems)) {
		wanted := in.RequestItems[name]
		var err error
		if projections[name], err = s.projection(wanted.ProjectionExpression, wanted.ExpressionAttributeNames); err != nil {
			return nil, err
		}
		seen := map[string]bool{}
		for _, key := range wanted.Keys {
			text, err := json.Marshal(key)
			if err != nil || seen[string(text)] {
				return nil, invalid("Provided list of item keys contains duplicates")
			}
			seen[string(text)] = true
		}
	}
	return projections, nil
}

func (s *State) batchGet(name string, wanted KeysAndAttributes, projection *expression.Projection, out *BatchGetItemOutput, room *int, rep *report) error {
	t, err := s.table(name)
	if err != nil {
		return err
	}
	items, left := []attribute.Item{}, wanted
	left.Keys = nil
	for _, key := range wanted.Keys {
		if err := t.schema.checkKey(key); err != nil {
			return err
		}
		r, ok := t.items.Get(string(t.schema.encode(key)))
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
