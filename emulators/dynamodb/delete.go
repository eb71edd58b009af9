package dynamodb

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
)

// Delete deletes the item of a key, if there is one.
type Delete struct {
	TableName string
	Key       attribute.Item
	Conditional
}

// DeleteItemInput is the request of DeleteItem. ReturnValues is NONE or ALL_OLD.
type DeleteItemInput struct {
	Delete
	ReturnValues                string
	ReturnConsumedCapacity      string
	ReturnItemCollectionMetrics string
}

// DeleteItem deletes the item of a key, if there is one.
func (s *State) DeleteItem(_ context.Context, in *DeleteItemInput) (*WriteOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	condition, _, err := in.bind(&s.expressions, nil, false)
	if err != nil {
		return nil, err
	}
	rep := s.newReport(in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics)
	s.lock()
	defer s.mu.Unlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := t.schema.checkKey(in.Key); err != nil {
		return nil, err
	}
	old, err := in.plan(t, condition)
	if err != nil {
		return nil, err
	}
	if old != nil {
		t.remove(old)
	}
	rep.wrote(in.TableName, t, old, nil)
	return oldOutput(in.ReturnValues, old, rep.output(in.TableName)), nil
}

func (in *DeleteItemInput) check() error {
	var v violations
	v.table(in.TableName)
	v.required(in.Key != nil, "key")
	v.write(in.ReturnValues, in.ReturnValuesOnConditionCheckFailure, in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics)
	if err := v.err(); err != nil {
		return err
	}
	return onlyOld(in.ReturnValues)
}

// plan checks the condition and answers the item, if there is one.
func (in *Delete) plan(t *table, condition *expression.Condition) (*record, error) {
	old := t.get(in.Key)
	if err := in.check(condition, old); err != nil {
		return nil, err
	}
	return old, t.admitWrite(old, nil)
}
