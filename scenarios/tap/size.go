package tap

import (
	"github.com/tidwall/gjson"
)

// attributesSize is the size of attributes by name.
// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html
func attributesSize(attributes gjson.Result) int {
	n := 0
	attributes.ForEach(func(name, value gjson.Result) bool {
		n += len(name.Str) + attributeSize(value)
		return true
	})
	return n
}

func attributeSize(value gjson.Result) int {
	n := 0
	value.ForEach(func(kind, v gjson.Result) bool {
		switch kind.Str {
		case "N":
			n += (len(v.Str)+1)/2 + 1
		case "M":
			n += 3 + attributesSize(v)
		case "BOOL", "NULL":
			n++
		case "S":
			n += len(v.Str)
		default:
			n += len(v.Raw)
		}
		return true
	})
	return n
}

// recordSize is what the attributes of a record weigh, or of what is common to all.
func recordSize(record gjson.Result) int {
	n, value, kind := 0, 0, ""
	record.ForEach(func(name, v gjson.Result) bool {
		switch name.Str {
		case "Time":
			n += 8
		case "Dimensions":
			v.ForEach(func(_, d gjson.Result) bool {
				n += len(d.Get("Name").Str) + len(d.Get("Value").Str)
				return true
			})
		case "MeasureName":
			n += len(v.Str)
		case "MeasureValue":
			value = len(v.Str)
		case "MeasureValueType":
			kind = v.Str
		case "MeasureValues":
			v.ForEach(func(_, measure gjson.Result) bool {
				n += len(measure.Get("Name").Str) + measureSize(measure.Get("Type").Str, len(measure.Get("Value").Str))
				return true
			})
		}
		return true
	})
	if value > 0 {
		n += measureSize(kind, value)
	}
	return n
}

// measureSize is that of a value; a type that is common to all records is taken
// for the default, a double.
func measureSize(kind string, length int) int {
	switch kind {
	case "BOOLEAN":
		return 1
	case "VARCHAR":
		return length
	}
	return 8
}
