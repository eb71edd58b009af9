package tap

import (
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// The event of https://docs.aws.amazon.com/timestream/latest/developerguide/metering-and-pricing.writes.html
// has 83 bytes.
func TestTimestreamWriteSize(t *testing.T) {
	whole := `{"Time":"1602983435238563000","MeasureName":"cpu_utilization","MeasureValue":"35.0","MeasureValueType":"DOUBLE","Dimensions":[
		{"Name":"region","Value":"us-east-1"},{"Name":"az","Value":"1d"},{"Name":"vpc","Value":"vpc-1a2b3c4d"},{"Name":"hostname","Value":"host-24Gju"}]}`
	require.Equal(t, 83, recordSize(gjson.Parse(whole)))
	multi := `{"MeasureName":"m","MeasureValues":[{"Name":"on","Value":"true","Type":"BOOLEAN"},{"Name":"s","Value":"four","Type":"VARCHAR"},{"Name":"n","Value":"12","Type":"BIGINT"}]}`
	require.Equal(t, 1+2+1+1+4+1+8, recordSize(gjson.Parse(multi)))
	require.Zero(t, recordSize(gjson.Result{}))
}

// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html:
// names and values in UTF-8; numbers about a byte for two digits and one more;
// a map 3 bytes and its content; null and Boolean a byte.
func TestItemSize(t *testing.T) {
	item := `{"PK":{"S":"DEVICE#a"},"t":{"N":"1234"},"m":{"M":{"x":{"BOOL":true}}},"z":{"NULL":true}}`
	require.Equal(t, 2+8+1+3+1+3+1+1+1+1, attributesSize(gjson.Parse(item)))
}

func TestIndexPartition(t *testing.T) {
	values := gjson.Parse(`{":index":{"S":"STATUS#online"}}`)
	require.Equal(t, "STATUS#online", indexPartition("SET a = :a, GSI1PK = :index, GSI1SK = :seen REMOVE x", values))
	require.Equal(t, "the device's own", indexPartition("SET lastSeen = :seen, GSI1SK = :seen", values))
	require.Empty(t, indexPartition("SET #data = :data", values))
}
