package timestream_test

import (
	"os"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/timestream"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// FuzzQuery: any text is answered, or refused as a ValidationException; none ends
// the process. Seeds are the guide's examples and those held to SQLite.
func FuzzQuery(f *testing.F) {
	state := timestream.New(timestream.Config{})
	state.CreateDatabase(f.Context(), &timestream.CreateDatabaseInput{DatabaseRef: timestream.DatabaseRef{DatabaseName: "iot"}})
	ref := timestream.TableRef{DatabaseName: "iot", TableName: "tab"}
	state.CreateTable(f.Context(), &timestream.CreateTableInput{TableRef: ref})
	in := &timestream.WriteRecordsInput{TableRef: ref}
	for i, v := range []string{"1.5", "2.5", "-3"} {
		at := time.Now().Add(-time.Duration(i) * time.Minute).UTC().UnixMilli()
		in.Records = append(in.Records, timestream.Record{Dimensions: []timestream.Dimension{{Name: "device_id", Value: v}}, MeasureName: "m", MeasureValue: &v, Time: strconv.FormatInt(at, 10)})
	}
	if _, err := state.WriteRecords(f.Context(), in); err != nil {
		f.Fatal(err)
	}
	f.Add(`SELECT device_id, BIN(time, 1h) AS hour, AVG(measure_value::double) FROM "iot"."tab" WHERE time > ago(24h) AND NOT (1 IN (1, 2)) GROUP BY 1, 2 HAVING count(*) > 1 ORDER BY hour DESC LIMIT 5`)
	f.Add(`SELECT * FROM iot.tab WHERE measure_name LIKE 'a%_' OR time BETWEEN now() - 1d AND now()`)
	f.Add(`SELECT interpolate_linear(create_time_series(time, measure_value::double), sequence(min(time), max(time), 10s)) FROM iot.tab GROUP BY measure_name`)
	f.Add(`SHOW MEASURES FROM iot.tab LIKE '%'; `)
	for _, name := range []string{"testdata/guide.txt", "testdata/sqlite.txt"} {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		for _, line := range strings.Split(string(text), "\n") {
			if strings.HasPrefix(line, "SELECT") {
				f.Add(line)
			}
		}
	}
	f.Fuzz(func(t *testing.T, sql string) {
		began := time.Now()
		_, err := state.Query(t.Context(), &timestream.QueryInput{QueryString: sql})
		if time.Since(began) > 3*time.Second {
			t.Fatalf("slow %q", sql)
		}
		if err != nil && !wire.IsCode(err, "ValidationException") {
			t.Fatalf("%q: %v", sql, err)
		}
	})
}
