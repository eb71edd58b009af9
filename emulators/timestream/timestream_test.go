package timestream_test

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"
	"github.com/aws/smithy-go"
	"github.com/stretchr/testify/require"

	"github.com/shakedown-iot/shakedown/emulators/timestream"
)

// direct calls the handler; the host is whatever endpoint discovery answered.
type direct struct{ http.Handler }

func (d direct) Do(r *http.Request) (*http.Response, error) {
	w := httptest.NewRecorder()
	d.ServeHTTP(w, r)
	return w.Result(), nil
}

type cloud struct {
	t     *testing.T
	write *timestreamwrite.Client
	query *timestreamquery.Client
}

func config() aws.Config {
	return aws.Config{
		Region: "us-east-1", BaseEndpoint: aws.String("http://cloud"),
		Credentials: credentials.NewStaticCredentialsProvider("test", "test", ""),
		HTTPClient:  direct{timestream.Handler(timestream.New(timestream.Config{}))},
	}
}

func start(t *testing.T) cloud {
	cfg := config()
	c := cloud{t, timestreamwrite.NewFromConfig(cfg), timestreamquery.NewFromConfig(cfg)}
	_, err := c.write.CreateDatabase(t.Context(), &timestreamwrite.CreateDatabaseInput{DatabaseName: aws.String("iot-data")})
	require.NoError(t, err)
	_, err = c.write.CreateTable(t.Context(), &timestreamwrite.CreateTableInput{
		DatabaseName: aws.String("iot-data"), TableName: aws.String("telemetry"),
		RetentionProperties: &types.RetentionProperties{MemoryStoreRetentionPeriodInHours: aws.Int64(24), MagneticStoreRetentionPeriodInDays: aws.Int64(7)},
	})
	require.NoError(t, err)
	return c
}

func record(device, measure, value string, at time.Time, version int64) types.Record {
	r := types.Record{
		Dimensions:  []types.Dimension{{Name: aws.String("device_id"), Value: &device}},
		MeasureName: &measure, MeasureValue: &value, MeasureValueType: types.MeasureValueTypeDouble,
		Time: aws.String(strconv.FormatInt(at.UnixMilli(), 10)),
	}
	if version > 0 {
		r.Version = &version
	}
	return r
}

func (c cloud) put(records ...types.Record) error {
	_, err := c.write.WriteRecords(c.t.Context(), &timestreamwrite.WriteRecordsInput{
		DatabaseName: aws.String("iot-data"), TableName: aws.String("telemetry"), Records: records})
	return err
}

func (c cloud) rows(sql string) ([][]string, error) {
	out, err := c.query.Query(c.t.Context(), &timestreamquery.QueryInput{QueryString: &sql})
	if err != nil {
		return nil, err
	}
	var rows [][]string
	for _, r := range out.Rows {
		var row []string
		for _, d := range r.Data {
			text := "NULL"
			if d.ScalarValue != nil {
				text = *d.ScalarValue
			}
			row = append(row, text)
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// AWS.md §4: interval literals 1h 10m 5s 1d; measure_value::double; quoted
// "db"."table"; aggregates; GROUP BY.
func TestTheSourcesTwoQueries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(30*time.Minute + 24*time.Hour) // 2000-01-02 00:30
		c := start(t)
		now := time.Now()
		require.NoError(t, c.put(
			record("a", "temperature", "20", now.Add(-40*time.Minute), 0), // the hour before
			record("a", "temperature", "22.5", now.Add(-20*time.Minute), 0),
			record("a", "temperature", "21.5", now.Add(-5*time.Minute), 0),
			record("a", "humidity", "50", now.Add(-5*time.Minute), 0),
			record("b", "temperature", "10", now.Add(-15*time.Minute), 0),
		))
		rows, err := c.rows(`-- Average temperature per device over the last 24 hours, grouped by hour
SELECT device_id, BIN(time, 1h) as hour, AVG(measure_value::double) as avg_temperature,
  MAX(measure_value::double) as max_temperature, MIN(measure_value::double) as min_temperature
FROM "iot-data"."telemetry"
WHERE measure_name = 'temperature' AND time > ago(24h)
GROUP BY device_id, BIN(time, 1h)
ORDER BY hour DESC`)
		require.NoError(t, err)
		require.Equal(t, [][]string{
			{"a", "2000-01-02 00:00:00.000000000", "22.0", "22.5", "21.5"},
			{"b", "2000-01-02 00:00:00.000000000", "10.0", "10.0", "10.0"},
			{"a", "2000-01-01 23:00:00.000000000", "20.0", "20.0", "20.0"},
		}, rows)
		rows, err = c.rows(`SELECT device_id, MAX(time) as last_seen FROM "iot-data"."telemetry" WHERE time > ago(1h)
GROUP BY device_id HAVING MAX(time) < ago(10m)`)
		require.NoError(t, err)
		require.Equal(t, [][]string{{"b", "2000-01-02 00:15:00.000000000"}}, rows)
	})
}

// Two calls that differ in a text alone are two calls: a flipped bit once made
// Humidity of humidity, and a read-back took both columns for one.
func TestTextsAreToldApartWithTheirCase(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		require.NoError(t, c.put(record("a", "humidity", "50", time.Now(), 0), record("a", "Humidity", "60", time.Now(), 0)))
		rows, err := c.rows(`SELECT max(if(measure_name = 'Humidity', measure_value::double)), max(if(measure_name = 'humidity', measure_value::double)),
  MAX(IF(measure_name = 'humidity', measure_value::double)) FROM "iot-data"."telemetry"`)
		require.NoError(t, err)
		require.Equal(t, [][]string{{"60.0", "50.0", "50.0"}}, rows)
	})
}

// AWS.md §4: Same dimensions + time + measure name: same value → accepted; different
// value with a version missing or ≤ the existing → rejected with …; and *the other
// records of the call are written*; each rejection has `RecordIndex, Reason, …
// AWS.md §4: different value with a version missing or ≤ the existing → rejected
// with ExistingVersion; higher version → upsert; each rejection has RecordIndex,
// Reason, ExistingVersion.
func TestRejectedRecordsLeaveTheOthers(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(48 * time.Hour)
		c := start(t)
		now := time.Now()
		require.NoError(t, c.put(record("a", "t", "1", now, 0)))
		require.NoError(t, c.put(record("a", "t", "1", now, 0)), "the same value is accepted")
		err := c.put(
			record("a", "t", "2", now, 0),                       // another value, no version
			record("a", "t", "3", now.Add(time.Second), 0),      // good
			record("a", "t", "4", now.Add(-25*time.Hour), 0),    // too old
			record("a", "t", "5", now.Add(16*time.Minute), 0),   // future
			record("a", "t", "warm", now.Add(2*time.Second), 0), // no number
			record("a", "t", "6", now.Add(14*time.Minute), 0),   // good
		)
		var rejected *types.RejectedRecordsException
		require.True(t, errors.As(err, &rejected), "%v", err)
		var indexes []int32
		for _, r := range rejected.RejectedRecords {
			indexes = append(indexes, r.RecordIndex)
		}
		require.Equal(t, []int32{0, 2, 3, 4}, indexes)
		require.Equal(t, int64(1), *rejected.RejectedRecords[0].ExistingVersion)
		require.NoError(t, c.put(record("a", "t", "9", now, 2)), "a higher version is an upsert")
		rows, err := c.rows(`SELECT measure_value::double FROM "iot-data"."telemetry" ORDER BY time`)
		require.NoError(t, err)
		require.Equal(t, [][]string{{"9.0"}, {"3.0"}, {"6.0"}}, rows)
	})
}

// AWS.md §4: Write: ≤ 100 records a call (`ValidationException`)
func TestMoreThanAHundredRecordsAreRefused(t *testing.T) {
	c := start(t)
	err := c.put(make([]types.Record, 101)...)
	var api smithy.APIError
	require.True(t, errors.As(err, &api))
	require.Equal(t, "ValidationException", api.ErrorCode())
}

// AWS.md §4: **unsupported SQL is a `ValidationException`, never an empty result**.
func TestQueriesThatAreNotUnderstoodAreRefusedWithThePosition(t *testing.T) {
	c := start(t)
	require.NoError(t, c.put(record("a", "t", "1", time.Now(), 0)))
	const from = ` FROM "iot-data"."telemetry"`
	for sql, want := range map[string]string{
		`SELECT nosuch` + from:                                                  "line 1:8: Column 'nosuch' does not exist",
		`SELECT nosuch(time)` + from:                                            "line 1:8: function nosuch is unknown",
		`SELECT device_id, max(time)` + from:                                    "line 1:8: 'device_id' must be an aggregate expression or appear in GROUP BY clause",
		`SELECT nosuch(device_id), max(time)` + from:                            "line 1:8: function nosuch is unknown or not implemented by Shakedown",
		`SELECT time` + from + ` WHERE time > @from_time`:                       "@: parameters of a query are not implemented by Shakedown",
		`SELECT time` + from + ` JOIN "iot-data"."nosuch" ON true`:              "Table 'iot-data.nosuch' does not exist",
		`SELECT time` + from + ` UNION SELECT 1`:                                "column 1 in UNION query has incompatible types: TIMESTAMP, INTEGER",
		`SELECT 1 UNION SELECT 1, 2`:                                            "line 1:10: UNION query has different number of fields: 1, 2",
		`SELECT time` + from + ` WHERE time > 'yesterday'`:                      "'yesterday' is not a valid TIMESTAMP literal",
		`SELECT time` + from + ` WHERE time > device_id`:                        "'>' cannot be applied to TIMESTAMP, VARCHAR",
		`SELECT time` + from + ` WHERE max(time) > ago(1h)`:                     "WHERE clause cannot contain aggregations",
		`SELECT time` + from + ` WHERE row_number() OVER () > 1`:                "window functions stand only in SELECT and ORDER BY",
		`SELECT max(row_number() OVER ())` + from:                               "window functions stand only in SELECT and ORDER BY",
		`SELECT time FROM telemetry`:                                            "Table 'telemetry' does not exist",
		`SELECT time` + from + ` WHERE device_id = 'a`:                          "the quote is not closed",
		`SELECT time` + from + ` AS a JOIN "iot-data"."telemetry" AS b ON true`: "Column 'time' is ambiguous",
		`SELECT`:               "expected an expression, not the end of the query",
		`SELECT (SELECT 1, 2)`: "Multiple columns returned by subquery",
		`SELECT (SELECT c FROM (VALUES 1, 2) AS t(c))`: "Scalar sub-query has returned multiple rows",
		`SELECT 1 / 0`:                                                       "line 1:10: Division by zero",
		`SELECT CAST('x' AS BIGINT)`:                                         "Cannot cast 'x' to BIGINT",
		`SELECT 9223372036854775807 + 1`:                                     "does not fit",
		`SELECT ROW(1, 2).a`:                                                 "ROW(INTEGER, INTEGER) has no field 'a'",
		`SELECT ROW(1, 2) < ROW(1, 3)`:                                       "'<' cannot be applied to ROW(INTEGER, INTEGER)",
		`SELECT CAST(ROW(1) AS ROW(a BIGINT, b BIGINT))`:                     "Cannot cast ROW(INTEGER) to ROW(a BIGINT, b BIGINT)",
		`SELECT zip(ARRAY[1], 2)`:                                            "Unexpected parameters (ARRAY(INTEGER), INTEGER) for function zip",
		`SELECT x -> x`:                                                      "line 1:8: a lambda expression stands only as an argument",
		`SELECT abs(x -> x)`:                                                 "a lambda expression stands only as an argument",
		`SELECT filter(ARRAY[1], (x, y) -> true)`:                            "expected a lambda expression of 1 parameters",
		`SELECT filter(ARRAY[1], x -> x + 1)`:                                "must evaluate to a boolean: actual type INTEGER",
		`SELECT filter(ARRAY[1], x -> x = (SELECT 1))`:                       "a lambda expression cannot contain sub-queries",
		`SELECT filter(ARRAY[1], x -> x = max(time))` + from:                 "a lambda expression cannot contain aggregations",
		`SELECT reduce(ARRAY[1], 'a', (s, x) -> s + x, s -> s)`:              "'+' cannot be applied to VARCHAR, INTEGER",
		`SELECT reduce(ARRAY[1], 0, (s, x) -> s + 0.5, s -> s)`:              "the state of reduce is of type BIGINT, the lambda expression of type DOUBLE",
		`SELECT reduce(sequence(1, 99), ARRAY[0], (s, x) -> s || s, s -> 1)`: "an array has more than 1000000 elements",
		`SELECT sum(1) OVER (ORDER BY 1, 2 RANGE 1 PRECEDING)`:               "a frame of RANGE with an offset needs one ORDER BY expression, not 2",
		`SELECT sum(1) OVER (ORDER BY 'a' RANGE 1 PRECEDING)`:                "'-' cannot be applied to VARCHAR, INTEGER",
		`SELECT sum(1) OVER (ORDER BY 1 RANGE -1 PRECEDING)`:                 "Window frame offset must not be negative or null",
		`SELECT sum(1) IGNORE NULLS OVER ()`:                                 "IGNORE NULLS stands only behind lag",
		`SELECT abs(1) FILTER (WHERE true)`:                                  "DISTINCT and FILTER stand only in aggregates",
		`SELECT sum(1) FILTER (WHERE 1)`:                                     "FILTER clause must evaluate to a boolean: actual type INTEGER",
		`SELECT ARRAY[1][2]`:                                                 "Array subscript is out of bounds",
		`SELECT CAST(1 AS DECIMAL)`:                                          "a cast to DECIMAL is not implemented by Shakedown",
		`WITH RECURSIVE a AS (SELECT 1) SELECT 1`:                            "WITH RECURSIVE is not implemented by Shakedown",
		`SELECT 1 GROUP BY CUBE (1)`:                                         "GROUP BY CUBE is not implemented by Shakedown",
		`UNLOAD (SELECT 1) TO 's3://x'`:                                      "UNLOAD is not implemented by Shakedown",
		`SELECT DISTINCT device_id` + from + ` ORDER BY time`:                "For SELECT DISTINCT, ORDER BY expressions must appear in select list",
		`SELECT sum(1) OVER (ROWS 1 FOLLOWING)`:                              "the frame ends before it begins",
		`SELECT 1` + strings.Repeat(" + (1", 200) + strings.Repeat(")", 200): "the query is nested deeper than 100",
		`DELETE` + from:                                                      "expected 'SELECT', not 'DELETE'",
	} {
		_, err := c.rows(sql)
		require.ErrorContains(t, err, want, sql)
		require.ErrorContains(t, err, "ValidationException", sql)
	}
}

// AWS.md §4: pages with NextToken.
func TestPages(t *testing.T) {
	c := start(t)
	start := time.Now().Add(-time.Hour)
	for i := range 25 {
		require.NoError(t, c.put(record("a", "t", strconv.Itoa(i), start.Add(time.Duration(i)*time.Second), 0)))
	}
	var got []string
	pages := timestreamquery.NewQueryPaginator(c.query, &timestreamquery.QueryInput{
		QueryString: aws.String(`SELECT measure_value::double FROM "iot-data"."telemetry"`), MaxRows: aws.Int32(10)})
	n := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		require.NoError(t, err)
		n++
		for _, r := range page.Rows {
			got = append(got, *r.Data[0].ScalarValue)
		}
	}
	require.Equal(t, 3, n)
	require.Len(t, got, 25)
	require.Equal(t, "24.0", got[24])
}

func BenchmarkWriteRecords100(b *testing.B) {
	state := timestream.New(timestream.Config{})
	state.CreateDatabase(b.Context(), &timestream.CreateDatabaseInput{DatabaseRef: timestream.DatabaseRef{DatabaseName: "iot"}})
	state.CreateTable(b.Context(), &timestream.CreateTableInput{TableRef: timestream.TableRef{DatabaseName: "iot", TableName: "tab"}})
	at := time.Now().Add(-5 * time.Hour).UnixMilli()
	value := "21.5"
	for b.Loop() {
		in := &timestream.WriteRecordsInput{TableRef: timestream.TableRef{DatabaseName: "iot", TableName: "tab"}}
		for i := range 100 {
			in.Records = append(in.Records, timestream.Record{
				Dimensions:  []timestream.Dimension{{Name: "device_id", Value: "sensor-" + strconv.Itoa(i)}},
				MeasureName: "temperature", MeasureValue: &value, Time: strconv.FormatInt(at, 10),
			})
		}
		at++
		if _, err := state.WriteRecords(b.Context(), in); err != nil {
			b.Fatal(err)
		}
	}
}
