package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// memory is the ALERT item of a device.
type memory struct {
	// Levels are the levels by kind.
	Levels map[string]int
	// Timestamp is the newest reading's that was looked at, in ms.
	Timestamp int64
	// Pending are alerts that were decided and perhaps not published.
	Pending []Alert
	// stored is the version of the item; 0 when there is none.
	stored int64
}

// errStale says that the item changed since it was read.
var errStale = errors.New("the alert item was changed by another invocation")

// next is a copy to change.
func (m *memory) next(timestamp int64) *memory {
	return &memory{Levels: maps.Clone(m.Levels), Timestamp: timestamp, Pending: append([]Alert(nil), m.Pending...)}
}

func alertKey(thing string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "DEVICE#" + thing},
		"SK": &types.AttributeValueMemberS{Value: "ALERT"},
	}
}

func (h *Handler) load(ctx context.Context, thing string) (*memory, error) {
	out, err := h.items.GetItem(ctx, &dynamodb.GetItemInput{
		TableName: &h.config.DeviceTable, Key: alertKey(thing), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return nil, fmt.Errorf("alert state of %s: %w", thing, err)
	}
	m := &memory{Levels: map[string]int{}}
	text, ok := out.Item["memory"].(*types.AttributeValueMemberS)
	if !ok {
		return m, nil
	}
	var stored struct {
		Levels    map[string]int
		Timestamp int64
		Pending   []Alert
	}
	if err := json.Unmarshal([]byte(text.Value), &stored); err != nil {
		return nil, fmt.Errorf("alert state of %s: %w", thing, err)
	}
	maps.Copy(m.Levels, stored.Levels)
	m.Timestamp, m.Pending = stored.Timestamp, stored.Pending
	if n, ok := out.Item["version"].(*types.AttributeValueMemberN); ok {
		if m.stored, err = strconv.ParseInt(n.Value, 10, 64); err != nil {
			return nil, fmt.Errorf("alert state of %s: version: %w", thing, err)
		}
	}
	return m, nil
}

// save replaces version was of the item by m. errStale is that it was not there
// any more.
func (h *Handler) save(ctx context.Context, thing string, was int64, m *memory) error {
	text, err := json.Marshal(map[string]any{"Levels": m.Levels, "Timestamp": m.Timestamp, "Pending": m.Pending})
	if err != nil {
		return fmt.Errorf("alert state of %s: %w", thing, err)
	}
	m.stored = was + 1
	item := alertKey(thing)
	item["memory"] = &types.AttributeValueMemberS{Value: string(text)}
	item["version"] = &types.AttributeValueMemberN{Value: strconv.FormatInt(m.stored, 10)}
	_, err = h.items.PutItem(ctx, &dynamodb.PutItemInput{
		TableName: &h.config.DeviceTable, Item: item,
		ConditionExpression:       aws.String("attribute_not_exists(version) OR version = :was"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":was": &types.AttributeValueMemberN{Value: strconv.FormatInt(was, 10)}},
	})
	if _, stale := errors.AsType[*types.ConditionalCheckFailedException](err); stale {
		return errStale
	}
	if err != nil {
		return fmt.Errorf("alert state of %s: %w", thing, err)
	}
	return nil
}
