package timestream_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/timestreamquery"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"
	"github.com/stretchr/testify/require"
)

// table makes sampleDB.name with lines of: measure, value, seconds before now, and
// dimensions as name=value.
func (c cloud) table(name string, lines ...string) {
	ctx, db := c.t.Context(), aws.String("sampleDB")
	c.write.CreateDatabase(ctx, &timestreamwrite.CreateDatabaseInput{DatabaseName: db}) // it may be there
	_, err := c.write.CreateTable(ctx, &timestreamwrite.CreateTableInput{DatabaseName: db, TableName: &name,
		RetentionProperties: &types.RetentionProperties{MemoryStoreRetentionPeriodInHours: aws.Int64(24 * 30), MagneticStoreRetentionPeriodInDays: aws.Int64(100)}})
	require.NoError(c.t, err)
	in := &timestreamwrite.WriteRecordsInput{DatabaseName: db, TableName: &name}
	for _, line := range lines {
		f := strings.Fields(line)
		var ago float64
		_, err := fmt.Sscan(f[2], &ago)
		require.NoError(c.t, err)
		r := record("", f[0], f[1], time.Now().Add(-time.Duration(ago*float64(time.Second))), 0)
		r.Dimensions = nil
		for _, d := range f[3:] {
			name, value, _ := strings.Cut(d, "=")
			r.Dimensions = append(r.Dimensions, types.Dimension{Name: &name, Value: &value})
		}
		in.Records = append(in.Records, r)
	}
	_, err = c.write.WriteRecords(ctx, in)
	require.NoError(c.t, err)
}

// answers are the cells of a query, as the guide prints them.
func (c cloud) answers(sql string) [][]string {
	out, err := c.query.Query(c.t.Context(), &timestreamquery.QueryInput{QueryString: &sql})
	require.NoError(c.t, err, sql)
	var rows [][]string
	for _, r := range out.Rows {
		var row []string
		for _, d := range r.Data {
			row = append(row, printed(d))
		}
		rows = append(rows, row)
	}
	return rows
}

// The guide's queries with time series functions.
// https://docs.aws.amazon.com/timestream/latest/developerguide/sample-queries.devops-scenarios.html
// https://docs.aws.amazon.com/timestream/latest/developerguide/timeseries-specific-constructs.functions.filter-reduce.html
//
// AWS.md §4: approx_distinct`, `CREATE_TIME_SERIES INTERPOLATE_* UNNEST`
func TestTheGuidesDevOpsQueries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t) // it is 2000-01-01 00:00; a day on:
		time.Sleep(24 * time.Hour)
		const host = " region=us az=a hostname=host-Hovjv"
		c.table("DevOps",
			"cpu_utilization 10 150"+host, "cpu_utilization 20 120"+host, "cpu_utilization 60 60"+host, "cpu_utilization 50 30"+host,
			"cpu_utilization 30 60 region=us az=b hostname=other")
		require.Equal(t, [][]string{
			{"2000-01-01 23:57:30.000000000", "10.0", "10.0"}, {"2000-01-01 23:58:00.000000000", "20.0", "20.0"},
			{"2000-01-01 23:59:00.000000000", "60.0", "60.0"}, {"2000-01-01 23:59:30.000000000", "50.0", "50.0"},
		}, c.answers(`SELECT BIN(time, 30s) AS binned_timestamp, ROUND(AVG(measure_value::double), 2) AS avg_cpu_utilization,
    ROUND(APPROX_PERCENTILE(measure_value::double, 0.9), 2) AS p90_cpu_utilization
FROM "sampleDB".DevOps
WHERE measure_name = 'cpu_utilization' AND hostname = 'host-Hovjv' AND time > ago(2h)
GROUP BY region, hostname, az, BIN(time, 30s)
ORDER BY binned_timestamp ASC`))
		require.Equal(t, [][]string{{"us", "a", "host-Hovjv", "35.0", "34.0"}}, c.answers(`WITH avg_fleet_utilization AS (
    SELECT COUNT(DISTINCT hostname) AS total_host_count, AVG(measure_value::double) AS fleet_avg_cpu_utilization
    FROM "sampleDB".DevOps WHERE measure_name = 'cpu_utilization' AND time > ago(2h)
), avg_per_host_cpu AS (
    SELECT region, az, hostname, AVG(measure_value::double) AS avg_cpu_utilization
    FROM "sampleDB".DevOps WHERE measure_name = 'cpu_utilization' AND time > ago(2h)
    GROUP BY region, az, hostname
)
SELECT region, az, hostname, avg_cpu_utilization, fleet_avg_cpu_utilization
FROM avg_fleet_utilization, avg_per_host_cpu
WHERE avg_cpu_utilization > 1.0 * fleet_avg_cpu_utilization
ORDER BY avg_cpu_utilization DESC`))
		interpolated := func(function string) (values []string) {
			for _, row := range c.answers(`WITH binned_timeseries AS (
    SELECT hostname, BIN(time, 30s) AS binned_timestamp, ROUND(AVG(measure_value::double), 2) AS avg_cpu_utilization
    FROM "sampleDB".DevOps
    WHERE measure_name = 'cpu_utilization' AND hostname = 'host-Hovjv' AND time > ago(2h)
    GROUP BY hostname, BIN(time, 30s)
), interpolated_timeseries AS (
    SELECT hostname,
        ` + function + `(
            CREATE_TIME_SERIES(binned_timestamp, avg_cpu_utilization),
                SEQUENCE(min(binned_timestamp), max(binned_timestamp), 15s)) AS interpolated_avg_cpu_utilization
    FROM binned_timeseries
    GROUP BY hostname
)
SELECT time, ROUND(value, 2) AS interpolated_cpu
FROM interpolated_timeseries
CROSS JOIN UNNEST(interpolated_avg_cpu_utilization)`) {
				values = append(values, row[1])
			}
			return values
		}
		require.Equal(t, []string{"10.0", "15.0", "20.0", "30.0", "40.0", "50.0", "60.0", "55.0", "50.0"}, interpolated("INTERPOLATE_LINEAR"))
		require.Equal(t, []string{"10.0", "10.0", "20.0", "20.0", "20.0", "20.0", "60.0", "60.0", "50.0"}, interpolated("INTERPOLATE_LOCF"))
		// The natural spline, solved by hand: its second derivatives at the two inner
		// points are 1/40 and -1/24 per second squared.
		require.Equal(t, []string{"10.0", "13.59", "20.0", "30.94", "43.75", "54.69", "60.0", "57.34", "50.0"}, interpolated("INTERPOLATE_SPLINE_CUBIC"))
		const view = `WITH time_series_view AS (
    SELECT INTERPOLATE_LINEAR(CREATE_TIME_SERIES(time, ROUND(measure_value::double,2)), SEQUENCE(ago(150s), ago(30s), 30s)) AS cpu_user
    FROM "sampleDB".DevOps
    WHERE hostname = 'host-Hovjv' and measure_name = 'cpu_utilization' AND time > ago(30m)
    GROUP BY hostname
) ` // 10, 20, 40, 60, 50
		require.Equal(t, [][]string{{"{2000-01-01 23:59:00.000000000: 60.0}"}}, c.answers(view+`SELECT FILTER(cpu_user, x -> x.value > 50.0) AS cpu_above_threshold from time_series_view`))
		require.Equal(t, [][]string{{"8200.0"}}, c.answers(view+`SELECT REDUCE(cpu_user, DOUBLE '0.0', (s, x) -> x.value * x.value + s, s -> s) from time_series_view`))
		require.Equal(t, [][]string{{"0.6"}}, c.answers(view+`SELECT ROUND(
    REDUCE(cpu_user,
      -- initial state
      CAST(ROW(0, 0) AS ROW(count_high BIGINT, count_total BIGINT)),
      -- function to count the total points and points above a certain threshold
      (s, x) -> CAST(ROW(s.count_high + IF(x.value > 30.0, 1, 0), s.count_total + 1) AS ROW(count_high BIGINT, count_total BIGINT)),
      -- output function converting the counts to fraction above threshold
      s -> IF(s.count_total = 0, NULL, CAST(s.count_high AS DOUBLE) / s.count_total)),
    4) AS fraction_cpu_above_threshold
from time_series_view`))
	})
}

// https://docs.aws.amazon.com/timestream/latest/developerguide/timeseries-specific-constructs.functions.html
//
// AWS.md §4: CREATE_TIME_SERIES INTERPOLATE_* UNNEST.
func TestTimeSeriesFunctions(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		const series = `(SELECT create_time_series(from_milliseconds(t * 1000), v) AS s FROM (VALUES (3, 7.0), (1, 1.0), (2, 4.0), (5, 3.0)) AS x(t, v))`
		at := func(s string) string { return "1970-01-01 00:00:0" + s + ".000000000" }
		for what, want := range map[string]string{
			`s`:                                     "{" + at("1") + ": 1.0, " + at("2") + ": 4.0, " + at("3") + ": 7.0, " + at("5") + ": 3.0}",
			`cardinality(s)`:                        "4",
			`derivative_linear(s, 1s)`:              "{" + at("2") + ": 3.0, " + at("3") + ": 3.0, " + at("5") + ": -2.0}",
			`derivative_linear(s, 1m)`:              "{" + at("2") + ": 180.0, " + at("3") + ": 180.0, " + at("5") + ": -120.0}",
			`non_negative_derivative_linear(s, 1s)`: "{" + at("2") + ": 3.0, " + at("3") + ": 3.0}",
			`integral_trapezoidal(s)`:               "18.0", // 2.5 + 5.5 + 10
			`integral_trapezoidal(s, 2s)`:           "9.0",
			`interpolate_linear(s, from_milliseconds(4000))`:                                  "5.0",
			`interpolate_linear(s, from_milliseconds(6000))`:                                  "NULL",
			`interpolate_locf(s, from_milliseconds(6000))`:                                    "3.0",
			`interpolate_locf(s, from_milliseconds(500))`:                                     "NULL",
			`interpolate_fill(s, from_milliseconds(4000), 9)`:                                 "9.0",
			`interpolate_fill(s, ARRAY[from_milliseconds(4000), from_milliseconds(3000)], 9)`: "{" + at("3") + ": 7.0, " + at("4") + ": 9.0}",
			`round(correlate_pearson(s, s), 6)`:                                               "1.0",
			`correlate_spearman(s, s)`:                                                        "1.0",
			`(SELECT avg(value) FROM UNNEST(s))`:                                              "3.75",
			`(SELECT max(v) FROM UNNEST(s) AS t (at, v) WHERE at > from_milliseconds(3000))`:  "3.0",
		} {
			require.Equal(t, [][]string{{want}}, c.answers(`SELECT `+what+` FROM `+series), what)
		}
		_, err := c.rows(`SELECT create_time_series(from_milliseconds(1), v) FROM (VALUES 1, 2) AS x(v)`)
		require.ErrorContains(t, err, "stands twice")
	})
}

// The guide's queries with aggregate functions.
// https://docs.aws.amazon.com/timestream/latest/developerguide/sample-queries.iot-scenarios.html
func TestTheGuidesIoTQueries(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		const one, two = " truck_id=1 make=GMC model=Astro fleet=Alpha fuel_capacity=100 load_capacity=500", " truck_id=2 make=Kenworth model=W900 fleet=Alpha fuel_capacity=150 load_capacity=1000"
		c.table("IoT",
			"fuel-reading 65.2 3600"+one, "fuel-reading 5 7200"+one, "fuel-reading 10.1 3600"+two, "fuel-reading 12 7200"+two,
			"load 400 3600"+one, "load 200 7200"+one, "load 950 3600"+two, "speed 90.2 3600"+one, "speed 50.8 3600"+two)
		require.Len(t, c.answers(`SELECT truck_id, fleet, fuel_capacity, model, load_capacity, make, measure_name FROM "sampleDB".IoT
GROUP BY truck_id, fleet, fuel_capacity, model, load_capacity, make, measure_name`), 6)
		require.Equal(t, [][]string{{"1", "Alpha", "GMC", "Astro", "1999-12-31 23:00:00.000000000", "65.2"}, {"2", "Alpha", "Kenworth", "W900", "1999-12-31 23:00:00.000000000", "10.1"}}, c.answers(`WITH latest_recorded_time AS (
    SELECT truck_id, max(time) as latest_time FROM "sampleDB".IoT
    WHERE measure_name = 'fuel-reading' AND time >= ago(24h) GROUP BY truck_id
)
SELECT b.truck_id, b.fleet, b.make, b.model, b.time, b.measure_value::double as last_reported_fuel_reading
FROM latest_recorded_time a INNER JOIN "sampleDB".IoT b
ON a.truck_id = b.truck_id AND b.time = a.latest_time
WHERE b.measure_name = 'fuel-reading' AND b.time > ago(24h)
ORDER BY b.truck_id`))
		require.Equal(t, [][]string{{"2", "Alpha", "Kenworth", "W900", "8.0"}, {"2", "Alpha", "Kenworth", "W900", "6.73"}}, c.answers(`WITH low_fuel_trucks AS (
    SELECT time, truck_id, fleet, make, model, (measure_value::double/cast(fuel_capacity as double)*100) AS fuel_pct
    FROM "sampleDB".IoT
    WHERE time >= ago(48h) AND (measure_value::double/cast(fuel_capacity as double)*100) < 10 AND measure_name = 'fuel-reading'
),
other_trucks AS (
SELECT time, truck_id, (measure_value::double/cast(fuel_capacity as double)*100) as remaining_fuel
    FROM "sampleDB".IoT
    WHERE time >= ago(48h) AND truck_id IN (SELECT truck_id FROM low_fuel_trucks)
    AND (measure_value::double/cast(fuel_capacity as double)*100) >= 10 AND measure_name = 'fuel-reading'
),
trucks_that_refuelled AS (
    SELECT a.truck_id FROM low_fuel_trucks a JOIN other_trucks b ON a.truck_id = b.truck_id AND b.time >= a.time
)
SELECT DISTINCT truck_id, fleet, make, model, round(fuel_pct, 2)
FROM low_fuel_trucks
WHERE truck_id NOT IN (SELECT truck_id FROM trucks_that_refuelled)`))
		require.Equal(t, [][]string{{"1", "300.0", "90.2"}, {"2", "950.0", "50.8"}}, c.answers(`SELECT truck_id,
    AVG(CASE WHEN measure_name = 'load' THEN measure_value::double ELSE NULL END) AS avg_load_tons,
    MAX(CASE WHEN measure_name = 'speed' THEN measure_value::double ELSE NULL END) AS max_speed_mph
FROM "sampleDB".IoT
WHERE time >= ago(7d) AND measure_name IN ('load', 'speed')
GROUP BY fleet, truck_id, make, model
ORDER BY truck_id`))
		require.Equal(t, [][]string{{"1", "66.67"}, {"1", "133.33"}, {"2", "100.0"}}, c.answers(`WITH average_load_per_truck AS (
    SELECT truck_id, avg(measure_value::double)  AS avg_load FROM "sampleDB".IoT
    WHERE measure_name = 'load' AND time >= ago(7d)
    GROUP BY truck_id, fleet, load_capacity, make, model
),
truck_load_efficiency AS (
    SELECT a.truck_id, fleet, load_capacity, make, model, avg_load, measure_value::double, time,
        (measure_value::double*100)/avg_load as load_efficiency -- , approx_percentile(avg_load_pct, DOUBLE '0.9')
    FROM "sampleDB".IoT a JOIN average_load_per_truck b ON a.truck_id = b.truck_id
    WHERE a.measure_name = 'load'
)
SELECT truck_id, round(load_efficiency, 2) FROM truck_load_efficiency ORDER BY truck_id, time`))
	})
}
