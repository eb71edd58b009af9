package timestream_test

import (
	"strconv"
	"testing"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/timestream"
)

// BenchmarkQuery is the source's hourly average and the read-back's conditional
// aggregates, over 100 devices with two measures of 500 points each.
func BenchmarkQuery(b *testing.B) {
	state := timestream.New(timestream.Config{})
	state.CreateDatabase(b.Context(), &timestream.CreateDatabaseInput{DatabaseRef: timestream.DatabaseRef{DatabaseName: "iot"}})
	ref := timestream.TableRef{DatabaseName: "iot", TableName: "tab"}
	state.CreateTable(b.Context(), &timestream.CreateTableInput{TableRef: ref})
	start, value := time.Now().Add(-5*time.Hour).UnixMilli(), "21.5"
	for at := range 500 {
		for _, measure := range []string{"temperature", "humidity"} {
			in := &timestream.WriteRecordsInput{TableRef: ref}
			for i := range 100 {
				in.Records = append(in.Records, timestream.Record{
					Dimensions:  []timestream.Dimension{{Name: "device_id", Value: "sensor-" + strconv.Itoa(i)}},
					MeasureName: measure, MeasureValue: &value, Time: strconv.FormatInt(start+int64(at)*30_000, 10)})
			}
			if _, err := state.WriteRecords(b.Context(), in); err != nil {
				b.Fatal(err)
			}
		}
	}
	one := 1
	for name, sql := range map[string]string{
		"hourly": `SELECT device_id, BIN(time, 1h) AS hour, AVG(measure_value::double) AS a, MAX(measure_value::double) AS b FROM "iot"."tab"
WHERE measure_name = 'temperature' AND time > ago(24h) GROUP BY device_id, BIN(time, 1h) ORDER BY hour DESC`,
		"readback": `SELECT device_id, time, max(if(measure_name = 'temperature', measure_value::double)), max(if(measure_name = 'humidity', measure_value::double))
FROM "iot"."tab" WHERE time >= from_milliseconds(0) GROUP BY device_id, time`,
		"count": `SELECT count(*) FROM "iot"."tab"`,
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := state.Query(b.Context(), &timestream.QueryInput{QueryString: sql, MaxRows: &one}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
