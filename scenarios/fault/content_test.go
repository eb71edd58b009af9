package fault_test

import (
	"io"
	"strconv"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	dynamodbtypes "github.com/aws/aws-sdk-go-v2/service/dynamodb/types"
	"github.com/aws/aws-sdk-go-v2/service/timestreamwrite"
	timestreamtypes "github.com/aws/aws-sdk-go-v2/service/timestreamwrite/types"
)

func bytesOf(text string) io.Reader { return strings.NewReader(text) }

func text(s string) dynamodbtypes.AttributeValue {
	return &dynamodbtypes.AttributeValueMemberS{Value: s}
}

func key(n int) map[string]dynamodbtypes.AttributeValue {
	return map[string]dynamodbtypes.AttributeValue{"PK": text("item " + strconv.Itoa(n))}
}

// item has enough attributes for the SDK to write them in another order each time.
func item(n int) map[string]dynamodbtypes.AttributeValue {
	it := key(n)
	for _, name := range []string{"a", "b", "c", "d", "e", "f"} {
		it[name] = text(name)
	}
	return it
}

func point(n int, at time.Time) timestreamtypes.Record {
	return timestreamtypes.Record{
		Dimensions:  []timestreamtypes.Dimension{{Name: aws.String("device_id"), Value: aws.String("device " + strconv.Itoa(n))}},
		MeasureName: aws.String("temperature"), MeasureValue: aws.String(strconv.Itoa(n)), MeasureValueType: timestreamtypes.MeasureValueTypeDouble,
		Time: aws.String(strconv.FormatInt(at.UnixMilli(), 10)),
	}
}

// storePoint writes a point of a fixed time.
func (w *world) storePoint(n int) error {
	at := time.Now().Truncate(24 * time.Hour)
	_, err := w.series.WriteRecords(w.t.Context(), &timestreamwrite.WriteRecordsInput{
		DatabaseName: aws.String("thing"), TableName: aws.String("thing"), Records: []timestreamtypes.Record{point(n, at)}})
	return err
}
