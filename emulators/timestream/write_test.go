package timestream_test

import (
	"errors"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"
	"github.com/aws/smithy-go"
	smithyhttp "github.com/aws/smithy-go/transport/http"
	"github.com/stretchr/testify/require"
)

func dimensions(n int) []types.Dimension {
	var d []types.Dimension
	for i := range n {
		d = append(d, types.Dimension{Name: aws.String("d" + strconv.Itoa(i)), Value: aws.String("x")})
	}
	return d
}

func multi(at time.Time, version int64, values ...string) types.Record {
	r := record("a", "metrics", "", at, version)
	r.MeasureValue, r.MeasureValueType = nil, types.MeasureValueTypeMulti
	for i := 0; i < len(values); i += 3 {
		r.MeasureValues = append(r.MeasureValues, types.MeasureValue{Name: &values[i], Value: &values[i+1], Type: types.MeasureValueType(values[i+2])})
	}
	return r
}

// reasons are those of a RejectedRecordsException, by index.
func reasons(t *testing.T, err error) map[int32]string {
	var rejected *types.RejectedRecordsException
	require.True(t, errors.As(err, &rejected), "%v", err)
	why := map[int32]string{}
	for _, r := range rejected.RejectedRecords {
		why[r.RecordIndex] = *r.Reason
	}
	return why
}

// AWS.md §4: Write: ≤ 100 records a call (`ValidationException`); 128 dimensions a
// table; record ≤ 2 KB; dimension name 60 bytes; measure name 256; and MULTI
// measures; types …; an unparsable value rejects the record.
// AWS.md §4: 256 measures a MULTI record.
func TestRecordsBeyondALimitAreRejected(t *testing.T) {
	c := start(t)
	now := time.Now()
	good := record("a", "t", "1", now, 0)
	with := func(change func(*types.Record)) types.Record {
		r := record("a", "u", "1", now, 0)
		change(&r)
		return r
	}
	name := func(n string) func(*types.Record) {
		return func(r *types.Record) {
			r.Dimensions = append(r.Dimensions, types.Dimension{Name: &n, Value: aws.String("x")})
		}
	}
	err := c.put(
		good,
		with(name(strings.Repeat("n", 61))),
		with(name(strings.Repeat("n", 60))),
		with(func(r *types.Record) { r.MeasureName = aws.String(strings.Repeat("m", 257)) }),
		with(func(r *types.Record) { r.MeasureName = aws.String(strings.Repeat("m", 256)) }),
		with(func(r *types.Record) {
			r.MeasureValue, r.MeasureValueType = aws.String(strings.Repeat("v", 2048)), types.MeasureValueTypeVarchar
		}),
		with(func(r *types.Record) { r.Dimensions = dimensions(129) }),
		with(func(r *types.Record) { r.Dimensions = dimensions(127) }), // 129 with the two that are there
		with(func(r *types.Record) { r.Dimensions = dimensions(126) }),
		with(name("time")), with(name("ts_x")), with(name("measure_value")), with(name("a:b")),
		with(func(r *types.Record) { r.MeasureName = aws.String("measure_value::double") }),
		multi(now, 0, "speed", "fast", "DOUBLE"),
		multi(now, 0, "device_id", "1", "DOUBLE"),
	)
	why := reasons(t, err)
	for index, want := range map[int32]string{1: "longer than 60 bytes", 3: "longer than 256 bytes", 5: "larger than 2048 bytes", 6: "more than 128 dimensions", 7: "more than 128 dimensions",
		9: "reserved", 10: "reserved", 11: "reserved", 12: "not allowed", 13: "reserved", 14: "is not a valid DOUBLE", 15: "is the name of a dimension"} {
		require.Contains(t, why[index], want, index)
		delete(why, index)
	}
	require.Empty(t, why)
	rows, err := c.rows(`SELECT count(*) FROM "iot-data"."telemetry"`)
	require.NoError(t, err)
	require.Equal(t, [][]string{{"4"}}, rows)
}

// AWS.md §4: Version defaults to 1; CommonAttributes dimensions may not repeat in a
// record (`ValidationException`); 256 measures a MULTI record.
// AWS.md §4: MULTI measures; types DOUBLE BIGINT VARCHAR BOOLEAN TIMESTAMP MULTI.
func TestMultiMeasureRecordsAreRowsOfColumns(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		now := time.Now()
		require.NoError(t, c.put(
			multi(now, 0, "speed", "1.5", "DOUBLE", "gear", "3", "BIGINT", "on", "true", "BOOLEAN", "who", "me", "VARCHAR", "due", "1000", "TIMESTAMP"),
			multi(now.Add(time.Second), 0, "speed", "2.5", "DOUBLE"),
			record("a", "t", "7", now, 0),
		))
		require.NoError(t, c.put(multi(now.Add(time.Second), 0, "speed", "2.5", "DOUBLE")), "the same values are accepted")
		err := c.put(multi(now.Add(time.Second), 0, "speed", "3.5", "DOUBLE"), multi(now.Add(2*time.Second), 0, "speed", "3", "BIGINT"))
		why := reasons(t, err)
		require.Contains(t, why[0], "version 1")
		require.Contains(t, why[1], "The measure speed has the type DOUBLE")
		require.NoError(t, c.put(multi(now.Add(time.Second), 2, "speed", "3.5", "DOUBLE")))
		rows, err := c.rows(`SELECT measure_name, speed, gear, "on", who, due, measure_value::double FROM "iot-data"."telemetry"`)
		require.NoError(t, err)
		require.Equal(t, [][]string{
			{"metrics", "1.5", "3", "true", "me", "1970-01-01 00:00:01.000000000", "NULL"},
			{"metrics", "3.5", "NULL", "NULL", "NULL", "NULL", "NULL"},
			{"t", "NULL", "NULL", "NULL", "NULL", "NULL", "7.0"},
		}, rows)
		rows, err = c.rows(`SHOW MEASURES FROM "iot-data"."telemetry"`)
		require.NoError(t, err)
		require.Equal(t, "metrics", rows[0][0])
		require.Equal(t, "multi", rows[0][1])

		var many []string
		for i := range 257 {
			many = append(many, "m"+strconv.Itoa(i), "1", "BIGINT")
		}
		require.Contains(t, reasons(t, c.put(multi(now, 0, many...)))[0], "more than 256 measures")
	})
}

// AWS.md §4: CommonAttributes; Version defaults to 1; CommonAttributes dimensions
// may not repeat in a record (ValidationException).
func TestCommonAttributesAreMergedAndMayNotRepeat(t *testing.T) {
	c := start(t)
	at := strconv.FormatInt(time.Now().Unix(), 10)
	write := func(common, r types.Record) error {
		_, err := c.write.WriteRecords(t.Context(), &timestreamwrite.WriteRecordsInput{
			DatabaseName: aws.String("iot-data"), TableName: aws.String("telemetry"), CommonAttributes: &common, Records: []types.Record{r}})
		return err
	}
	common := types.Record{Dimensions: []types.Dimension{{Name: aws.String("site"), Value: aws.String("x")}}, MeasureName: aws.String("m"), MeasureValueType: types.MeasureValueTypeBigint,
		Time: &at, TimeUnit: types.TimeUnitSeconds, Version: aws.Int64(4)}
	require.NoError(t, write(common, types.Record{MeasureValue: aws.String("5"), Dimensions: []types.Dimension{{Name: aws.String("device_id"), Value: aws.String("a")}}}))
	rows, err := c.rows(`SELECT site, device_id, measure_name, measure_value::bigint, to_milliseconds(time) FROM "iot-data"."telemetry"`)
	require.NoError(t, err)
	require.Equal(t, [][]string{{"x", "a", "m", "5", at + "000"}}, rows)
	err = write(common, types.Record{MeasureValue: aws.String("6"), Dimensions: []types.Dimension{{Name: aws.String("device_id"), Value: aws.String("a")}}})
	require.Contains(t, reasons(t, err)[0], "version 4")
	var api smithy.APIError
	for name, r := range map[string]types.Record{
		"dimension twice":        {MeasureValue: aws.String("5"), Dimensions: common.Dimensions},
		"no value":               {},
		"version 0":              {MeasureValue: aws.String("5"), Version: aws.Int64(0)},
		"values without MULTI":   {MeasureValue: aws.String("5"), MeasureValues: []types.MeasureValue{{Name: aws.String("a"), Value: aws.String("1"), Type: "DOUBLE"}}},
		"MULTI without values":   {MeasureValueType: types.MeasureValueTypeMulti},
		"MULTI with a value":     {MeasureValueType: types.MeasureValueTypeMulti, MeasureValue: aws.String("1"), MeasureValues: []types.MeasureValue{{Name: aws.String("a"), Value: aws.String("1"), Type: "DOUBLE"}}},
		"a type that is no type": {MeasureValue: aws.String("5"), MeasureValueType: "FLOAT"},
	} {
		require.True(t, errors.As(write(common, r), &api), name)
		require.Equal(t, "ValidationException", api.ErrorCode(), name)
	}
}

// AWS.md §4: `RejectedRecordsException` is **HTTP 419** [live] (the API page prints
// 400); and Outside the memory-store retention (default 6 h) → rejected unless
// magnetic writes are on; more than 15 min in the future → rejected.
func TestLateRecordsGoToTheMagneticStoreWhereThatIsOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		time.Sleep(30 * 24 * time.Hour)
		c := start(t) // 24 hours in memory, 7 days magnetic
		now := time.Now()
		late, tooLate := record("a", "t", "1", now.Add(-25*time.Hour), 0), record("a", "t", "2", now.Add(-8*24*time.Hour), 0)
		var response *smithyhttp.ResponseError
		require.True(t, errors.As(c.put(late), &response))
		require.Equal(t, 419, response.HTTPStatusCode())
		_, err := c.write.UpdateTable(t.Context(), &timestreamwrite.UpdateTableInput{DatabaseName: aws.String("iot-data"), TableName: aws.String("telemetry"),
			MagneticStoreWriteProperties: &types.MagneticStoreWriteProperties{EnableMagneticStoreWrites: aws.Bool(true)}})
		require.NoError(t, err)
		out, err := c.write.WriteRecords(t.Context(), &timestreamwrite.WriteRecordsInput{DatabaseName: aws.String("iot-data"), TableName: aws.String("telemetry"),
			Records: []types.Record{late, record("a", "t", "3", now, 0)}})
		require.NoError(t, err)
		require.Equal(t, types.RecordsIngested{Total: 2, MemoryStore: 1, MagneticStore: 1}, *out.RecordsIngested)
		require.Contains(t, reasons(t, c.put(tooLate))[0], "outside the time range")
		require.Contains(t, reasons(t, c.put(record("a", "t", "4", now.Add(15*time.Minute+time.Second), 0)))[0], "outside the time range")

		// A week on the late point is older than what is kept.
		time.Sleep(7*24*time.Hour - time.Minute)
		require.NoError(t, c.put(record("a", "t", "5", time.Now(), 0)))
		rows, err := c.rows(`SELECT measure_value::double FROM "iot-data"."telemetry" ORDER BY 1`)
		require.NoError(t, err)
		require.Equal(t, [][]string{{"3.0"}, {"5.0"}}, rows)
	})
}

// A table may require a dimension of its records.
// https://docs.aws.amazon.com/timestream/latest/developerguide/API_PartitionKey.html
func TestARequiredPartitionKeyIsEnforced(t *testing.T) {
	c := start(t)
	key := types.PartitionKey{Type: types.PartitionKeyTypeDimension, Name: aws.String("site"), EnforcementInRecord: types.PartitionKeyEnforcementLevelRequired}
	_, err := c.write.CreateTable(t.Context(), &timestreamwrite.CreateTableInput{DatabaseName: aws.String("iot-data"), TableName: aws.String("keyed"),
		Schema: &types.Schema{CompositePartitionKey: []types.PartitionKey{key}}})
	require.NoError(t, err)
	_, err = c.write.WriteRecords(t.Context(), &timestreamwrite.WriteRecordsInput{DatabaseName: aws.String("iot-data"), TableName: aws.String("keyed"), Records: []types.Record{record("a", "t", "1", time.Now(), 0)}})
	require.Contains(t, reasons(t, err)[0], "required partition key")
	key.EnforcementInRecord = types.PartitionKeyEnforcementLevelOptional
	_, err = c.write.UpdateTable(t.Context(), &timestreamwrite.UpdateTableInput{DatabaseName: aws.String("iot-data"), TableName: aws.String("keyed"),
		Schema: &types.Schema{CompositePartitionKey: []types.PartitionKey{key}}})
	require.NoError(t, err)
	_, err = c.write.WriteRecords(t.Context(), &timestreamwrite.WriteRecordsInput{DatabaseName: aws.String("iot-data"), TableName: aws.String("keyed"), Records: []types.Record{record("a", "t", "1", time.Now(), 0)}})
	require.NoError(t, err)
	key.Name = aws.String("other")
	_, err = c.write.UpdateTable(t.Context(), &timestreamwrite.UpdateTableInput{DatabaseName: aws.String("iot-data"), TableName: aws.String("keyed"),
		Schema: &types.Schema{CompositePartitionKey: []types.PartitionKey{key}}})
	require.ErrorContains(t, err, "cannot be changed")
}

// A record that is rejected adds nothing to the table, no column and no series.
//
// https://docs.aws.amazon.com/timestream/latest/developerguide/API_RejectedRecord.html
func TestRejectedRecordsLeaveNoTrace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		now := time.Now()
		require.NoError(t, c.put(multi(now, 2, "speed", "1", "DOUBLE")))
		elsewhere := multi(now, 0, "speed", "1", "BIGINT")
		elsewhere.Dimensions = append(elsewhere.Dimensions, types.Dimension{Name: aws.String("site"), Value: aws.String("x")})
		both := multi(now, 0, "hall", "1", "BIGINT")
		both.Dimensions = append(both.Dimensions, types.Dimension{Name: aws.String("hall"), Value: aws.String("x")})
		why := reasons(t, c.put(elsewhere, both, multi(now, 1, "speed", "2", "DOUBLE", "gear", "1", "BIGINT")))
		require.Contains(t, why[0], "The measure speed has the type DOUBLE")
		require.Contains(t, why[1], "The measure name hall is the name of a dimension")
		require.Contains(t, why[2], "version 2")
		rows, err := c.rows(`DESCRIBE "iot-data"."telemetry"`)
		require.NoError(t, err)
		var columns []string
		for _, row := range rows {
			columns = append(columns, row[0])
		}
		require.ElementsMatch(t, []string{"device_id", "measure_name", "time", "speed"}, columns)
		require.NoError(t, c.put(multi(now.Add(time.Second), 0, "gear", "x", "VARCHAR", "hall", "x", "VARCHAR"), record("b", "site", "1", now, 0)), "the names are free")
	})
}

// "Records with duplicate data" are those whose values are different, whatever the
// version: https://docs.aws.amazon.com/timestream/latest/developerguide/API_RejectedRecordsException.html
func TestTheSameValueIsAcceptedWithALowerVersion(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := start(t)
		require.NoError(t, c.put(record("a", "t", "1", time.Now(), 3)))
		require.NoError(t, c.put(record("a", "t", "1", time.Now(), 2)))
		require.Contains(t, reasons(t, c.put(record("a", "t", "2", time.Now(), 3)))[0], "version 3")
	})
}

func TestTimesOfMeasuresAreInRange(t *testing.T) {
	c := start(t)
	why := reasons(t, c.put(multi(time.Now(), 0, "due", "9223372036855", "TIMESTAMP"), multi(time.Now().Add(time.Second), 0, "due", "9223372036854", "TIMESTAMP")))
	require.Len(t, why, 1)
	require.Contains(t, why[0], "is not a valid TIMESTAMP")
}

// "Maximum number of databases per account: 500", of
// https://docs.aws.amazon.com/timestream/latest/developerguide/ts-limits.html#limits.default
func TestAnAccountHas500Databases(t *testing.T) {
	c := start(t) // which has one
	create := func(i int) error {
		_, err := c.write.CreateDatabase(t.Context(), &timestreamwrite.CreateDatabaseInput{DatabaseName: aws.String("database-" + strconv.Itoa(i))})
		return err
	}
	for i := range 499 {
		require.NoError(t, create(i))
	}
	var over *types.ServiceQuotaExceededException
	require.ErrorAs(t, create(499), &over)
}
