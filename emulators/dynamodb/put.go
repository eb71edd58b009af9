package dynamodb

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
)

// Put stores an item in place of the one that has its key.
type Put struct {
	TableName string
	Item      attribute.Item
	Conditional
}

// PutItemInput is the request of PutItem. ReturnValues is NONE or ALL_OLD.
type PutItemInput struct {
	Put
	ReturnValues                string
	ReturnConsumedCapacity      string
	ReturnItemCollectionMetrics string
}

// WriteOutput is the answer of PutItem, UpdateItem and DeleteItem: what
// ReturnValues asked for.
type WriteOutput struct {
	Attributes            attribute.Item         `json:",omitempty"`
	ConsumedCapacity      *ConsumedCapacity      `json:",omitempty"`
	ItemCollectionMetrics *ItemCollectionMetrics `json:",omitempty"`
}

// PutItem stores an item in place of the one that has its key.
func (s *State) PutItem(_ context.Context, in *PutItemInput) (*WriteOutput, error) {
	rep, err := s.checkReturns(in.ReturnValues, in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics)
	if err != nil {
		return nil, err
	}
	condition, err := in.Put.bind(&s.expressions)
	if err != nil {
		return nil, err
	}
	s.lock()
	defer s.mu.Unlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, err
	}
	old, err := in.plan(t, condition)
	if err != nil {
		return nil, err
	}
	t.put(in.Item, old)
	rep.wrote(in.TableName, t, old, in.Item)
	return oldOutput(in.ReturnValues, old, rep.output(in.TableName)), nil
}

// output is an answer with the figures that were asked for.
func (r *report) output(table string) *WriteOutput {
	return &WriteOutput{ConsumedCapacity: r.one(), ItemCollectionMetrics: r.collection(table)}
}

// oldOutput adds the item before the write where that is asked for.
func oldOutput(values string, old *record, out *WriteOutput) *WriteOutput {
	if values == "ALL_OLD" {
		out.Attributes = old.itemOrNil()
	}
	return out
}

// bind checks what does not depend on the table.
func (in *Put) bind(cache *expression.Cache) (*expression.Condition, error) {
	condition, _, err := in.Conditional.bind(cache, nil, false)
	if err != nil {
		return nil, err
	}
	return condition, checkNewItem(in.Item)
}

// plan checks that the item may be stored and answers the one it replaces.
func (in *Put) plan(t *table, condition *expression.Condition) (*record, error) {
	if err := t.checkNew(in.Item); err != nil {
		return nil, err
	}
	old := t.get(in.Item)
	if err := in.check(condition, old); err != nil {
		return nil, err
	}
	return old, t.admitWrite(old, in.Item)
}

// checkNewItem checks what does not depend on the table.
func checkNewItem(item attribute.Item) error {
	if item == nil {
		return constraint("null", "item", "Member must not be null")
	}
	if item.Size() > attribute.MaxItemSize {
		return invalid("Item size has exceeded the maximum allowed size")
	}
	return item.Check()
}

// checkNew checks the keys of a new item.
func (t *table) checkNew(item attribute.Item) error {
	if err := t.schema.checkItem(item); err != nil {
		return err
	}
	return t.checkIndexed(item, false)
}

// checkReturns checks what PutItem and DeleteItem may be asked to answer.
func (s *State) checkReturns(values, capacity, collections string) (*report, error) {
	rep, err := s.newReport(capacity, collections)
	if err != nil {
		return nil, err
	}
	if err := checkReturnValues(values); err != nil {
		return nil, err
	}
	if values != "" && values != "NONE" && values != "ALL_OLD" {
		return nil, invalid("Return values set to invalid value")
	}
	return rep, nil
}

func checkReturnValues(values string) error {
	return oneOf(values, "returnValues", "ALL_NEW", "UPDATED_OLD", "ALL_OLD", "NONE", "UPDATED_NEW")
}
