package devices

import (
	"encoding/json"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// present is an item as the API shows it: the device's id instead of keys.
func present(item map[string]types.AttributeValue) map[string]any {
	device := map[string]any{"deviceId": thingOf(item)}
	for name, v := range item {
		switch name {
		case "PK", "SK", "GSI1PK", "GSI1SK":
		default:
			device[name] = plain(v)
		}
	}
	return device
}

// plain is an attribute value as JSON. Numbers keep their digits.
func plain(v types.AttributeValue) any {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return json.Number(v.Value)
	case *types.AttributeValueMemberBOOL:
		return v.Value
	case *types.AttributeValueMemberM:
		m := map[string]any{}
		for name, inner := range v.Value {
			m[name] = plain(inner)
		}
		return m
	case *types.AttributeValueMemberL:
		l := []any{}
		for _, inner := range v.Value {
			l = append(l, plain(inner))
		}
		return l
	}
	return nil
}
