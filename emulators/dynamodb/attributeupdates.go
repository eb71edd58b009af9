package dynamodb

import (
	"cmp"
	"maps"
	"slices"

	"github.com/shakedown-iot/shakedown/emulators/dynamodb/attribute"
	"github.com/shakedown-iot/shakedown/emulators/dynamodb/expression"
)

// AttributeUpdate is what the old AttributeUpdates does to an attribute: Action is PUT,
// ADD or DELETE. Terraform changes items (aws_dynamodb_table_item) by it.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/LegacyConditionalParameters.AttributeUpdates.html
type AttributeUpdate struct {
	Action string
	Value  *attribute.Value
}

// legacyUpdate is the update that AttributeUpdates stand for.
func (in *UpdateItemInput) legacyUpdate() (*expression.Update, error) {
	for name, given := range map[string]bool{"UpdateExpression": in.UpdateExpression != nil, "ConditionExpression": in.ConditionExpression != nil} {
		if given {
			return nil, invalid("Can not use both expression and non-expression parameters in the same request: Non-expression parameters: {AttributeUpdates} Expression parameters: {%s}", name)
		}
	}
	var actions []expression.Whole
	for _, name := range slices.Sorted(maps.Keys(in.AttributeUpdates)) {
		a, err := in.AttributeUpdates[name].action(name)
		if err != nil {
			return nil, err
		}
		actions = append(actions, a)
	}
	return expression.UpdateOf(actions), nil
}

func (u AttributeUpdate) action(name string) (expression.Whole, error) {
	is := cmp.Or(u.Action, "PUT")
	if u.Value == nil {
		if is != "DELETE" {
			return expression.Whole{}, invalid("One or more parameter values were invalid: Only DELETE action is allowed when no attribute value is specified")
		}
		return expression.Whole{Verb: "REMOVE", Name: name}, nil
	}
	t := u.Value.Type()
	if is == "DELETE" && !t.Set() || is == "ADD" && !t.Set() && t != attribute.N {
		return expression.Whole{}, invalid("One or more parameter values were invalid: Action %s is not supported for the type %s", is, t)
	}
	verb := map[string]string{"PUT": "SET", "ADD": "ADD", "DELETE": "DELETE"}[is]
	return expression.Whole{Verb: verb, Name: name, Value: *u.Value}, nil
}
