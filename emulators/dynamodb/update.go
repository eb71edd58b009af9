package dynamodb

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
)

// Update changes the item of a key, or makes one.
type Update struct {
	TableName        string
	Key              attribute.Item
	UpdateExpression *string
	Conditional
}

// UpdateItemInput is the request of UpdateItem. ReturnValues is NONE, ALL_OLD,
// UPDATED_OLD, ALL_NEW or UPDATED_NEW.
type UpdateItemInput struct {
	Update
	AttributeUpdates            map[string]AttributeUpdate
	ReturnValues                string
	ReturnConsumedCapacity      string
	ReturnItemCollectionMetrics string
}

// UpdateItem changes the item of a key, or makes one.
func (s *State) UpdateItem(_ context.Context, in *UpdateItemInput) (*WriteOutput, error) {
	if err := in.check(); err != nil {
		return nil, err
	}
	condition, update, err := in.bind(&s.expressions, in.UpdateExpression, true)
	if err != nil {
		return nil, err
	}
	if in.AttributeUpdates != nil {
		if update, err = in.legacyUpdate(); err != nil {
			return nil, err
		}
	}
	rep := s.newReport(in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics)
	s.lock()
	defer s.mu.Unlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, err
	}
	if err := in.valid(t, update); err != nil {
		return nil, err
	}
	old, item, err := in.plan(t, condition, update)
	if err != nil {
		return nil, err
	}
	if item != nil {
		t.put(item, old)
	}
	rep.wrote(in.TableName, t, old, item)
	out := rep.output(in.TableName)
	out.Attributes = in.answer(update, old, item)
	return out, nil
}

func (in *UpdateItemInput) check() error {
	var v violations
	v.table(in.TableName)
	v.required(in.Key != nil, "key")
	for name, u := range in.AttributeUpdates {
		v.enum(u.Action, "attributeUpdates."+name+".member.action", "ADD", "PUT", "DELETE")
	}
	v.write(in.ReturnValues, in.ReturnValuesOnConditionCheckFailure, in.ReturnConsumedCapacity, in.ReturnItemCollectionMetrics)
	return v.err()
}

// valid checks what depends on the table and on no item.
func (in *Update) valid(t *table, update *expression.Update) error {
	if err := t.schema.checkKey(in.Key); err != nil {
		return err
	}
	if err := t.checkChanged(update); err != nil {
		return err
	}
	return t.checkIndexKeys(update)
}

// plan checks the update and answers the item before and after it; there may be none
// after it.
func (in *Update) plan(t *table, condition *expression.Condition, update *expression.Update) (*record, attribute.Item, error) {
	old := t.get(in.Key)
	if err := in.check(condition, old); err != nil {
		return nil, nil, err
	}
	item, err := t.change(in.Key, old, update)
	if err != nil {
		return nil, nil, err
	}
	return old, item, t.admitWrite(old, item)
}

// checkChanged refuses an update of the primary key.
func (t *table) checkChanged(update *expression.Update) error {
	var err error
	if update != nil {
		update.Attributes(func(name string) {
			if err == nil && t.schema.has(name) {
				err = invalid("One or more parameter values were invalid: Cannot update attribute %s. This attribute is part of the key", name)
			}
		})
	}
	return err
}

// checkIndexKeys refuses an update that gives a key of an index another type, or goes
// into one, whatever the item is.
func (t *table) checkIndexKeys(update *expression.Update) error {
	if update == nil || len(t.indexes) == 0 {
		return nil
	}
	var err error
	for _, i := range t.indexes {
		update.Types(func(name string, is attribute.Type) {
			if k, ok := i.schema.attribute(name); ok && k.kind != is && err == nil {
				err = i.wrongType(k, is)
			}
		})
	}
	for _, i := range t.indexes {
		update.Nested(func(name string) {
			if i.schema.has(name) && err == nil {
				err = invalid("Key attributes must be scalars; list random access '[]' and map lookup '.' are not allowed: IndexKey: %s", name)
			}
		})
	}
	return err
}

// change is the item as the update makes it. An update that only takes away makes no
// item of one that is not there, while one without any action does.
func (t *table) change(key attribute.Item, old *record, update *expression.Update) (attribute.Item, error) {
	if old == nil && update != nil && update.OnlyRemoves() {
		return nil, nil
	}
	item := key.Clone()
	if old != nil {
		item = old.item.Clone()
	}
	if update == nil {
		return item, nil
	}
	if err := update.Apply(item, old != nil); err != nil {
		return nil, err
	}
	if item.Size() > attribute.MaxItemSize {
		return nil, invalid("Item size to update has exceeded the maximum allowed size")
	}
	if err := item.Check(); err != nil {
		return nil, err
	}
	return item, t.checkIndexed(item, true)
}

// answer is what ReturnValues asks for.
func (in *UpdateItemInput) answer(update *expression.Update, old *record, item attribute.Item) attribute.Item {
	switch in.ReturnValues {
	case "ALL_NEW":
		return item
	case "ALL_OLD":
		return old.itemOrNil()
	case "UPDATED_NEW":
		if update != nil && item != nil {
			return update.Written(item)
		}
	case "UPDATED_OLD":
		if update != nil && old != nil {
			return update.Written(old.item)
		}
	}
	return nil
}
