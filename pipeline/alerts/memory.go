package alerts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
)

// memory is the ALERT item of a device.
type memory struct {
	// Levels are the levels by kind.
	Levels map[string]int
	// Timestamp is that of the reading which changed a level last, in ms.
	Timestamp int64
	// Sequence is the sequence number of its record on the stream.
	Sequence string
	// Pending are alerts that were decided and perhaps not published.
	Pending []Alert
	// stored is the version of the item; 0 when there is none.
	stored int64
}

// errStale says that the item changed since it was read.
var errStale = errors.New("the alert item was changed by another invocation")

// next is a copy to change.
func (m *memory) next(timestamp int64) *memory {
	return &memory{Levels: maps.Clone(m.Levels), Timestamp: timestamp, Sequence: m.Sequence, Pending: append([]Alert(nil), m.Pending...)}
}

// seen tells whether a record is not behind the one that changed a level last.
// Sequence numbers grow along a shard, and as decimal numbers.
func (m *memory) seen(sequence string) bool {
	if len(sequence) != len(m.Sequence) {
		return len(sequence) < len(m.Sequence)
	}
	return sequence <= m.Sequence
}

func alertKey(thing string) map[string]types.AttributeValue {
	return map[string]types.AttributeValue{
		"PK": &types.AttributeValueMemberS{Value: "DEVICE#" + thing},
		"SK": &types.AttributeValueMemberS{Value: "ALERT"},
	}
}

// maxKeys is what BatchGetItem takes in one call (API reference).
const maxKeys = 100

// loadTries bounds the calls for keys that DynamoDB leaves unprocessed.
const loadTries = 5

// load reads the items of many devices, a hundred a call. A device without an
// item has an empty memory.
func (h *Handler) load(ctx context.Context, things []string) (map[string]*memory, error) {
	memories := map[string]*memory{}
	for len(things) > 0 {
		n := min(len(things), maxKeys)
		if err := h.loadCall(ctx, things[:n], memories); err != nil {
			return nil, err
		}
		things = things[n:]
	}
	return memories, nil
}

func (h *Handler) loadCall(ctx context.Context, things []string, memories map[string]*memory) error {
	keys := types.KeysAndAttributes{ConsistentRead: aws.Bool(true)}
	for _, thing := range things {
		memories[thing] = &memory{Levels: map[string]int{}}
		keys.Keys = append(keys.Keys, alertKey(thing))
	}
	request := map[string]types.KeysAndAttributes{h.config.DeviceTable: keys}
	for range loadTries {
		out, err := h.items.BatchGetItem(ctx, &dynamodb.BatchGetItemInput{RequestItems: request})
		if err != nil {
			return fmt.Errorf("alert states: %w", err)
		}
		for _, item := range out.Responses[h.config.DeviceTable] {
			m, thing, err := read(item)
			if err != nil {
				return err
			}
			memories[thing] = m
		}
		if request = out.UnprocessedKeys; len(request) == 0 {
			return nil
		}
	}
	return fmt.Errorf("alert states: DynamoDB left keys unprocessed %d times", loadTries)
}

// read decodes an ALERT item.
func read(item map[string]types.AttributeValue) (*memory, string, error) {
	m := &memory{Levels: map[string]int{}}
	key, _ := item["PK"].(*types.AttributeValueMemberS)
	text, ok := item["memory"].(*types.AttributeValueMemberS)
	if key == nil || !ok {
		return nil, "", errors.New("alert state: the item has no PK or memory")
	}
	thing := strings.TrimPrefix(key.Value, "DEVICE#")
	var stored struct {
		Levels    map[string]int
		Timestamp int64
		Sequence  string
		Pending   []Alert
	}
	if err := json.Unmarshal([]byte(text.Value), &stored); err != nil {
		return nil, "", fmt.Errorf("alert state of %s: %w", thing, err)
	}
	maps.Copy(m.Levels, stored.Levels)
	m.Timestamp, m.Sequence, m.Pending = stored.Timestamp, stored.Sequence, stored.Pending
	if n, ok := item["version"].(*types.AttributeValueMemberN); ok {
		var err error
		if m.stored, err = strconv.ParseInt(n.Value, 10, 64); err != nil {
			return nil, "", fmt.Errorf("alert state of %s: version: %w", thing, err)
		}
	}
	return m, thing, nil
}

// save replaces version was of the item by m. errStale is that it was not there
// any more.
func (h *Handler) save(ctx context.Context, thing string, was int64, m *memory) error {
	text, err := json.Marshal(map[string]any{"Levels": m.Levels, "Timestamp": m.Timestamp, "Sequence": m.Sequence, "Pending": m.Pending})
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
