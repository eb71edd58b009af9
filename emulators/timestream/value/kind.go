package value

import "strings"

// Kind is the type of a value: a scalar in the low four bits, or there a
// constructor and above it the kind it is made of.
type Kind uint64

// The scalar kinds. Unknown is that of NULL.
const (
	Unknown Kind = iota
	Double
	Bigint
	Varchar
	Boolean
	Timestamp
	Interval // day to second
	Integer
	Date
	TimeOfDay
	Months       // interval year to month
	DimensionRow // row(dimension_name varchar, data_type varchar) of SHOW MEASURES
	Multi        // a series of multi-measure records, no kind of a value

	arrayKind  Kind = 14
	seriesKind Kind = 15
)

var kindNames = [...]string{"UNKNOWN", "DOUBLE", "BIGINT", "VARCHAR", "BOOLEAN", "TIMESTAMP", "INTERVAL_DAY_TO_SECOND",
	"INTEGER", "DATE", "TIME", "INTERVAL_YEAR_TO_MONTH", "ROW", "MULTI"}

// MaxNested bounds arrays of arrays.
const MaxNested = 8

// Array and Series are made of the kind.
func (k Kind) Array() Kind    { return k<<4 | arrayKind }
func (k Kind) Series() Kind   { return k<<4 | seriesKind }
func (k Kind) IsArray() bool  { return k&15 == arrayKind }
func (k Kind) IsSeries() bool { return k&15 == seriesKind }

// Of is what an array or a time series is made of.
func (k Kind) Of() Kind { return k >> 4 }

// Nested is how many arrays and series are in each other.
func (k Kind) Nested() int {
	n := 0
	for ; k > 15; k >>= 4 {
		n++
	}
	return n
}

// String is the ScalarType of the query API.
func (k Kind) String() string {
	switch {
	case k.IsArray():
		return "ARRAY(" + k.Of().String() + ")"
	case k.IsSeries():
		return "TIMESERIES(" + k.Of().String() + ")"
	}
	return kindNames[k]
}

// Name is what typeof and DESCRIBE answer.
func (k Kind) Name() string {
	return strings.ToLower(strings.ReplaceAll(k.String(), "_", " "))
}

// MeasureKinds are the types of measures.
var MeasureKinds = map[string]Kind{"DOUBLE": Double, "BIGINT": Bigint, "VARCHAR": Varchar, "BOOLEAN": Boolean, "TIMESTAMP": Timestamp}

// Castable are the types CAST knows.
var Castable = map[string]Kind{"DOUBLE": Double, "REAL": Double, "BIGINT": Bigint, "VARCHAR": Varchar, "BOOLEAN": Boolean, "TIMESTAMP": Timestamp,
	"INTEGER": Integer, "INT": Integer, "DATE": Date, "TIME": TimeOfDay}

// IsNumber and IsInteger tell the kinds that are computed with.
func IsNumber(k Kind) bool  { return k == Double || k == Bigint || k == Integer }
func IsInteger(k Kind) bool { return k == Bigint || k == Integer }

// Common is the kind that values of both kinds can have.
func Common(a, b Kind) (Kind, bool) {
	switch {
	case a == b || b == Unknown:
		return a, true
	case a == Unknown:
		return b, true
	case IsNumber(a) && IsNumber(b):
		if a == Double || b == Double {
			return Double, true
		}
		return Bigint, true
	case a == Date && b == Timestamp || a == Timestamp && b == Date:
		return Timestamp, true
	case a.IsArray() && b.IsArray():
		of, ok := Common(a.Of(), b.Of())
		return of.Array(), ok
	}
	return Unknown, false
}

// Comparable tells whether values of both kinds have an order.
func Comparable(a, b Kind) bool {
	_, ok := Common(a, b)
	return ok && a != DimensionRow && b != DimensionRow
}
