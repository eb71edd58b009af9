package dynamodb

import (
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
)

// part is a write of a transaction, with its expressions bound.
type part struct {
	table string
	key   attribute.Item // or the item, which has it
	// plan checks the write; do does it.
	plan func(*table) (do func(*report), size int, err error)
}

// bind checks what of a part does not depend on its table.
func (w TransactWriteItem) bind(cache *expression.Cache) (*part, error) {
	given := 0
	for _, is := range []bool{w.ConditionCheck != nil, w.Put != nil, w.Delete != nil, w.Update != nil} {
		if is {
			given++
		}
	}
	switch {
	case given != 1:
		return nil, invalid("TransactItems can only contain one of Check, Put, Update or Delete")
	case w.Put != nil:
		return w.Put.part(cache)
	case w.Delete != nil:
		return w.Delete.part(cache)
	case w.Update != nil:
		return w.Update.part(cache)
	}
	return w.ConditionCheck.part(cache)
}

func (in *Put) part(cache *expression.Cache) (*part, error) {
	condition, err := in.bind(cache)
	return &part{in.TableName, in.Item, func(t *table) (func(*report), int, error) {
		old, err := in.plan(t, condition)
		return func(rep *report) {
			t.put(in.Item, old)
			rep.wrote(in.TableName, t, old, in.Item)
		}, in.Item.Size(), err
	}}, err
}

func (in *Delete) part(cache *expression.Cache) (*part, error) {
	condition, _, err := in.bind(cache, nil, false)
	return &part{in.TableName, in.Key, func(t *table) (func(*report), int, error) {
		old, err := in.plan(t, condition)
		return func(rep *report) {
			if old != nil {
				t.remove(old)
			}
			rep.wrote(in.TableName, t, old, nil)
		}, old.sizeOrZero(), err
	}}, err
}

func (in *Update) part(cache *expression.Cache) (*part, error) {
	condition, update, err := in.bind(cache, in.UpdateExpression, true)
	return &part{in.TableName, in.Key, func(t *table) (func(*report), int, error) {
		old, item, err := in.plan(t, condition, update)
		return func(rep *report) {
			t.put(item, old)
			rep.wrote(in.TableName, t, old, item)
		}, item.Size(), err
	}}, err
}

func (in *ConditionCheck) part(cache *expression.Cache) (*part, error) {
	condition, _, err := in.bind(cache, nil, false)
	return &part{in.TableName, in.Key, func(t *table) (func(*report), int, error) {
		if err := t.schema.checkKey(in.Key); err != nil {
			return nil, 0, err
		}
		old := t.get(in.Key)
		return func(rep *report) { rep.write(in.TableName, t, nil, old.sizeOrZero()) }, old.sizeOrZero(), in.check(condition, old)
	}}, err
}

func (r *record) sizeOrZero() int {
	if r == nil {
		return 0
	}
	return r.size
}
