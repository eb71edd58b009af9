package shape

import (
	"encoding/base64"

	"github.com/tidwall/gjson"
)

// Record opens the envelope that the telemetry rule puts around a payload on the
// stream; the published pipeline has none, and its records have the thing as key.
func Record(key string, data []byte) (thing string, payload []byte) {
	envelope := gjson.GetManyBytes(data, "thing", "payload")
	inner, err := base64.StdEncoding.DecodeString(envelope[1].Str)
	if err != nil || envelope[0].Str == "" || envelope[1].Type != gjson.String {
		return key, data
	}
	return envelope[0].Str, inner
}
