package dynamodb

import (
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
)

// part is a write of a transaction, with its expressions bound.
type part struct {
	table string
	key   attribute.Item // or the item, which has it
	// bytes are of the request: of a key or an item, and of values.
	bytes int
	// valid checks what does not depend on items; plan checks the rest; do does it.
	valid func(*table) error
	plan  func(*table) (do func(*report), err error)
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
	valid := func(t *table) error { return t.checkNew(in.Item) }
	return &part{in.TableName, in.Item, in.Item.Size(), valid, func(t *table) (func(*report), error) {
		old, err := in.plan(t, condition)
		return func(rep *report) {
			t.put(in.Item, old)
			rep.wrote(in.TableName, t, old, in.Item)
		}, err
	}}, err
}

func (in *Delete) part(cache *expression.Cache) (*part, error) {
	condition, _, err := in.bind(cache, nil, false)
	valid := func(t *table) error { return t.schema.checkKey(in.Key) }
	return &part{in.TableName, in.Key, in.bytes(in.Key), valid, func(t *table) (func(*report), error) {
		old, err := in.plan(t, condition)
		return func(rep *report) {
			if old != nil {
				t.remove(old)
			}
			rep.wrote(in.TableName, t, old, nil)
		}, err
	}}, err
}

func (in *Update) part(cache *expression.Cache) (*part, error) {
	condition, update, err := in.bind(cache, in.UpdateExpression, true)
	valid := func(t *table) error { return in.valid(t, update) }
	return &part{in.TableName, in.Key, in.bytes(in.Key), valid, func(t *table) (func(*report), error) {
		old, item, err := in.plan(t, condition, update)
		return func(rep *report) {
			if item != nil {
				t.put(item, old)
			}
			rep.wrote(in.TableName, t, old, item)
		}, err
	}}, err
}

func (in *ConditionCheck) part(cache *expression.Cache) (*part, error) {
	condition, _, err := in.bind(cache, nil, false)
	valid := func(t *table) error { return t.schema.checkKey(in.Key) }
	return &part{in.TableName, in.Key, in.bytes(in.Key), valid, func(t *table) (func(*report), error) {
		old := t.get(in.Key)
		return func(rep *report) { rep.write(in.TableName, t, nil, old.sizeOrZero()) }, in.check(condition, old)
	}}, err
}

// bytes is the size of a key and of the values for it.
func (c *Conditional) bytes(key attribute.Item) int {
	n := key.Size()
	for _, v := range c.ExpressionAttributeValues {
		n += v.Size()
	}
	return n
}

func (r *record) sizeOrZero() int {
	if r == nil {
		return 0
	}
	return r.size
}
