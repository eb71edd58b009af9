package scenarios

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	ddbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/s3"
	"github.com/aws/aws-sdk-go-v2/service/sqs"
	sqstypes "github.com/aws/aws-sdk-go-v2/service/sqs/types"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	querytypes "github.com/aws/aws-sdk-go-v2/service/timestreamquery/types"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

// Stores names what a read-back looks into.
type Stores struct {
	Bucket, Table, Stream     string
	Database, TimeSeriesTable string
	AlertQueue, DeadLetters   string // queue URLs; empty: there is none
}

// Inventory takes what a read-back finds, one by one: a ledger, or a test.
type Inventory interface {
	FoundObject(ledger.Object)
	FoundRow(ledger.Row)
}

// ReadBack collects the evidence of what is stored through the public AWS APIs.
// Objects and points go to the inventory.
func ReadBack(ctx context.Context, cfg aws.Config, stores Stores, into Inventory) (ledger.Evidence, error) {
	var ev ledger.Evidence
	var errs []error
	keep := func(what string, err error) bool {
		if err != nil {
			errs = append(errs, fmt.Errorf("read back %s: %w", what, err))
		}
		return err == nil
	}
	ev.Archive = keep("archive", readObjects(ctx, cfg, stores.Bucket, into))
	ev.TimeSeries = keep("time series", readRows(ctx, cfg, stores, into))
	var err error
	ev.States, err = readStates(ctx, cfg, stores.Table)
	keep("device states", err)
	ev.Alerts, err = readAlerts(ctx, cfg, stores.AlertQueue)
	keep("alerts", err)
	ev.DeadLetters, err = readDeadLetters(ctx, cfg, stores)
	keep("dead letters", err)
	return ev, errors.Join(errs...)
}

func readObjects(ctx context.Context, cfg aws.Config, bucket string, into Inventory) error {
	client := s3.NewFromConfig(cfg, func(o *s3.Options) { o.UsePathStyle = true })
	pages := s3.NewListObjectsV2Paginator(client, &s3.ListObjectsV2Input{Bucket: &bucket})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, o := range page.Contents {
			object := ledger.Object{Key: aws.ToString(o.Key)}
			sum, err := hex.DecodeString(strings.Trim(aws.ToString(o.ETag), `"`))
			if err != nil || copy(object.ETag[:], sum) != md5.Size {
				return fmt.Errorf("object %s: ETag %s is not an MD5", object.Key, aws.ToString(o.ETag))
			}
			into.FoundObject(object)
		}
	}
	return nil
}

func readRows(ctx context.Context, cfg aws.Config, stores Stores, into Inventory) error {
	// A table without points has no columns yet, and a query for them is an error.
	if empty, err := isEmpty(ctx, cfg, stores); err != nil || empty {
		return err
	}
	query := fmt.Sprintf(`SELECT device_id, time, measure_name, measure_value::double FROM "%s"."%s"`, stores.Database, stores.TimeSeriesTable)
	pages := timestreamquery.NewQueryPaginator(timestreamquery.NewFromConfig(cfg), &timestreamquery.QueryInput{QueryString: &query})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, r := range page.Rows {
			row, err := rowOf(r)
			if err != nil {
				return err
			}
			into.FoundRow(row)
		}
	}
	return nil
}

func rowOf(r querytypes.Row) (ledger.Row, error) {
	if len(r.Data) != 4 {
		return ledger.Row{}, fmt.Errorf("a row has %d columns, not 4", len(r.Data))
	}
	at, err := time.Parse("2006-01-02 15:04:05.999999999", aws.ToString(r.Data[1].ScalarValue))
	if err != nil {
		return ledger.Row{}, err
	}
	value, err := strconv.ParseFloat(aws.ToString(r.Data[3].ScalarValue), 64)
	if err != nil {
		return ledger.Row{}, fmt.Errorf("measure_value::double %q: %w", aws.ToString(r.Data[3].ScalarValue), err)
	}
	return ledger.Row{
		Thing: aws.ToString(r.Data[0].ScalarValue), Time: at.UnixMilli(),
		Measure: aws.ToString(r.Data[2].ScalarValue), Value: value,
	}, nil
}

func isEmpty(ctx context.Context, cfg aws.Config, stores Stores) (bool, error) {
	query := fmt.Sprintf(`SELECT count(*) FROM "%s"."%s"`, stores.Database, stores.TimeSeriesTable)
	answer, err := timestreamquery.NewFromConfig(cfg).Query(ctx, &timestreamquery.QueryInput{QueryString: &query})
	if err != nil {
		return false, err
	}
	return len(answer.Rows) == 1 && aws.ToString(answer.Rows[0].Data[0].ScalarValue) == "0", nil
}

func readStates(ctx context.Context, cfg aws.Config, table string) (map[string]ledger.ItemState, error) {
	states := map[string]ledger.ItemState{}
	pages := dynamodb.NewScanPaginator(dynamodb.NewFromConfig(cfg), &dynamodb.ScanInput{
		TableName:                 &table,
		FilterExpression:          aws.String("SK = :state"),
		ExpressionAttributeValues: map[string]ddbtypes.AttributeValue{":state": &ddbtypes.AttributeValueMemberS{Value: "STATE"}},
	})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return states, err
		}
		for _, item := range page.Items {
			thing, ok := strings.CutPrefix(stringOf(item["PK"]), "DEVICE#")
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

func readAlerts(ctx context.Context, cfg aws.Config, queue string) ([]ledger.SentAlert, error) {
	bodies, err := receiveAll(ctx, cfg, queue)
	alerts := []ledger.SentAlert{}
	for _, body := range bodies {
		alert, ok := parseAlert([]byte(body))
		if !ok {
			err = errors.Join(err, fmt.Errorf("the alert queue holds something else: %.80q", body))
			continue
		}
		alerts = append(alerts, alert)
	}
	return alerts, err
}

// receiveAll empties a queue.
func receiveAll(ctx context.Context, cfg aws.Config, queue string) ([]string, error) {
	if queue == "" {
		return nil, nil
	}
	client := sqs.NewFromConfig(cfg)
	var bodies []string
	for {
		answer, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{QueueUrl: &queue, MaxNumberOfMessages: 10})
		if err != nil {
			return bodies, err
		}
		if len(answer.Messages) == 0 {
			return bodies, nil
		}
		var done []sqstypes.DeleteMessageBatchRequestEntry
		for i, m := range answer.Messages {
			bodies = append(bodies, aws.ToString(m.Body))
			done = append(done, sqstypes.DeleteMessageBatchRequestEntry{Id: aws.String(strconv.Itoa(i)), ReceiptHandle: m.ReceiptHandle})
		}
		deleted, err := client.DeleteMessageBatch(ctx, &sqs.DeleteMessageBatchInput{QueueUrl: &queue, Entries: done})
		if err != nil {
			return bodies, err
		}
		if len(deleted.Failed) > 0 {
			return bodies, fmt.Errorf("delete from %s: %s", queue, aws.ToString(deleted.Failed[0].Message))
		}
	}
}

// thingOfTopic is the second level of devices/<thing>/….
func thingOfTopic(topic string) string {
	parts := strings.SplitN(topic, "/", 3)
	if len(parts) < 2 {
		return ""
	}
	return parts[1]
}
