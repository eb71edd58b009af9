package dynamodb

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
)

// DeleteItemInput is the request of DeleteItem. ReturnValues is NONE or ALL_OLD.
type DeleteItemInput struct {
	TableName string
	Key       attribute.Item
	Conditional
	ReturnValues                string
	ReturnConsumedCapacity      string
	ReturnItemCollectionMetrics string
}

// DeleteItem deletes the item of a key, if there is one.
func (s *State) DeleteItem(_ context.Context, in *DeleteItemInput) (*WriteOutput, error) {
	if err := checkReturns(in.ReturnValues, in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics); err != nil {
		return nil, err
	}
	condition, _, err := in.bind(&s.expressions, nil, false)
	if err != nil {
		return nil, err
	}
	s.lock()
	defer s.mu.Unlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := t.checkGiven(in.Key); err != nil {
		return nil, err
	}
	old := t.get(in.Key)
	if err := in.check(condition, old); err != nil {
		return nil, err
	}
	if old != nil {
		t.remove(old)
	}
	if in.ReturnValues == "ALL_OLD" {
		return &WriteOutput{old.itemOrNil()}, nil
	}
	return &WriteOutput{}, nil
}

// checkGiven checks the Key of a request.
func (t *table) checkGiven(key attribute.Item) error {
	if key == nil {
		return constraint("null", "key", "Member must not be null")
	}
	return t.schema.checkKey(key)
}
