package lambda

import (
	"encoding/json"
	"slices"
	"strconv"

	"github.com/shakedown-iot/shakedown/emulators/lambda/pattern"
	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// FilterCriteria are patterns of which a record must match one.
// See https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
type FilterCriteria struct{ Filters []Filter }

// Filter is one pattern, in JSON.
type Filter struct{ Pattern string }

// Bounds of a mapping's filters.
const (
	maxFilters = 10
	maxPattern = 4096
)

// filter is compiled criteria; none lets everything through.
type filter []*pattern.Pattern

func (c *FilterCriteria) compile() (filter, error) {
	if c == nil {
		return nil, nil
	}
	if len(c.Filters) > maxFilters {
		return nil, wire.Errorf(codeInvalid, 0, "FilterCriteria: %d filters are more than %d", len(c.Filters), maxFilters)
	}
	var f filter
	for _, one := range c.Filters {
		if len(one.Pattern) > maxPattern {
			return nil, wire.Errorf(codeInvalid, 0, "FilterCriteria: a pattern has %d characters, more than %d", len(one.Pattern), maxPattern)
		}
		p, err := pattern.Compile([]byte(one.Pattern))
		if err != nil {
			return nil, wire.Errorf(codeInvalid, 0, "Invalid filter pattern definition: %s", err)
		}
		f = append(f, p)
	}
	return f, nil
}

// fits refuses patterns that cannot be about a source's data: "the filter pattern for data
// properties must be in a valid JSON format" for a stream of Kinesis.
// https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
func (f filter) fits(source string) error {
	_, stream := wire.ResourceOf(source, "kinesis")
	if stream && slices.ContainsFunc(f, func(p *pattern.Pattern) bool { return p.Plain("data") }) {
		return wire.Errorf(codeInvalid, 0, "Invalid filter pattern definition: \"data\" must be an object, with the keys of records in JSON")
	}
	return nil
}

// keep returns the records that a pattern matches; a record whose data is not
// JSON matches no pattern about data.
// See https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
func (f filter) keep(records []Record, fields func(Record) map[string]any) []Record {
	if len(f) == 0 {
		return records
	}
	return slices.DeleteFunc(slices.Clone(records), func(r Record) bool {
		return !f.matches(func() map[string]any { return fields(r) })
	})
}

// matches tells whether what has these fields is let through.
func (f filter) matches(fields func() map[string]any) bool {
	if len(f) == 0 {
		return true
	}
	event := fields()
	return slices.ContainsFunc(f, func(p *pattern.Pattern) bool { return p.Match(event) })
}

// kinesisFields are what a filter of a Kinesis stream looks at.
func kinesisFields(r Record) map[string]any {
	event := map[string]any{
		"kinesisSchemaVersion": "1.0", "partitionKey": r.PartitionKey, "sequenceNumber": r.SequenceNumber,
		"approximateArrivalTimestamp": json.Number(strconv.FormatFloat(float64(r.ApproximateArrivalTimestamp.UnixMilli())/1000, 'f', 3, 64)),
	}
	var data any
	if pattern.Decode(r.Data, &data) == nil {
		event["data"] = data
	}
	return event
}
