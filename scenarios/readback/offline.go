package readback

import (
	"context"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/shakedown-iot/shakedown/scenarios/shape"
)

// Offline reads which devices are offline and since when, by the status index, as the
// device API does.
func Offline(ctx context.Context, cfg aws.Config, table string) (map[string]time.Time, error) {
	offline := map[string]time.Time{}
	pages := dynamodb.NewQueryPaginator(dynamodb.NewFromConfig(cfg), &dynamodb.QueryInput{
		TableName: &table, IndexName: aws.String("StatusIndex"),
		KeyConditionExpression:    aws.String("GSI1PK = :status"),
		ExpressionAttributeValues: map[string]ddbtypes.AttributeValue{":status": &ddbtypes.AttributeValueMemberS{Value: "STATUS#offline"}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			thing, _ := shape.Device(stringOf(item["PK"]))
			since, err := time.Parse(time.RFC3339Nano, stringOf(item["offlineSince"]))
			if err != nil {
				return nil, fmt.Errorf("device %s is offline since %q: %w", thing, stringOf(item["offlineSince"]), err)
			}
			offline[thing] = since
		}
	}
	return offline, nil
}
