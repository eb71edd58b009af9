package dynamodb

import (
	"context"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// WriteOutput is the answer of a write.
type WriteOutput struct {
	Attributes Item `json:",omitempty"`
}

// conditional is what writes have in common.
type conditional struct {
	ConditionExpression                 string
	ExpressionAttributeNames            Names
	ExpressionAttributeValues           Values
	ReturnValues                        string
	ReturnValuesOnConditionCheckFailure string
	ReturnConsumedCapacity              string
	ReturnItemCollectionMetrics         string
}

func (c *conditional) validate(returns ...string) error {
	if c.ReturnConsumedCapacity != "" && c.ReturnConsumedCapacity != "NONE" {
		return validation("ReturnConsumedCapacity %s is not implemented by Shakedown", c.ReturnConsumedCapacity)
	}
	if c.ReturnItemCollectionMetrics != "" && c.ReturnItemCollectionMetrics != "NONE" {
		return validation("ReturnItemCollectionMetrics %s is not implemented by Shakedown", c.ReturnItemCollectionMetrics)
	}
	if f := c.ReturnValuesOnConditionCheckFailure; f != "" && f != "NONE" && f != "ALL_OLD" {
		return validation("ReturnValuesOnConditionCheckFailure %q is neither NONE nor ALL_OLD", f)
	}
	for _, r := range append(returns, "", "NONE") {
		if c.ReturnValues == r {
			return nil
		}
	}
	return validation("Return values set to invalid value: %s", c.ReturnValues)
}

func (c *conditional) env() *env {
	return &env{names: c.ExpressionAttributeNames, values: c.ExpressionAttributeValues}
}

// condition parses the condition; nil is none.
func (s *State) condition(c *conditional, u *usage) (*expression, error) {
	if c.ConditionExpression == "" {
		return nil, nil
	}
	x, err := parse(&s.parsed, "ConditionExpression", c.ConditionExpression, func() (*expression, error) {
		return parseCondition("ConditionExpression", c.ConditionExpression)
	})
	if err != nil {
		return nil, err
	}
	u.add(x.names, x.values)
	return x, nil
}

// check evaluates a condition on the old item.
func (c *conditional) check(x *expression, old *row) error {
	if x == nil {
		return nil
	}
	e := c.env()
	if old != nil {
		e.item = old.item
	}
	if x.test(e) {
		return nil
	}
	err := wire.Errorf("ConditionalCheckFailedException", 0, "The conditional request failed")
	if c.ReturnValuesOnConditionCheckFailure == "ALL_OLD" && old != nil {
		err.Fields = map[string]any{"Item": old.item}
	}
	return err
}

// keyOf checks an item's key attributes and returns a row that finds it.
func (t *table) keyOf(item Item, exact bool) (*row, error) {
	probe := Item{}
	for _, name := range []string{t.key.hash, t.key.sort} {
		if name == "" {
			continue
		}
		v, ok := item[name]
		if !ok {
			if exact {
				return nil, validation("The provided key element does not match the schema")
			}
			return nil, validation("One or more parameter values were invalid: Missing the key %s in the item", name)
		}
		if err := t.checkKey(name, v); err != nil {
			return nil, err
		}
		probe[name] = v
	}
	if exact && len(probe) != len(item) {
		return nil, validation("The provided key element does not match the schema")
	}
	return &row{probe}, nil
}

func (t *table) checkKey(name string, v Value) error {
	if v.kind != t.types[name] {
		return validation("One or more parameter values were invalid: Type mismatch for key %s expected: %s actual: %s", name, t.types[name], v.kind)
	}
	if v.kind == "S" && v.s == "" || v.kind == "B" && len(v.b) == 0 {
		return validation("One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: %s", name)
	}
	if len(v.s) > 2048 || len(v.b) > 2048 {
		return validation("One or more parameter values were invalid: Size of the key %s has exceeded 2048 bytes", name)
	}
	return nil
}

// put replaces old by item in the table and its indexes.
func (t *table) put(old *row, item Item) error {
	if n := item.size(); n > maxItem {
		return validation("Item size has exceeded the maximum allowed size")
	}
	for _, x := range t.indexes {
		for _, name := range []string{x.key.hash, x.key.sort} {
			if v, ok := item[name]; ok {
				if err := t.checkKey(name, v); err != nil {
					return err
				}
			}
		}
	}
	t.remove(old)
	r := &row{item}
	t.items.Set(r)
	t.size += item.size()
	for _, x := range t.indexes {
		if x.has(item) {
			x.items.Set(r)
		}
	}
	return nil
}

func (t *table) remove(old *row) {
	if old == nil {
		return
	}
	t.items.Delete(old)
	t.size -= old.item.size()
	for _, x := range t.indexes {
		if x.has(old.item) {
			x.items.Delete(old)
		}
	}
}

// has tells whether an item is in the index: it has all key attributes.
func (x *index) has(item Item) bool {
	_, hash := item[x.key.hash]
	_, sort := item[x.key.sort]
	return hash && (sort || x.key.sort == "")
}

func (t *table) find(probe *row) *row {
	r, ok := t.items.Get(probe)
	if !ok {
		return nil
	}
	return r
}

// PutItemInput replaces an item.
type PutItemInput struct {
	TableName string
	Item      Item
	conditional
}

// PutItem writes an item. Errors: ConditionalCheckFailedException,
// ResourceNotFoundException, ValidationException.
func (s *State) PutItem(_ context.Context, in *PutItemInput) (*WriteOutput, error) {
	if err := in.validate("ALL_OLD"); err != nil {
		return nil, err
	}
	var u usage
	x, err := s.condition(&in.conditional, &u)
	if err == nil {
		err = u.check(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	}
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, err
	}
	probe, err := t.keyOf(in.Item, false)
	if err != nil {
		return nil, err
	}
	old := t.find(probe)
	if err := in.check(x, old); err != nil {
		return nil, err
	}
	if err := t.put(old, in.Item); err != nil {
		return nil, err
	}
	if in.ReturnValues == "ALL_OLD" && old != nil {
		return &WriteOutput{old.item}, nil
	}
	return &WriteOutput{}, nil
}

// DeleteItemInput deletes an item.
type DeleteItemInput struct {
	TableName string
	Key       Item
	conditional
}

// DeleteItem deletes an item; one that is gone is no error.
func (s *State) DeleteItem(_ context.Context, in *DeleteItemInput) (*WriteOutput, error) {
	if err := in.validate("ALL_OLD"); err != nil {
		return nil, err
	}
	var u usage
	x, err := s.condition(&in.conditional, &u)
	if err == nil {
		err = u.check(in.ExpressionAttributeNames, in.ExpressionAttributeValues)
	}
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, err
	}
	probe, err := t.keyOf(in.Key, true)
	if err != nil {
		return nil, err
	}
	old := t.find(probe)
	if err := in.check(x, old); err != nil {
		return nil, err
	}
	t.remove(old)
	if in.ReturnValues == "ALL_OLD" && old != nil {
		return &WriteOutput{old.item}, nil
	}
	return &WriteOutput{}, nil
}

// UpdateItemInput changes or makes an item.
type UpdateItemInput struct {
	TableName        string
	Key              Item
	UpdateExpression string
	conditional
}

// UpdateItem changes an item, or makes it of its key.
func (s *State) UpdateItem(_ context.Context, in *UpdateItemInput) (*WriteOutput, error) {
	if err := in.validate("ALL_OLD", "ALL_NEW", "UPDATED_OLD", "UPDATED_NEW"); err != nil {
		return nil, err
	}
	var u usage
	change := &update{}
	x, err := s.condition(&in.conditional, &u)
	if err == nil && in.UpdateExpression != "" {
		change, err = parse(&s.parsed, "UpdateExpression", in.UpdateExpression, func() (*update, error) { return parseUpdate(in.UpdateExpression) })
	}
	if err != nil {
		return nil, err
	}
	u.add(change.names, change.values)
	if err := u.check(in.ExpressionAttributeNames, in.ExpressionAttributeValues); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	t, err := s.table(in.TableName)
	if err != nil {
		return nil, err
	}
	probe, err := t.keyOf(in.Key, true)
	if err != nil {
		return nil, err
	}
	old := t.find(probe)
	if err := in.check(x, old); err != nil {
		return nil, err
	}
	before := probe.item
	if old != nil {
		before = old.item
	}
	next, err := change.apply(before, in.env(), t.key)
	if err != nil {
		return nil, err
	}
	if err := t.put(old, next); err != nil {
		return nil, err
	}
	return in.answer(change, old, next), nil
}

// answer gives what ReturnValues asks for.
func (in *UpdateItemInput) answer(u *update, old *row, next Item) *WriteOutput {
	pick := func(item Item) Item {
		out := Item{}
		e := in.env()
		for _, a := range u.actions {
			name := e.attribute(a.path[0])
			if v, ok := item[name]; ok {
				out[name] = v
			}
		}
		return out
	}
	switch {
	case in.ReturnValues == "ALL_NEW":
		return &WriteOutput{next}
	case in.ReturnValues == "UPDATED_NEW":
		return &WriteOutput{pick(next)}
	case in.ReturnValues == "ALL_OLD" && old != nil:
		return &WriteOutput{old.item}
	case in.ReturnValues == "UPDATED_OLD" && old != nil:
		return &WriteOutput{pick(old.item)}
	}
	return &WriteOutput{}
}
