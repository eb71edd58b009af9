package console

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery/types"
)

// Span is how much of the past a page shows.
type Span struct {
	Name string // as in the address
	Text string
	Long time.Duration
	Bin  time.Duration
}

// spans are those to choose from; a chart has about a hundred points.
var spans = []Span{
	{"5m", "5 minutes", 5 * time.Minute, 3 * time.Second},
	{"1h", "1 hour", time.Hour, 30 * time.Second},
	{"6h", "6 hours", 6 * time.Hour, 3 * time.Minute},
	{"24h", "24 hours", 24 * time.Hour, 15 * time.Minute},
	{"7d", "7 days", 7 * 24 * time.Hour, 2 * time.Hour},
}

// spanOf is the span of an address, or the one that stands for none.
func spanOf(name, none string) Span {
	for _, s := range spans {
		if s.Name == name {
			return s
		}
	}
	return spanOf(none, spans[0].Name)
}

// Point is a bin of a metric.
type Point struct {
	At             time.Time
	Mean, Min, Max float64
}

// Series is a metric over time.
type Series struct {
	Name   string
	Points []Point
}

// Bounds of what a query may answer.
const (
	mostSeries = 24
	mostRows   = 20_000
)

// telemetry are a device's metrics over a span, by name.
func (c *Console) telemetry(ctx context.Context, id string, span Span) ([]Series, error) {
	query := fmt.Sprintf(`SELECT measure_name, BIN(time, %ds) AS bin, AVG(measure_value::double) AS mean, MIN(measure_value::double) AS low, MAX(measure_value::double) AS high
FROM %s WHERE device_id = %s AND time > ago(%dm) GROUP BY measure_name, BIN(time, %ds) ORDER BY measure_name, bin`,
		int(span.Bin.Seconds()), c.table(c.config.Pipeline.Telemetry), quoted(id), int(span.Long.Minutes()), int(span.Bin.Seconds()))
	var list []Series
	err := c.query(ctx, query, func(row []string) error {
		name := row[0]
		if len(list) == 0 || list[len(list)-1].Name != name {
			list = append(list, Series{Name: name})
		}
		p, err := pointOf(row[1:])
		if err != nil {
			return err
		}
		s := &list[len(list)-1]
		s.Points = append(s.Points, p)
		return nil
	})
	if len(list) > mostSeries {
		list = list[:mostSeries]
	}
	return list, err
}

func pointOf(row []string) (p Point, err error) {
	if p.At, err = timeOf(row[0]); err != nil {
		return p, err
	}
	for i, to := range []*float64{&p.Mean, &p.Min, &p.Max} {
		if *to, err = strconv.ParseFloat(row[1+i], 64); err != nil {
			return p, fmt.Errorf("%q is no number: %w", row[1+i], err)
		}
	}
	return p, nil
}

// timeOf reads Timestream's TIMESTAMP, in UTC (AWS.md §4).
func timeOf(text string) (time.Time, error) { return time.Parse("2006-01-02 15:04:05.999999999", text) }

// table is a Timestream table in a query.
func (c *Console) table(name string) string {
	identifier := func(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }
	return identifier(c.config.Pipeline.Database) + "." + identifier(name)
}

// quoted is a string in a query.
func quoted(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

// query reads all rows of an answer. A NULL leaves its row out.
func (c *Console) query(ctx context.Context, text string, row func([]string) error) error {
	pages := timestreamquery.NewQueryPaginator(c.series, &timestreamquery.QueryInput{QueryString: &text})
	for rows := 0; pages.HasMorePages() && rows < mostRows; {
		page, err := pages.NextPage(ctx)
		if noColumns(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("query Timestream: %w", err)
		}
		for _, r := range page.Rows {
			rows++
			values, ok := scalars(r)
			if !ok {
				continue
			}
			if err := row(values); err != nil {
				return fmt.Errorf("query Timestream: %w", err)
			}
		}
	}
	return nil
}

// noColumns tells that a table is empty: its columns come with its first record.
func noColumns(err error) bool {
	invalid, ok := errors.AsType[*types.ValidationException](err)
	return ok && strings.Contains(invalid.ErrorMessage(), "Column '") && strings.Contains(invalid.ErrorMessage(), "does not exist")
}

func scalars(r types.Row) ([]string, bool) {
	values := make([]string, len(r.Data))
	for i, d := range r.Data {
		if d.ScalarValue == nil {
			return nil, false
		}
		values[i] = aws.ToString(d.ScalarValue)
	}
	return values, !slices.Contains(values, "NaN")
}
