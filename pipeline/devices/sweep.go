package devices

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/shakedown-iot/shakedown/pipeline/telemetry"
)

// Sweep is the offline detector: a function on a schedule that marks as offline
// each device of which the cloud has heard nothing for longer than Silence,
// however long ago that was.
type Sweep struct {
	store   store
	silence time.Duration
}

// NewSweep makes a Sweep.
func NewSweep(cfg aws.Config, table string, silence time.Duration) *Sweep {
	return &Sweep{store{dynamodb.NewFromConfig(cfg), table}, silence}
}

// SweepResult is what a sweep did.
type SweepResult struct {
	Offline int `json:"offline"` // devices marked
}

// Handle reads the silent part of the index of online devices and marks each
// where nothing was heard in the meantime. One that fails does not keep the
// others from being marked.
func (s *Sweep) Handle(ctx context.Context) (SweepResult, error) {
	now := time.Now()
	var result SweepResult
	var errs []error
	pages := dynamodb.NewQueryPaginator(s.store.client, &dynamodb.QueryInput{
		TableName: &s.store.table, IndexName: aws.String(StatusIndex),
		KeyConditionExpression: aws.String("GSI1PK = :online AND GSI1SK < :cutoff"),
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":online": text(statusKey(Online)), ":cutoff": text(s.cutoff(now)),
		},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return result, errors.Join(append(errs, fmt.Errorf("sweep: %w", err))...)
		}
		for _, item := range page.Items {
			marked, err := s.mark(ctx, item, now)
			if err != nil {
				errs = append(errs, err)
			}
			if marked {
				result.Offline++
			}
		}
	}
	return result, errors.Join(errs...)
}

// cutoff is the instant since which a silent device was not heard.
func (s *Sweep) cutoff(now time.Time) string { return telemetry.ISO(now.Add(-s.silence)) }

func (s *Sweep) mark(ctx context.Context, item map[string]types.AttributeValue, now time.Time) (bool, error) {
	return s.store.apply(ctx, thingOf(item), change{
		update:    "SET #status = :offline, GSI1PK = :index, offlineSince = :now, silentSince = :cutoff",
		condition: "lastSeen = :seen AND #status = :online",
		names:     []string{"status"},
		values: map[string]types.AttributeValue{
			":offline": text(Offline), ":online": text(Online), ":index": text(statusKey(Offline)),
			":now": text(telemetry.ISO(now)), ":cutoff": text(s.cutoff(now)), ":seen": item["lastSeen"],
		},
	})
}
