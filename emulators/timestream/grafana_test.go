package timestream_test

import (
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery/types"
	"github.com/stretchr/testify/require"
)

// What Grafana's plugin asks by itself: its health check, and what fills its menus.
// https://github.com/grafana/timestream-datasource (pkg/timestream/datasource.go)
func TestWhatGrafanasPluginAsks(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		c.table("grafana", "temperature 20 90 device=a", "temperature 22 30 device=a site=x", "humidity 7 30 device=b")
		require.Equal(t, [][]string{{"1"}}, c.answers(`SELECT 1`))
		require.Contains(t, c.answers(`SHOW DATABASES`), []string{"sampleDB"})
		require.Equal(t, [][]string{{"grafana"}}, c.answers(`SHOW TABLES FROM "sampleDB"`))
		sql := `SHOW MEASURES FROM "sampleDB"."grafana"`
		require.Equal(t, [][]string{{"humidity", "double", "[(device,varchar)]"}, {"temperature", "double", "[(device,varchar),(site,varchar)]"}}, c.answers(sql))
		out, err := c.query.Query(t.Context(), &timestreamquery.QueryInput{QueryString: &sql})
		require.NoError(t, err)
		require.Equal(t, "dimension_name", *out.ColumnInfo[2].Type.ArrayColumnInfo.Type.RowColumnInfo[0].Name, "by it the plugin finds the dimensions")
		require.Len(t, c.answers(`SELECT * FROM "sampleDB"."grafana" LIMIT 10`), 3)
		require.Len(t, c.answers(`DESCRIBE "sampleDB"."grafana"`), 5)
	})
}

// The queries of the plugin's recorded tests, its macros $__timeFilter, $__interval_ms
// and $__measure filled in; the constants with what AWS answered them.
// https://github.com/grafana/timestream-datasource (pkg/timestream/testdata)
func TestGrafanasQueries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		c.table("grafana", "temperature 20 90 device=a", "temperature 22 30 device=a", "temperature 7 30 device=b")
		constants := `SELECT
		  1     as t_int32,
		  'two' as t_varchar,
		  timestamp '2020-08-08 01:00' as timestamp,
		  interval '2' day - interval '3' hour as interval_day_to_second,
		  interval '3' year - interval '5' month as interval_year_to_month,
		  time '01:00' as time,
		  date '2020-08-08' as date
		`
		require.Equal(t, [][]string{{"1", "two", "2020-08-08 01:00:00.000000000", "1 21:00:00.000000000", "2-7", "01:00:00.000000000", "2020-08-08"}}, c.answers(constants))
		out, err := c.query.Query(t.Context(), &timestreamquery.QueryInput{QueryString: &constants})
		require.NoError(t, err)
		for i, want := range []types.ScalarType{types.ScalarTypeInteger, types.ScalarTypeVarchar, types.ScalarTypeTimestamp, types.ScalarTypeIntervalDayToSecond,
			types.ScalarTypeIntervalYearToMonth, types.ScalarTypeTime, types.ScalarTypeDate} {
			require.Equal(t, want, out.ColumnInfo[i].Type.ScalarType)
		}
		require.Equal(t, [][]string{{"temperature", "NULL"}, {"temperature", "NULL"}, {"temperature", "NULL"}}, c.answers(`SELECT measure_name ,
		CASE WHEN measure_name = 'temperature' THEN (SELECT NULL) ELSE time END
		FROM "sampleDB"."grafana" LIMIT 10`))
		now := time.Now().UnixMilli()
		filter := func(from int64) string {
			return fmt.Sprintf("time BETWEEN from_milliseconds(%d) AND from_milliseconds(%d)", from, now)
		}
		require.Equal(t, [][]string{{"a", "{1999-12-31 23:59:30.000000000: 22.0}"}, {"b", "{1999-12-31 23:59:30.000000000: 7.0}"}}, c.answers(`WITH binned AS (
  SELECT device, bin(time, 30000ms) AS t, avg(measure_value::double) AS v FROM "sampleDB"."grafana"
  WHERE measure_name = 'temperature' AND `+filter(now-60_000)+` GROUP BY 1, 2
) SELECT device, create_time_series(t, v) AS temperature FROM binned GROUP BY device ORDER BY device`))
		filled := func(filter string) [][]string {
			return c.answers(`WITH
			binnedTimeseries AS (
				SELECT BIN(time, 10000ms) AS binnedTime, SUM(measure_value::double) as value
				FROM "sampleDB"."grafana" WHERE ` + filter + `
					AND measure_name = 'temperature'
				GROUP BY BIN(time, 10000ms)
				ORDER BY binnedTime
			),
			interpolatedTimeseries AS (
				SELECT
					INTERPOLATE_FILL(
						CREATE_TIME_SERIES(binnedTime, value),
						SEQUENCE(min(binnedTime), max(binnedTime), 10000ms),
						sqrt(-1)
					) AS interpolatedValue
				FROM binnedTimeseries
			)
			SELECT * FROM interpolatedTimeseries`)
		}
		require.Equal(t, [][]string{{"NULL"}}, filled(filter(now)), "of no points, as recorded")
		require.Contains(t, filled(filter(now - 120_000))[0][0], "23:58:30.000000000: 20.0, 1999-12-31 23:58:40.000000000: NaN")
		require.Equal(t, [][]string{{"b"}, {"a"}}, c.answers(`SELECT device FROM "sampleDB"."grafana" WHERE `+filter(now-60_000)+`
		GROUP BY device ORDER BY AVG(measure_value::double), device LIMIT 10`))
	})
}
