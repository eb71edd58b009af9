package timestream_test

import (
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery/types"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"github.com/stretchr/testify/require"
)

// AWS.md §4: pages with `NextToken`; `ColumnInfo` carries scalar types
// https://docs.aws.amazon.com/timestream/latest/developerguide/API_query_Query.html
func TestPagesAreBoundedAndTokensEnd(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		sql := aws.String(`SELECT n, lpad('', 1000, 'x') FROM UNNEST(sequence(1, 5000)) AS t(n)`)
		first, err := c.query.Query(t.Context(), &timestreamquery.QueryInput{QueryString: sql})
		require.NoError(t, err)
		require.InDelta(t, 1000, len(first.Rows), 100, "a page is a mebibyte")
		next := &timestreamquery.QueryInput{QueryString: sql, NextToken: first.NextToken}
		second, err := c.query.Query(t.Context(), next)
		require.NoError(t, err)
		require.Equal(t, strconv.Itoa(len(first.Rows)+1), *second.Rows[0].Data[0].ScalarValue)
		_, err = c.query.Query(t.Context(), &timestreamquery.QueryInput{QueryString: aws.String("SELECT 1"), NextToken: first.NextToken})
		require.ErrorContains(t, err, "Invalid pagination token")
		_, err = c.query.Query(t.Context(), &timestreamquery.QueryInput{QueryString: sql, NextToken: second.NextToken})
		require.NoError(t, err)
		_, err = c.query.Query(t.Context(), next)
		require.ErrorContains(t, err, "Invalid pagination token", "a token ends when the next one is used")
		time.Sleep(time.Hour + time.Second)
		_, err = c.query.Query(t.Context(), &timestreamquery.QueryInput{QueryString: sql, NextToken: second.NextToken})
		require.ErrorContains(t, err, "Invalid pagination token")
		_, err = c.query.Query(t.Context(), &timestreamquery.QueryInput{QueryString: aws.String(`SELECT repeat(lpad('', 1000, 'x'), 2000)`)})
		require.ErrorContains(t, err, "max page response size has been exceeded")
	})
}

func TestAClientTokenAnswersTheSameCallTheSame(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		ask := func(sql string) (*timestreamquery.QueryOutput, error) {
			return c.query.Query(t.Context(), &timestreamquery.QueryInput{QueryString: &sql, ClientToken: aws.String(strings.Repeat("t", 32))})
		}
		first, err := ask("SELECT now()")
		require.NoError(t, err)
		time.Sleep(time.Minute)
		again, err := ask("SELECT now()")
		require.NoError(t, err)
		require.Equal(t, first.QueryId, again.QueryId)
		require.Equal(t, first.Rows, again.Rows)
		_, err = ask("SELECT 1")
		require.ErrorContains(t, err, "other parameters")
		time.Sleep(5 * time.Minute)
		later, err := ask("SELECT now()")
		require.NoError(t, err)
		require.NotEqual(t, first.Rows, later.Rows)
	})
}

// AWS.md §4: `1d` is an interval literal, `1 day` is not; `bin` aligns to the epoch.
func TestOneDayIsNoInterval(t *testing.T) {
	c := start(t)
	out, err := c.query.Query(t.Context(), &timestreamquery.QueryInput{QueryString: aws.String(`SELECT 1 day, 1day, bin(from_milliseconds(90000000), 1d)`)})
	require.NoError(t, err)
	require.Equal(t, "day", *out.ColumnInfo[0].Name)
	require.Equal(t, types.ScalarTypeInteger, out.ColumnInfo[0].Type.ScalarType)
	require.Equal(t, types.ScalarTypeIntervalDayToSecond, out.ColumnInfo[1].Type.ScalarType)
	require.Equal(t, "1970-01-02 00:00:00.000000000", *out.Rows[0].Data[2].ScalarValue)
	_, err = c.rows(`SELECT ago(1 day)`)
	require.ErrorContains(t, err, "line 1:14:")
}

// AWS.md §4: ColumnInfo carries scalar types.
func TestColumnInfoHasTheTypes(t *testing.T) {
	c := start(t)
	require.NoError(t, c.put(record("a", "t", "1", time.Now(), 0)))
	out, err := c.query.Query(t.Context(), &timestreamquery.QueryInput{QueryString: aws.String(`SELECT device_id, max(time) AS at, count(*), avg(measure_value::double), 1, 1h, 1year, true,
current_date, current_time, array_agg(measure_name), create_time_series(time, measure_value::double), NULL FROM "iot-data"."telemetry" GROUP BY device_id`)})
	require.NoError(t, err)
	var got []types.ScalarType
	for _, col := range out.ColumnInfo {
		got = append(got, col.Type.ScalarType)
	}
	require.Equal(t, []types.ScalarType{"VARCHAR", "TIMESTAMP", "BIGINT", "DOUBLE", "INTEGER", "INTERVAL_DAY_TO_SECOND", "INTERVAL_YEAR_TO_MONTH", "BOOLEAN", "DATE", "TIME", "", "", "UNKNOWN"}, got)
	require.Equal(t, "at", *out.ColumnInfo[1].Name)
	require.Equal(t, types.ScalarTypeVarchar, out.ColumnInfo[10].Type.ArrayColumnInfo.Type.ScalarType)
	require.Equal(t, types.ScalarTypeDouble, out.ColumnInfo[11].Type.TimeSeriesMeasureValueColumnInfo.Type.ScalarType)
}

func TestAQueryIsBounded(t *testing.T) {
	c := start(t)
	for sql, want := range map[string]string{
		`SELECT a.s || a.s FROM (SELECT array_join(repeat(lpad('', 1000, 'x'), 900), '') AS s) a`: "longer than 1048576 bytes",
		`WITH a AS (SELECT sequence(1, 600000) AS s) SELECT concat(s, s) FROM a`:                  "more than 1000000 elements",
		`WITH a AS (SELECT sequence(1, 600000) AS s) SELECT s || s FROM a`:                        "more than 1000000 elements",
		`WITH a AS (SELECT ` + strings.Repeat("1,", 1200) + `1) SELECT 1 FROM a x CROSS JOIN a y`: "the join has more than 2000 columns",
		`SELECT ` + strings.Repeat("1,", 2500) + `1`:                                              "more than 2000 columns",
		`SELECT typeof(repeat(repeat(repeat(1, 9000), 9000), 9000))`:                              "ARRAY(ARRAY(INTEGER)) has more than 128 MiB",
		`WITH a AS (SELECT sequence(1, 999999) AS s) SELECT ARRAY[s, s] FROM a`:                   "ARRAY(ARRAY(BIGINT)) has more than 128 MiB",
		`SELECT ROW(s, s) FROM (SELECT sequence(1, 999999) AS s)`:                                 "has more than 128 MiB",
		`SELECT CAST(ROW(1) AS ROW(` + strings.Repeat("n", 257) + ` BIGINT))`:                     "n BIGINT) is not implemented by Shakedown",
		`SELECT sequence(1, 10000000)`:                                                            "a sequence has more than",
		`SELECT lpad('x', 100000000, 'x')`:                                                        "Target length must be in the range",
		`SELECT repeat(1, 100000)`:                                                                "must be less than or equal to 10000",
		`SELECT ` + strings.Repeat("x", 300<<10):                                                  "longer than",
		`SELECT ` + strings.Repeat("1,", 15000):                                                   "more than 20000 tokens",
	} {
		_, err := c.rows(sql)
		require.ErrorContains(t, err, want, sql[:20])
	}
}

// TestShowAndDescribe: SHOW and DESCRIBE are what Grafana's plugin asks for its lists, and DBeaver.
// https://docs.aws.amazon.com/timestream/latest/developerguide/supported-sql-constructs.SHOW.html
func TestShowAndDescribe(t *testing.T) {
	c := start(t)
	_, err := c.write.CreateTable(t.Context(), &timestreamwrite.CreateTableInput{DatabaseName: aws.String("iot-data"), TableName: aws.String("other")})
	require.NoError(t, err)
	require.NoError(t, c.put(record("a", "temperature", "1", time.Now(), 0), record("a", "humidity", "1", time.Now(), 0), multi(time.Now(), 0, "speed", "1", "BIGINT")))
	for sql, want := range map[string][][]string{
		`SHOW DATABASES`:                        {{"iot-data"}},
		`SHOW DATABASES LIKE 'x%'`:              nil,
		`SHOW TABLES`:                           {{"other"}, {"telemetry"}},
		`SHOW TABLES FROM "iot-data"`:           {{"other"}, {"telemetry"}},
		`SHOW TABLES FROM "iot-data" LIKE 't%'`: {{"telemetry"}},
		`SHOW MEASURES FROM "iot-data"."telemetry"`: {
			{"humidity", "double", "[(device_id,varchar)]"}, {"metrics", "multi", "[(device_id,varchar)]"}, {"temperature", "double", "[(device_id,varchar)]"}},
		`SHOW MEASURES FROM "iot-data"."telemetry" LIKE 'hum%'`: {{"humidity", "double", "[(device_id,varchar)]"}},
		`DESCRIBE "iot-data"."telemetry"`: {{"device_id", "varchar", "DIMENSION"}, {"measure_name", "varchar", "MEASURE_NAME"}, {"time", "timestamp", "TIMESTAMP"},
			{"measure_value::double", "double", "MEASURE_VALUE"}, {"speed", "bigint", "MULTI"}},
	} {
		out, err := c.query.Query(t.Context(), &timestreamquery.QueryInput{QueryString: &sql})
		require.NoError(t, err, sql)
		var got [][]string
		for _, r := range out.Rows {
			var row []string
			for _, d := range r.Data {
				row = append(row, printed(d))
			}
			got = append(got, row)
		}
		require.Equal(t, want, got, sql)
	}
}

func TestARowsColumnInfo(t *testing.T) {
	c := start(t)
	out, err := c.query.Query(t.Context(), &timestreamquery.QueryInput{QueryString: aws.String(`SELECT CAST(ROW(1, ARRAY['a']) AS ROW(n BIGINT, s ARRAY(VARCHAR))) AS r, ROW(true)`)})
	require.NoError(t, err)
	fields := out.ColumnInfo[0].Type.RowColumnInfo
	require.Equal(t, "n", *fields[0].Name)
	require.Equal(t, types.ScalarTypeBigint, fields[0].Type.ScalarType)
	require.Equal(t, "s", *fields[1].Name)
	require.Equal(t, types.ScalarTypeVarchar, fields[1].Type.ArrayColumnInfo.Type.ScalarType)
	require.Equal(t, "field0", *out.ColumnInfo[1].Type.RowColumnInfo[0].Name)
	require.Equal(t, "1", *out.Rows[0].Data[0].RowValue.Data[0].ScalarValue)
}
