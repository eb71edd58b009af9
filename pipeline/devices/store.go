package devices

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// store is the device table.
type store struct {
	client *dynamodb.Client
	table  string
}

func stateKey(thing string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{"PK": text("DEVICE#" + thing), "SK": text("STATE")}
}

func text(s string) types.AttributeValue { return &types.AttributeValueMemberS{Value: s} }

// change is a conditional update of one item.
type change struct {
	update, condition string
	// names are the attributes that stand as #name because they are reserved words.
	names  []string
	values map[string]types.AttributeValue
}

// apply updates the thing's item; false is that the condition did not hold.
func (s store) apply(ctx context.Context, thing string, c change) (bool, error) {
	in := &dynamodb.UpdateItemInput{
		TableName: &s.table, Key: stateKey(thing), UpdateExpression: &c.update,
		ExpressionAttributeValues: c.values,
	}
	if c.condition != "" {
		in.ConditionExpression = &c.condition
	}
	for _, name := range c.names {
		if in.ExpressionAttributeNames == nil {
			in.ExpressionAttributeNames = map[string]string{}
		}
		in.ExpressionAttributeNames["#"+name] = name
	}
	_, err := s.client.UpdateItem(ctx, in)
	if _, stale := errors.AsType[*types.ConditionalCheckFailedException](err); stale {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("update device %s: %w", thing, err)
	}
	return true, nil
}

// seen notes a sign of life at the cloud's time iso. One that comes so late that
// the detector has found the device silent since then does not undo its verdict.
func (s store) seen(ctx context.Context, thing, iso string) error {
	news, err := s.apply(ctx, thing, change{
		update: "SET lastSeen = :seen, #status = :online, GSI1PK = :index, GSI1SK = :seen REMOVE offlineSince, silentSince",
		condition: "(attribute_not_exists(lastSeen) OR lastSeen <= :seen)" +
			" AND (attribute_not_exists(silentSince) OR silentSince < :seen)",
		names: []string{"status"},
		values: map[string]types.AttributeValue{
			":seen": text(iso), ":online": text(Online), ":index": text(statusKey(Online)),
		},
	})
	if err != nil || news {
		return err
	}
	_, err = s.apply(ctx, thing, change{
		update:    "SET lastSeen = :seen, GSI1SK = :seen",
		condition: "lastSeen < :seen AND silentSince >= :seen",
		values:    map[string]types.AttributeValue{":seen": text(iso)},
	})
	return err
}

// The verdicts of the detector.
const (
	Online  = "online"
	Offline = "offline"
)

// StatusIndex is the index of devices by status and lastSeen.
const StatusIndex = "StatusIndex"

func statusKey(status string) string { return "STATUS#" + status }

func stringOf(v types.AttributeValue) string {
	if s, ok := v.(*types.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}

func thingOf(item map[string]types.AttributeValue) string {
	return strings.TrimPrefix(stringOf(item["PK"]), "DEVICE#")
}
