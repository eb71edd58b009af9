package timestream_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/shakedown-iot/shakedown/emulators/timestream"
	"github.com/stretchr/testify/require"
)

// whileRunning is a context that does something when a query looks at it.
type whileRunning struct {
	context.Context
	do func()
}

func (c whileRunning) Err() error {
	c.do()
	return nil
}

// A query does not stop the writers: what they write while it runs, newer points,
// new versions of those that are there and points between them, it does not see.
func TestAQueryAndTheWritesBesideIt(t *testing.T) {
	state := timestream.New(timestream.Config{})
	_, err := state.CreateDatabase(t.Context(), &timestream.CreateDatabaseInput{DatabaseRef: timestream.DatabaseRef{DatabaseName: "iot"}})
	require.NoError(t, err)
	ref := timestream.TableRef{DatabaseName: "iot", TableName: "tab"}
	_, err = state.CreateTable(t.Context(), &timestream.CreateTableInput{TableRef: ref})
	require.NoError(t, err)
	start := time.Now().Add(-time.Hour).UnixMilli()
	write := func(value string, version, first, step int64) {
		in := &timestream.WriteRecordsInput{TableRef: ref, CommonAttributes: timestream.Record{
			Dimensions:  []timestream.Dimension{{Name: "device_id", Value: "a"}},
			MeasureName: "temperature", MeasureValue: &value, Version: &version}}
		for i := range int64(100) {
			in.Records = append(in.Records, timestream.Record{Time: strconv.FormatInt(start+first+i*step, 10)})
		}
		_, err := state.WriteRecords(t.Context(), in)
		require.NoError(t, err)
	}
	for i := range int64(50) {
		write("1", 1, i*1000, 10)
	}
	const sql = `SELECT count(*), sum(a.measure_value::double), count(DISTINCT b.time) FROM "iot"."tab" a JOIN "iot"."tab" b ON a.time = b.time`
	first := func(ctx context.Context) []string {
		out, err := state.Query(ctx, &timestream.QueryInput{QueryString: sql})
		require.NoError(t, err)
		var row []string
		for _, d := range out.Rows[0].Data {
			row = append(row, *d.ScalarValue)
		}
		return row
	}
	calls := int64(0)
	ctx := whileRunning{t.Context(), func() {
		calls++
		write("2", calls+1, 0, 10)         // over those that are there
		write("3", 1, 5+calls*1000, 10)    // between them
		write("4", 1, 100_000*calls, 1000) // behind them
	}}
	require.Equal(t, []string{"5000", "5000.0", "5000"}, first(ctx))
	require.Positive(t, calls)
	require.NotEqual(t, "5000", first(t.Context())[0], "the next query sees them")
}
