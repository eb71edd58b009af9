package dynamodb

import (
	"unique"

	"github.com/tidwall/gjson"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// ReadQuick implements wire.Quick.
func (in *UpdateItemInput) ReadQuick(body gjson.Result) bool {
	return wire.QuickMembers(body, func(name string, v gjson.Result) bool {
		switch name {
		case "TableName":
			return wire.QuickText(v, &in.TableName)
		case "Key":
			return in.Key == nil && v.IsObject() && in.Key.Read(v.Raw) == nil
		case "UpdateExpression":
			in.UpdateExpression = new(shared(v.Str))
			return v.Type == gjson.String
		case "ConditionExpression":
			in.ConditionExpression = new(string)
			return wire.QuickText(v, in.ConditionExpression)
		case "ExpressionAttributeNames":
			if in.ExpressionAttributeNames != nil {
				return false
			}
			in.ExpressionAttributeNames = map[string]string{}
			return wire.QuickMembers(v, func(name string, v gjson.Result) bool {
				in.ExpressionAttributeNames[name] = shared(v.Str)
				return v.Type == gjson.String
			})
		case "ExpressionAttributeValues":
			return in.ExpressionAttributeValues == nil && v.IsObject() && in.ExpressionAttributeValues.Read(v.Raw) == nil
		case "ReturnValues":
			return wire.QuickText(v, &in.ReturnValues)
		}
		return false
	})
}

// shared is a text that items keep, as names of attributes: one for all, for a part
// of a call's body would keep all of it.
func shared(text string) string { return unique.Make(text).Value() }
