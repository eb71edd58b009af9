package scenarios

import (
	"context"
	"crypto/md5"
	"encoding/hex"
	"errors"
	"fmt"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"sync"
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
	// Wait is how long a queue is waited at before it counts as empty.
	Wait time.Duration
}

// remoteWait is Stores.Wait elsewhere: there a topic delivers to its queue in its
// own time, and one answer may come from a part of the queue only.
// https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-short-and-long-polling.html
const remoteWait = time.Second

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
	var reading sync.WaitGroup
	var archive, series, err error
	reading.Go(func() { archive = readObjects(ctx, cfg, stores.Bucket, into) })
	reading.Go(func() { series = readRows(ctx, cfg, stores, into) })
	reading.Wait()
	if errors.Is(archive, errNoSums) {
		ev.Unseen, archive = append(ev.Unseen, "archive: "+archive.Error()), nil
	} else {
		ev.Archive = archive == nil
	}
	keep("archive", archive)
	ev.TimeSeries = keep("time series", series)
	if ev.States, err = readStates(ctx, cfg, stores.Table); !keep("device states", err) {
		ev.States = nil // half of them would make the others lost
	}
	if ev.Alerts, err = readAlerts(ctx, cfg, stores); !keep("alerts", err) {
		ev.Alerts = nil
	}
	ev.DeadLetters, err = readDeadLetters(ctx, cfg, stores)
	keep("dead letters", err)
	return ev, errors.Join(errs...)
}

// errNoSums says that a bucket's ETags prove nothing: those of objects that are
// encrypted with a key of KMS are not MD5 digests.
// https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html
var errNoSums = errors.New("it is not the MD5 digest of the object")

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
				return fmt.Errorf("object %s: ETag %s: %w", object.Key, aws.ToString(o.ETag), errNoSums)
			}
			into.FoundObject(object)
		}
	}
	return nil
}

// rowsAWindow is about how many points one query reads: a result is held in
// memory by the service until it is read to its end.
const rowsAWindow = 200_000

// readRows reads the time series window by window, several at a time.
func readRows(ctx context.Context, cfg aws.Config, stores Stores, into Inventory) error {
	client := timestreamquery.NewFromConfig(cfg)
	x, err := extentOf(ctx, client, stores)
	if err != nil || x.count == 0 {
		return err
	}
	windows := 1 + x.count/rowsAWindow
	width := (x.to.Sub(x.from) / time.Duration(windows)).Truncate(time.Millisecond) + time.Millisecond
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range windows {
		begin := x.from.Add(time.Duration(i) * width)
		group.Go(func() error { return readWindow(ctx, client, stores, x.measures, begin, begin.Add(width), into) })
	}
	return group.Wait()
}

// readWindow reads the points at or after begin and before end: one row a device
// and instant with a column for each measure, because a row costs what it costs.
func readWindow(ctx context.Context, client *timestreamquery.Client, stores Stores, measures []string, begin, end time.Time, into Inventory) error {
	query := "SELECT device_id, time"
	for _, name := range measures {
		query += ", max(if(measure_name = " + quoted(name) + ", measure_value::double))"
	}
	query += fmt.Sprintf(` FROM "%s"."%s" WHERE time >= from_milliseconds(%d) AND time < from_milliseconds(%d) GROUP BY device_id, time`,
		stores.Database, stores.TimeSeriesTable, begin.UnixMilli(), end.UnixMilli())
	pages := timestreamquery.NewQueryPaginator(client, &timestreamquery.QueryInput{QueryString: &query})
	for pages.HasMorePages() {
		page, err := pages.NextPage(ctx)
		if err != nil {
			return err
		}
		for _, r := range page.Rows {
			if err := findRow(r, measures, into); err != nil {
				return err
			}
		}
	}
	return nil
}

// quoted is a text in SQL.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// timestamp is how Timestream writes one.
const timestamp = "2006-01-02 15:04:05.999999999"

// findRow hands the points of one device and instant on.
func findRow(r querytypes.Row, measures []string, into Inventory) error {
	if len(r.Data) != 2+len(measures) {
		return fmt.Errorf("a row has %d columns, not %d", len(r.Data), 2+len(measures))
	}
	at, err := time.Parse(timestamp, aws.ToString(r.Data[1].ScalarValue))
	if err != nil {
		return err
	}
	for i, name := range measures {
		cell := r.Data[2+i]
		if cell.ScalarValue == nil {
			continue
		}
		value, err := strconv.ParseFloat(*cell.ScalarValue, 64)
		if err != nil {
			return fmt.Errorf("%s %q: %w", name, *cell.ScalarValue, err)
		}
		into.FoundRow(ledger.Row{Thing: aws.ToString(r.Data[0].ScalarValue), Time: at.UnixMilli(), Measure: name, Value: value})
	}
	return nil
}

// extent is what a time series table holds: its measures, how many points, and the
// time from the first to after the last, in whole milliseconds.
type extent struct {
	measures []string
	count    int
	from, to time.Time
}

// extentOf looks a table over. One without points has no columns yet, and a query
// for them is an error: so it is asked for their number first.
func extentOf(ctx context.Context, client *timestreamquery.Client, stores Stores) (extent, error) {
	var x extent
	ask := func(what, how string) ([]querytypes.Row, error) {
		query := fmt.Sprintf(`SELECT %s FROM "%s"."%s" %s`, what, stores.Database, stores.TimeSeriesTable, how)
		answer, err := client.Query(ctx, &timestreamquery.QueryInput{QueryString: &query})
		if err != nil {
			return nil, err
		}
		return answer.Rows, nil
	}
	rows, err := ask("count(*)", "")
	if err != nil || len(rows) == 0 || aws.ToString(rows[0].Data[0].ScalarValue) == "0" {
		return x, err
	}
	if rows, err = ask("measure_name, count(*), min(time), max(time)", "GROUP BY measure_name"); err != nil {
		return x, err
	}
	for _, r := range rows {
		if err := x.add(r); err != nil {
			return x, err
		}
	}
	sort.Strings(x.measures)
	return x, nil
}

// add takes one measure's row.
func (x *extent) add(r querytypes.Row) error {
	count, err := strconv.Atoi(aws.ToString(r.Data[1].ScalarValue))
	if err != nil {
		return err
	}
	from, err := time.Parse(timestamp, aws.ToString(r.Data[2].ScalarValue))
	if err != nil {
		return err
	}
	to, err := time.Parse(timestamp, aws.ToString(r.Data[3].ScalarValue))
	if err != nil {
		return err
	}
	from, to = from.Truncate(time.Millisecond), to.Add(time.Millisecond)
	if x.count == 0 || from.Before(x.from) {
		x.from = from
	}
	if x.count == 0 || to.After(x.to) {
		x.to = to
	}
	x.count += count
	x.measures = append(x.measures, aws.ToString(r.Data[0].ScalarValue))
	return nil
}

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

func readAlerts(ctx context.Context, cfg aws.Config, stores Stores) ([]ledger.SentAlert, error) {
	bodies, err := receiveAll(ctx, cfg, stores.AlertQueue, stores.Wait)
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

// receiveAll empties a queue; it is empty when nothing has come for so long.
func receiveAll(ctx context.Context, cfg aws.Config, queue string, wait time.Duration) ([]string, error) {
	if queue == "" {
		return nil, nil
	}
	client := sqs.NewFromConfig(cfg)
	var bodies []string
	for {
		answer, err := client.ReceiveMessage(ctx, &sqs.ReceiveMessageInput{
			QueueUrl: &queue, MaxNumberOfMessages: 10, WaitTimeSeconds: int32(wait / time.Second)})
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
