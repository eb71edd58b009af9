package timestream

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
func describe(k kind) Type {
	switch {
	case k.isArray():
		return Type{ArrayColumnInfo: &ColumnInfo{Type: describe(k.of())}}
	case k.isSeries():
		return Type{TimeSeriesMeasureValueColumnInfo: &ColumnInfo{Type: describe(k.of())}}
	case k == dimensionRow:
		text := Type{ScalarType: varchar.String()}
		return Type{RowColumnInfo: []ColumnInfo{{"dimension_name", text}, {"data_type", text}}}
	}
	return Type{ScalarType: k.String()}
}

// datum is a value as the query API prints it.
func datum(v value) Datum {
	switch {
	case v.null:
		return Datum{NullValue: true}
	case v.list == nil:
		text := v.text()
		return Datum{ScalarValue: &text}
	case v.kind.isSeries():
		points := make([]TimeSeriesDataPoint, len(v.list.items))
		for i, item := range v.list.items {
			points[i] = TimeSeriesDataPoint{ofTime(v.list.at[i]).text(), datum(item)}
		}
		return Datum{TimeSeriesValue: &points}
	}
	items := make([]Datum, len(v.list.items))
	for i, item := range v.list.items {
		items[i] = datum(item)
	}
	if v.kind == dimensionRow {
		return Datum{RowValue: &Row{items}}
	}
	return Datum{ArrayValue: &items}
}
