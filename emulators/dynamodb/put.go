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
	if err := in.check(); err != nil {
		return nil, err
	}
	condition, err := in.Put.bind(&s.expressions)
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
	if err := t.checkNew(in.Item); err != nil {
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

func (in *PutItemInput) check() error {
	var v violations
	v.table(in.TableName)
	v.required(in.Item != nil, "item")
	v.write(in.ReturnValues, in.ReturnValuesOnConditionCheckFailure, in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics)
	if err := v.err(); err != nil {
		return err
	}
	return onlyOld(in.ReturnValues)
}

// onlyOld refuses values of after a write.
func onlyOld(values string) error {
	if values != "" && values != "NONE" && values != "ALL_OLD" {
		return invalid("ReturnValues can only be ALL_OLD or NONE")
	}
	return nil
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

// plan checks the condition and answers the item that this one replaces.
func (in *Put) plan(t *table, condition *expression.Condition) (*record, error) {
	old := t.get(in.Item)
	if err := in.check(condition, old); err != nil {
		return nil, err
	}
	return old, t.admitWrite(old, in.Item)
}

// checkNewItem checks what does not depend on the table.
func checkNewItem(item attribute.Item) error {
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
