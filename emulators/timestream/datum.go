package timestream

import "github.com/shakedown-iot/shakedown/emulators/timestream/value"

// Datum is one cell: one of its members is there.
type Datum struct {
	ScalarValue     *string                `json:",omitempty"`
	ArrayValue      *[]Datum               `json:",omitempty"`
	TimeSeriesValue *[]TimeSeriesDataPoint `json:",omitempty"`
	RowValue        *Row                   `json:",omitempty"`
	NullValue       bool                   `json:",omitempty"`
}

// TimeSeriesDataPoint is one value of a time series.
type TimeSeriesDataPoint struct {
	Time  string
	Value Datum
}

// Row is one row of cells.
type Row struct{ Data []Datum }

// Type is a column's type: one of its members is there.
type Type struct {
	ScalarType                       string       `json:",omitempty"`
	ArrayColumnInfo                  *ColumnInfo  `json:",omitempty"`
	TimeSeriesMeasureValueColumnInfo *ColumnInfo  `json:",omitempty"`
	RowColumnInfo                    []ColumnInfo `json:",omitempty"`
}

// ColumnInfo is a column's name and type.
type ColumnInfo struct {
	Name string `json:",omitempty"`
	Type Type
}

// describe is a kind as the query API tells it.
func describe(k value.Kind) Type {
	switch {
	case k.IsArray():
		return Type{ArrayColumnInfo: &ColumnInfo{Type: describe(k.Of())}}
	case k.IsSeries():
		return Type{TimeSeriesMeasureValueColumnInfo: &ColumnInfo{Type: describe(k.Of())}}
	case k.IsRow():
		var fields []ColumnInfo
		for i, f := range k.Fields() {
			if f.Name == "" {
				f.Name = "field" + itoa(i) // as Presto's protocol names it; Grafana's plugin needs one
			}
			fields = append(fields, ColumnInfo{f.Name, describe(f.Kind)})
		}
		return Type{RowColumnInfo: fields}
	}
	return Type{ScalarType: k.String()}
}

// datum is a value as the query API prints it.
func datum(v value.Value) Datum {
	switch {
	case v.Null:
		return Datum{NullValue: true}
	case v.List == nil:
		text := v.Text()
		return Datum{ScalarValue: &text}
	case v.Kind.IsSeries():
		points := make([]TimeSeriesDataPoint, len(v.List.Items))
		for i, item := range v.List.Items {
			points[i] = TimeSeriesDataPoint{value.OfTime(v.List.At[i]).Text(), datum(item)}
		}
		return Datum{TimeSeriesValue: &points}
	}
	items := make([]Datum, len(v.List.Items))
	for i, item := range v.List.Items {
		items[i] = datum(item)
	}
	if v.Kind.IsRow() {
		return Datum{RowValue: &Row{items}}
	}
	return Datum{ArrayValue: &items}
}
