package readback

import (
	"context"
	"fmt"
	"runtime"
	"sort"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	querytypes "github.com/aws/aws-sdk-go-v2/service/timestreamquery/types"
	"golang.org/x/sync/errgroup"

	"github.com/shakedown-iot/shakedown/scenarios/ledger"
)

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
