package dynamodb

import (
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// Conditional are the members of a conditional write.
type Conditional struct {
	ConditionExpression       *string
	ExpressionAttributeNames  map[string]string
	ExpressionAttributeValues attribute.Values
	// ReturnValuesOnConditionCheckFailure is NONE or ALL_OLD, which adds the
	// item to the error.
	ReturnValuesOnConditionCheckFailure string
}

// bind binds the condition, which may be nil, and perhaps an update.
func (c *Conditional) bind(cache *expression.Cache, update *string, isUpdate bool) (*expression.Condition, *expression.Update, error) {
	if c.ConditionExpression == nil && update == nil {
		return nil, nil, c.pointless(isUpdate)
	}
	b, err := expression.Bind(c.ExpressionAttributeNames, c.ExpressionAttributeValues)
	if err != nil {
		return nil, nil, err
	}
	var u *expression.Update
	if update != nil {
		if u, err = cache.Update(*update, b); err != nil {
			return nil, nil, err
		}
	}
	var condition *expression.Condition
	if c.ConditionExpression != nil {
		if condition, err = cache.Condition(expression.ConditionKind, *c.ConditionExpression, b); err != nil {
			return nil, nil, err
		}
	}
	return condition, u, b.Unused()
}

// pointless refuses placeholders without an expression.
func (c *Conditional) pointless(isUpdate bool) error {
	if c.ExpressionAttributeNames != nil {
		return invalid("ExpressionAttributeNames can only be specified when using expressions")
	}
	if c.ExpressionAttributeValues == nil {
		return nil
	}
	if isUpdate {
		return invalid("ExpressionAttributeValues can only be specified when using expressions: UpdateExpression and ConditionExpression are null")
	}
	return invalid("ExpressionAttributeValues can only be specified when using expressions: ConditionExpression is null")
}

// check evaluates the condition for the item there is, if any.
func (c *Conditional) check(condition *expression.Condition, old *record) error {
	if condition == nil || condition.Holds(old.itemOrNil()) {
		return nil
	}
	e := wire.Errorf("ConditionalCheckFailedException", 0, "The conditional request failed")
	if c.ReturnValuesOnConditionCheckFailure == "ALL_OLD" && old != nil {
		e.Fields = map[string]any{"Item": old.item}
	}
	return e
}

func (r *record) itemOrNil() attribute.Item {
	if r == nil {
		return nil
	}
	return r.item
}
