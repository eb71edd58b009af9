package timestream_test

import (
	"bufio"
	"os"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery/types"
	"github.com/stretchr/testify/require"
)

// printed is a cell as the guide prints it.
func printed(d types.Datum) string {
	var items []string
	switch {
	case d.ScalarValue != nil:
		return *d.ScalarValue
	case d.NullValue != nil:
		return "NULL"
	case d.RowValue != nil:
		for _, v := range d.RowValue.Data {
			items = append(items, printed(v))
		}
		return "(" + strings.Join(items, ",") + ")"
	case d.TimeSeriesValue != nil:
		for _, p := range d.TimeSeriesValue {
			items = append(items, *p.Time+": "+printed(*p.Value))
		}
		return "{" + strings.Join(items, ", ") + "}"
	}
	for _, v := range d.ArrayValue {
		items = append(items, printed(v))
	}
	return "[" + strings.Join(items, ",") + "]"
}

// TestTheGuidesExamples runs the developer guide's own examples of functions.
//
// AWS.md §4: Query: Trino-like: `BIN(time, 1h)`, `ago(24h)`, interval literals; and
// HAVING, ORDER BY, LIMIT, CASE, CTEs, joins, window functions, `date_trunc …
// AWS.md §4: date_trunc from_milliseconds to_milliseconds max_by min_by
// approx_percentile approx_distinct.
func TestTheGuidesExamples(t *testing.T) {
	c := start(t)
	file, err := os.Open("testdata/guide.txt")
	require.NoError(t, err)
	defer file.Close()
	var sql string
	n := 0
	for lines := bufio.NewScanner(file); lines.Scan(); {
		line := lines.Text()
		switch {
		case line == "" || line[0] == '#':
		case sql == "":
			sql = line
		default:
			n++
			out, err := c.query.Query(t.Context(), &timestreamquery.QueryInput{QueryString: &sql})
			if err != nil {
				t.Errorf("%s\n%s", sql, err)
			} else if len(out.Rows) != 1 {
				t.Errorf("%s: %d rows", sql, len(out.Rows))
			} else if got := printed(out.Rows[0].Data[0]); got != line {
				t.Errorf("%s\ngot  %s\nwant %s", sql, got, line)
			}
			sql = ""
		}
	}
	require.Greater(t, n, 100)
}
