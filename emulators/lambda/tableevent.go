package lambda

import (
	"strings"

	"github.com/shakedown-iot/shakedown/emulators/lambda/pattern"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// ofTable tells whether an event source is the stream of a DynamoDB table. The data
// of its records are the records of the event.
func ofTable(arn string) bool {
	resource, ok := wire.ResourceOf(arn, "dynamodb")
	return ok && strings.HasPrefix(resource, "table/") && strings.Contains(resource, "/stream/")
}

// tableEvent is the payload for changes of items.
// See https://docs.aws.amazon.com/lambda/latest/dg/with-ddb.html
func tableEvent(records []Record) []byte {
	out := []byte(`{"Records":[`)
	for i, r := range records {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, r.Data...)
	}
	return append(out, "]}"...)
}

// tableFields are what a filter of the stream of a table looks at: the whole record.
// See https://docs.aws.amazon.com/lambda/latest/dg/with-ddb-filtering.html
func tableFields(r Record) map[string]any {
	var event map[string]any
	if err := pattern.Decode(r.Data, &event); err != nil {
		return nil // matches nothing
	}
	return event
}
