package timestream

import (
	"bytes"
	"encoding/json"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"github.com/tidwall/gjson"
)

// FuzzReadQuick holds the quick way to encoding/json, wherever it is taken.
func FuzzReadQuick(f *testing.F) {
	for _, body := range []string{
		`{"DatabaseName":"d","TableName":"t","CommonAttributes":{"MeasureValueType":"DOUBLE","TimeUnit":"MILLISECONDS"},"Records":[{"Dimensions":[{"Name":"device_id","Value":"s1"}],"MeasureName":"temperature","MeasureValue":"21.5","Time":"1767225600000"},{}]}`,
		`{"Records":[],"Records":[{"Time":"1"}]}`, `{"CommonAttributes":{"Time":"1"},"CommonAttributes":{}}`, `{"Records":[{"Version":1,"Dimensions":[]}]}`, `{"tablename":"t"}`, `{"TableName":null}`, `[]`,
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var quick, slow WriteRecordsInput
		if bytes.IndexByte(body, '\\') >= 0 || !utf8.Valid(body) || !gjson.ValidBytes(body) || !quick.ReadQuick(gjson.ParseBytes(body)) {
			return
		}
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.DisallowUnknownFields()
		require.NoError(t, decoder.Decode(&slow))
		require.Equal(t, slow, quick)
	})
}

func TestUsualBodiesAreReadQuickly(t *testing.T) {
	for body, usual := range map[string]bool{
		`{"DatabaseName":"d","TableName":"t","CommonAttributes":{"MeasureValueType":"DOUBLE"},"Records":[{"Dimensions":[{"Name":"device_id","Value":"s1"}],"MeasureName":"m","MeasureValue":"1","Time":"1"}]}`: true,
		`{"TableName":"t","Records":[{"Version":1}]}`: false, `{"TableName":7}`: false, `{"TableName":null}`: false, `{"Tablename":"t"}`: false, `{"Records":[],"Records":[]}`: false, `[]`: false,
	} {
		var in WriteRecordsInput
		require.Equal(t, usual, in.ReadQuick(gjson.Parse(body)), body)
	}
}
