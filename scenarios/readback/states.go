package readback

import (
	"context"
	"strconv"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
	"github.com/shakedown-iot/shakedown/scenarios/shape"
)

func readStates(ctx context.Context, cfg aws.Config, table string) (map[string]ledger.ItemState, error) {
	states := map[string]ledger.ItemState{}
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(cfg), &dynamodb.ScanInput{
		TableName:                 &table,
		ConsistentRead:            aws.Bool(true),
		FilterExpression:          aws.String("SK = :state"),
		ExpressionAttributeValues: map[string]ddbtypes.AttributeValue{":state": &ddbtypes.AttributeValueMemberS{Value: "STATE"}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return states, err
		}
		for _, item := range page.Items {
			thing, ok := shape.Device(stringOf(item["PK"]))
			if !ok {
				continue
			}
			if ms, ok := timestampOf(item); ok {
				states[thing] = ledger.ItemState{Timestamp: ms}
			}
		}
	}
	return states, nil
}

// timestampOf is the device's own time of the item's reading. An item that only
// presence or status made has none.
func timestampOf(item map[string]ddbtypes.AttributeValue) (int64, bool) {
	if n, ok := item["timestamp"].(*ddbtypes.AttributeValueMemberN); ok {
		ms, err := strconv.ParseInt(n.Value, 10, 64)
		return ms, err == nil
	}
	data, ok := item["data"].(*ddbtypes.AttributeValueMemberM)
	if !ok {
		return 0, false
	}
	seen, err := time.Parse(time.RFC3339Nano, stringOf(data.Value["lastSeen"]))
	return seen.UnixMilli(), err == nil
}

func stringOf(v ddbtypes.AttributeValue) string {
	if s, ok := v.(*ddbtypes.AttributeValueMemberS); ok {
		return s.Value
	}
	return ""
}
