package timestream

import (
	"github.com/tidwall/gjson"

	"github.com/shakedown-iot/shakedown/emulators/wire"
)

// ReadQuick implements wire.Quick.
func (in *WriteRecordsInput) ReadQuick(body gjson.Result) bool {
	common := false
	return wire.QuickMembers(body, func(name string, v gjson.Result) bool {
		switch name {
		case "DatabaseName":
			return wire.QuickText(v, &in.DatabaseName)
		case "TableName":
			return wire.QuickText(v, &in.TableName)
		case "CommonAttributes":
			again := common
			common = true
			return !again && in.CommonAttributes.readQuick(v)
		case "Records":
			if in.Records != nil {
				return false
			}
			in.Records = make([]Record, 0, maxRecords)
			return wire.QuickElements(v, func(v gjson.Result) bool {
				in.Records = append(in.Records, Record{})
				return in.Records[len(in.Records)-1].readQuick(v)
			})
		}
		return false
	})
}

// readQuick reads a record of one measure. One with a version is not usual.
func (r *Record) readQuick(v gjson.Result) bool {
	return wire.QuickMembers(v, func(name string, v gjson.Result) bool {
		switch name {
		case "Dimensions":
			if r.Dimensions != nil {
				return false
			}
			r.Dimensions = make([]Dimension, 0, 2)
			return wire.QuickElements(v, func(v gjson.Result) bool {
				r.Dimensions = append(r.Dimensions, Dimension{})
				return r.Dimensions[len(r.Dimensions)-1].readQuick(v)
			})
		case "MeasureName":
			return wire.QuickText(v, &r.MeasureName)
		case "MeasureValue":
			r.MeasureValue = new(string)
			return wire.QuickText(v, r.MeasureValue)
		case "MeasureValueType":
			return wire.QuickText(v, &r.MeasureValueType)
		case "Time":
			return wire.QuickText(v, &r.Time)
		case "TimeUnit":
			return wire.QuickText(v, &r.TimeUnit)
		}
		return false
	})
}

func (d *Dimension) readQuick(v gjson.Result) bool {
	return wire.QuickMembers(v, func(name string, v gjson.Result) bool {
		switch name {
		case "Name":
			return wire.QuickText(v, &d.Name)
		case "Value":
			return wire.QuickText(v, &d.Value)
		case "DimensionValueType":
			return wire.QuickText(v, &d.DimensionValueType)
		}
		return false
	})
}
