// Package attribute makes values of DynamoDB of JSON, and JSON of them: for the rule actions
// that write items and for get_dynamodb.
package attribute

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// Of makes a DynamoDB value of JSON.
func Of(text []byte) (types.AttributeValue, error) {
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, err
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("there is more than one JSON value")
	}
	return attribute(v), nil
}

func attribute(v any) types.AttributeValue {
	switch v := v.(type) {
	case string:
		return &types.AttributeValueMemberS{Value: v}
	case json.Number:
		return &types.AttributeValueMemberN{Value: v.String()}
	case bool:
		return &types.AttributeValueMemberBOOL{Value: v}
	case []any:
		list := make([]types.AttributeValue, len(v))
		for i := range v {
			list[i] = attribute(v[i])
		}
		return &types.AttributeValueMemberL{Value: list}
	case map[string]any:
		return &types.AttributeValueMemberM{Value: attributes(v)}
	}
	return &types.AttributeValueMemberNULL{Value: true}
}

func attributes(members map[string]any) map[string]types.AttributeValue {
	item := make(map[string]types.AttributeValue, len(members))
	for k, v := range members {
		item[k] = attribute(v)
	}
	return item
}

// JSON is the other way; binary values are base64, sets are Arrays.
func JSON(v types.AttributeValue) ([]byte, error) { return json.Marshal(plain(v)) }

func plain(v types.AttributeValue) any {
	switch v := v.(type) {
	case *types.AttributeValueMemberS:
		return v.Value
	case *types.AttributeValueMemberN:
		return json.Number(v.Value)
	case *types.AttributeValueMemberBOOL:
		return v.Value
	case *types.AttributeValueMemberB:
		return base64.StdEncoding.EncodeToString(v.Value)
	case *types.AttributeValueMemberNULL:
		return nil
	case *types.AttributeValueMemberL:
		list := make([]any, len(v.Value))
		for i := range v.Value {
			list[i] = plain(v.Value[i])
		}
		return list
	case *types.AttributeValueMemberM:
		members := make(map[string]any, len(v.Value))
		for k := range v.Value {
			members[k] = plain(v.Value[k])
		}
		return members
	case *types.AttributeValueMemberSS:
		return v.Value
	case *types.AttributeValueMemberBS:
		return v.Value
	case *types.AttributeValueMemberNS:
		numbers := make([]json.Number, len(v.Value))
		for i := range v.Value {
			numbers[i] = json.Number(v.Value[i])
		}
		return numbers
	}
	return fmt.Sprintf("a value of type %T", v)
}
