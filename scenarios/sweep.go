package scenarios

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/lambda"

	"github.com/shakedown-iot/shakedown/pipeline"
	"github.com/shakedown-iot/shakedown/scenarios/fault"
)

// schedulerMinimum is the shortest rate of EventBridge Scheduler. A shorter
// sweep is driven by the simulator, so that short runs can show it.
const schedulerMinimum = time.Minute

// driveSweep invokes the offline detector until ctx ends.
func (w *World) driveSweep(ctx context.Context) error {
	client := lambda.NewFromConfig(w.AWS)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(w.options.Pipeline.Sweep):
		}
		answer, err := client.Invoke(ctx, &lambda.InvokeInput{FunctionName: aws.String(pipeline.OfflineSweep), Payload: []byte("{}")})
		switch {
		case ctx.Err() != nil:
			return nil
		case err != nil:
			w.trouble.add("offline sweep", err.Error())
		case answer.FunctionError != nil:
			w.trouble.add("offline sweep", string(answer.Payload))
		}
	}
}

// watchOffline looks at what the detector says until ctx ends.
func (w *World) watchOffline(ctx context.Context) {
	for {
		select {
		case <-ctx.Done():
			return
		case <-time.After(w.options.Pipeline.Sweep):
		}
		w.look(ctx)
	}
}

// lookLag is how long after its instant a look is taken: a sweep at the same one
// is then over, and so is what the devices send, whose lanes are shorter.
const lookLag = 2*time.Millisecond + 503*time.Microsecond

// look reads which devices are offline by the status index, as the device API
// does. The published pipeline has no such detector.
func (w *World) look(ctx context.Context) {
	select {
	case <-ctx.Done():
		return
	case <-time.After(lookLag):
	}
	offline, err := w.readOffline(fault.Exempt(ctx))
	if err != nil {
		if ctx.Err() == nil {
			w.trouble.add("look at the offline devices", err.Error())
		}
		return
	}
	w.offline.Observe(offline, time.Now())
}

func (w *World) readOffline(ctx context.Context) (map[string]time.Time, error) {
	offline := map[string]time.Time{}
	pages := dynamodb.NewQueryPaginator(dynamodb.NewFromConfig(w.AWS), &dynamodb.QueryInput{
		TableName: &w.Stores.Table, IndexName: aws.String("StatusIndex"),
		KeyConditionExpression:    aws.String("GSI1PK = :status"),
		ExpressionAttributeValues: map[string]ddbtypes.AttributeValue{":status": &ddbtypes.AttributeValueMemberS{Value: "STATUS#offline"}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return nil, err
		}
		for _, item := range page.Items {
			thing := strings.TrimPrefix(stringOf(item["PK"]), "DEVICE#")
			since, err := time.Parse(time.RFC3339Nano, stringOf(item["offlineSince"]))
			if err != nil {
				return nil, fmt.Errorf("device %s is offline since %q: %w", thing, stringOf(item["offlineSince"]), err)
			}
			offline[thing] = since
		}
	}
	return offline, nil
}
