package scenarios

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
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
	"golang.org/x/sync/errgroup"

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
// Objects and points go to the inventory, from several goroutines.
func ReadBack(ctx context.Context, cfg aws.Config, stores Stores, into Inventory) (ledger.Evidence, error) {
	var ev ledger.Evidence
	var errs []error
	keep := func(what string, err error) bool {
		if err != nil {
			errs = append(errs, fmt.Errorf("read back %s: %w", what, err))
		}
		return err == nil
	}
	var group errgroup.Group
	var archive, series error
	group.Go(func() error { archive = readObjects(ctx, cfg, stores.Bucket, into); return nil })
	group.Go(func() error { series = readRows(ctx, cfg, stores, into); return nil })
	err := group.Wait()
	ev.Archive, ev.TimeSeries = keep("archive", archive), keep("time series", series)
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

// rowsAWindow is about how many points one query reads: a result is held in
// memory by the service until it is read to its end.
const rowsAWindow = 100_000

// readRows reads the time series window by window, several at a time.
func readRows(ctx context.Context, cfg aws.Config, stores Stores, into Inventory) error {
	client := timestreamquery.NewFromConfig(cfg)
	from, to, count, err := extent(ctx, client, stores)
	if err != nil || count == 0 {
		return err
	}
	windows := 1 + count/rowsAWindow
	width := (to.Sub(from) / time.Duration(windows)).Truncate(time.Millisecond) + time.Millisecond
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range windows {
		begin := from.Add(time.Duration(i) * width)
		group.Go(func() error { return readWindow(ctx, client, stores, begin, begin.Add(width), into) })
	}
	return group.Wait()
}

// readWindow reads the points at or after begin and before end.
func readWindow(ctx context.Context, client *timestreamquery.Client, stores Stores, begin, end time.Time, into Inventory) error {
	query := fmt.Sprintf(`SELECT device_id, time, measure_name, measure_value::double FROM "%s"."%s" WHERE time >= from_milliseconds(%d) AND time < from_milliseconds(%d)`,
		stores.Database, stores.TimeSeriesTable, begin.UnixMilli(), end.UnixMilli())
	pages := timestreamquery.NewQueryPaginator(client, &timestreamquery.QueryInput{QueryString: &query})
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

// timestamp is how Timestream writes one.
const timestamp = "2006-01-02 15:04:05.999999999"

func rowOf(r querytypes.Row) (ledger.Row, error) {
	if len(r.Data) != 4 {
		return ledger.Row{}, fmt.Errorf("a row has %d columns, not 4", len(r.Data))
	}
	at, err := time.Parse(timestamp, aws.ToString(r.Data[1].ScalarValue))
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

// extent is the time from the first point to after the last, in whole milliseconds, and how many
// there are. A table without points has no columns yet, and a query for them is an
// error: so it is asked for their number first.
func extent(ctx context.Context, client *timestreamquery.Client, stores Stores) (from, to time.Time, count int, err error) {
	ask := func(what string) ([]string, error) {
		query := fmt.Sprintf(`SELECT %s FROM "%s"."%s"`, what, stores.Database, stores.TimeSeriesTable)
		answer, err := client.Query(ctx, &timestreamquery.QueryInput{QueryString: &query})
		if err != nil || len(answer.Rows) != 1 {
			return nil, errors.Join(err, fmt.Errorf("%s: %d rows", query, len(answer.Rows)))
		}
		var cells []string
		for _, d := range answer.Rows[0].Data {
			cells = append(cells, aws.ToString(d.ScalarValue))
		}
		return cells, nil
	}
	cells, err := ask("count(*)")
	if err != nil {
		return from, to, 0, err
	}
	if count, err = strconv.Atoi(cells[0]); err != nil || count == 0 {
		return from, to, count, err
	}
	if cells, err = ask("min(time), max(time)"); err != nil {
		return from, to, 0, err
	}
	if from, err = time.Parse(timestamp, cells[0]); err != nil {
		return from, to, 0, err
	}
	to, err = time.Parse(timestamp, cells[1])
	return from.Truncate(time.Millisecond), to.Add(time.Millisecond), count, err
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
