package timestream_test

import (
	"context"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/timestream"
)

// BenchmarkQuery is the source's hourly average and the read-back's conditional
// aggregates.
func BenchmarkQuery(b *testing.B) {
	state, _, _ := filled(b)
	one := 1
	for name, sql := range benchmarked {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := state.Query(b.Context(), &timestream.QueryInput{QueryString: sql, MaxRows: &one}); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

var benchmarked = map[string]string{
	"hourly": `SELECT device_id, BIN(time, 1h) AS hour, AVG(measure_value::double) AS a, MAX(measure_value::double) AS b FROM "iot"."tab"
WHERE measure_name = 'temperature' AND time > ago(24h) GROUP BY device_id, BIN(time, 1h) ORDER BY hour DESC`,
	"readback": `SELECT device_id, time, max(if(measure_name = 'temperature', measure_value::double)), max(if(measure_name = 'humidity', measure_value::double))
FROM "iot"."tab" WHERE time >= from_milliseconds(0) GROUP BY device_id, time`,
	"count": `SELECT count(*) FROM "iot"."tab"`,
}

// BenchmarkWriteBesideQuery is WriteRecords while another client asks one query after
// the other: what a query costs a writer is in the largest percentiles.
func BenchmarkWriteBesideQuery(b *testing.B) {
	state, ref, start := filled(b)
	ctx, stop := context.WithCancel(b.Context())
	asked := make(chan int)
	go func() {
		n := 0
		for ; ctx.Err() == nil; n++ {
			state.Query(ctx, &timestream.QueryInput{QueryString: benchmarked["readback"]})
		}
		asked <- n
	}()
	var took []time.Duration
	at := start + 500*30_000
	for b.Loop() {
		at++
		in := written(ref, "temperature", at)
		began := time.Now()
		if _, err := state.WriteRecords(b.Context(), in); err != nil {
			b.Fatal(err)
		}
		took = append(took, time.Since(began))
		time.Sleep(time.Millisecond) // as a pipeline does: what waits is one call of many
	}
	stop()
	b.ReportMetric(float64(<-asked), "queries")
	slices.Sort(took)
	for name, q := range map[string]float64{"p50-µs": 0.50, "p99-µs": 0.99, "max-µs": 1} {
		b.ReportMetric(float64(took[int(q*float64(len(took)-1))].Microseconds()), name)
	}
}

// filled is a table of 100 devices with two measures of 500 points each.
func filled(b *testing.B) (*timestream.State, timestream.TableRef, int64) {
	state := timestream.New(timestream.Config{})
	state.CreateDatabase(b.Context(), &timestream.CreateDatabaseInput{DatabaseRef: timestream.DatabaseRef{DatabaseName: "iot"}})
	ref := timestream.TableRef{DatabaseName: "iot", TableName: "tab"}
	state.CreateTable(b.Context(), &timestream.CreateTableInput{TableRef: ref})
	start := time.Now().Add(-5 * time.Hour).UnixMilli()
	for at := range int64(500) {
		for _, measure := range []string{"temperature", "humidity"} {
			if _, err := state.WriteRecords(b.Context(), written(ref, measure, start+at*30_000)); err != nil {
				b.Fatal(err)
			}
		}
	}
	return state, ref, start
}

// written is a call that writes a measure of each device.
func written(ref timestream.TableRef, measure string, at int64) *timestream.WriteRecordsInput {
	in, value := &timestream.WriteRecordsInput{TableRef: ref}, "21.5"
	for i := range 100 {
		in.Records = append(in.Records, timestream.Record{
			Dimensions:  []timestream.Dimension{{Name: "device_id", Value: "sensor-" + strconv.Itoa(i)}},
			MeasureName: measure, MeasureValue: &value, Time: strconv.FormatInt(at, 10)})
	}
	return in
}
